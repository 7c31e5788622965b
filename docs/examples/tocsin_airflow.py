"""Tells Tocsin what became of tasks and DAG runs of Airflow. Copy it beside your DAGs; it needs Python's standard library alone.

    from tocsin_airflow import tell_tocsin

    with DAG("churn", default_args={"on_failure_callback": tell_tocsin, "on_success_callback": tell_tocsin}, ...):
        ...

TOCSIN_INGEST_URL is the address of ingest, TOCSIN_INGEST_KEY the key of a sender, TOCSIN_SOURCE the source of alerts.
"""

import json
import logging
import os
import time
import urllib.error
import urllib.parse
import urllib.request

log = logging.getLogger(__name__)


def tell_tocsin(context):
    """A callback for tasks and for DAGs. Never raises: a pager that is away must not fail a task."""
    try:
        _send(message_of(context))
    except Exception as error:
        log.warning("Tocsin was not told: %s", error)


def message_of(context):
    """What is sent, as a dict. Only a callback of a task has a task instance that has ended."""
    instance = context.get("task_instance") or context.get("ti")
    run = context.get("dag_run")
    state = _word(getattr(instance, "state", None))
    about_task = state in ("failed", "success", "skipped", "upstream_failed", "up_for_retry") and "reason" not in context
    if about_task:
        message = {
            "dag_id": instance.dag_id,
            "task_id": instance.task_id,
            "state": state,
            "map_index": getattr(instance, "map_index", -1),
            "try_number": getattr(instance, "try_number", None),
            "log_url": getattr(instance, "log_url", None),
            "ended_at": _time(getattr(instance, "end_date", None)),
            "owner": getattr(context.get("task"), "owner", None),
        }
    else:
        message = {
            "dag_id": run.dag_id,
            "state": _word(run.state),
            "ended_at": _time(getattr(run, "end_date", None)),
        }
    message["run_id"] = context.get("run_id") or getattr(run, "run_id", None)
    error = context.get("exception") or context.get("reason")
    message["error"] = None if error is None else str(error)[:2000]
    return message


def _send(message):
    url = os.environ["TOCSIN_INGEST_URL"].rstrip("/") + "/v1/alerts/airflow"
    if os.environ.get("TOCSIN_SOURCE"):
        url += "?" + urllib.parse.urlencode({"source": os.environ["TOCSIN_SOURCE"]})
    headers = {"Content-Type": "application/json"}
    if os.environ.get("TOCSIN_INGEST_KEY"):
        headers["Authorization"] = "Bearer " + os.environ["TOCSIN_INGEST_KEY"]
    for wait in (1, 3, None):
        request = urllib.request.Request(url, data=json.dumps(message).encode(), headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=5):
                return
        except urllib.error.HTTPError as error:
            # What is refused is refused again.
            if wait is None or error.code not in (429, 503):
                raise RuntimeError(f"{error.code} {error.read(500).decode(errors='replace')}") from None
        except OSError:
            if wait is None:
                raise
        time.sleep(wait)


def _word(state):
    return None if state is None else str(getattr(state, "value", state)).lower()


def _time(moment):
    return None if moment is None else moment.isoformat()
