"""Calls the callback of docs/examples as Airflow does, with stand-ins for its context: nothing of Airflow is installed."""
import datetime
import enum
import sys
from types import SimpleNamespace as Of

sys.path.insert(0, sys.argv[1])
from tocsin_airflow import tell_tocsin


class State(enum.Enum):
    FAILED = "failed"
    SUCCESS = "success"


now = datetime.datetime.now(datetime.timezone.utc)
run = Of(dag_id="churn", run_id="scheduled__1", state=State.FAILED, end_date=now)


def task(state, **more):
    instance = Of(dag_id="churn", task_id="train", state=state, map_index=-1, try_number=2, log_url="http://airflow.example/log", end_date=now)
    return {"task_instance": instance, "ti": instance, "task": Of(owner="growth"), "dag_run": run, "run_id": run.run_id, **more}


if sys.argv[2] == "fail":
    tell_tocsin(task(State.FAILED, exception=ValueError("no rows")))
    tell_tocsin(task("up_for_retry"))
    tell_tocsin({**task(State.FAILED), "reason": "task_failure"})
else:
    tell_tocsin(task(State.SUCCESS))
# A context that is not as expected fails no task.
tell_tocsin({})
