"""An action for checkpoints of Great Expectations 1: sends every result to Tocsin, where a failed expectation pages and passing resolves it.

Copy this file beside your checkpoint. It sends counts and settings, and none of the rows. The key is read from TOCSIN_INGEST_KEY, so that no
checkpoint that is stored holds it.
"""

import json
import logging
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Literal, Optional

from great_expectations.checkpoint import ValidationAction

log = logging.getLogger(__name__)

RESULT = ("element_count", "unexpected_count", "observed_value")
KWARGS = ("column", "column_A", "column_B", "column_list", "column_set", "min_value", "max_value", "mostly", "value_set")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Following one would send the key somewhere nobody named."""

    def redirect_request(self, *args, **kwargs):
        return None


class TocsinAction(ValidationAction):
    type: Literal["tocsin"] = "tocsin"
    url: str
    source: Optional[str] = None
    dataset: Optional[str] = None
    """In place of the name of the data asset."""
    timeout_seconds: float = 10
    raise_on_error: bool = False

    def run(self, checkpoint_result, action_context=None) -> dict:
        results = [_needed(result.to_json_dict()) for result in checkpoint_result.run_results.values()]
        try:
            answer = self._send(json.dumps({"validation_results": results}).encode())
        except Exception as error:
            if self.raise_on_error:
                raise
            log.warning("Tocsin did not take the results of %s: %s", self.name, error)
            return {"tocsin": None}
        return {"tocsin": answer}

    def _send(self, body: bytes) -> dict:
        query = urllib.parse.urlencode({k: v for k, v in (("source", self.source), ("dataset", self.dataset)) if v})
        headers = {"Content-Type": "application/json"}
        key = os.environ.get("TOCSIN_INGEST_KEY")
        if key:
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(f"{self.url.rstrip('/')}/v1/alerts/gx?{query}", body, headers, method="POST")
        opener = urllib.request.build_opener(_NoRedirect)
        for attempt in (1, 2, 3):
            try:
                with opener.open(request, timeout=self.timeout_seconds) as response:
                    return json.loads(response.read() or b"{}")
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or attempt == 3:
                    raise RuntimeError(f"{error.code}: {error.read(2000).decode(errors='replace')}") from error
            except OSError:
                if attempt == 3:
                    raise
            time.sleep(attempt)
        raise AssertionError("the last attempt returns or raises")


def _needed(validation: dict) -> dict:
    return {**validation, "results": [_without_rows(result) for result in validation.get("results", [])]}


def _without_rows(result: dict) -> dict:
    found = {k: v for k, v in (result.get("result") or {}).items() if k in RESULT and not isinstance(v, (list, dict))}
    config = result.get("expectation_config") or {}
    kwargs = {k: v for k, v in (config.get("kwargs") or {}).items() if k in KWARGS}
    return {
        "success": result.get("success"),
        "expectation_config": {**config, "kwargs": kwargs},
        "result": found,
        "exception_info": _without_traceback(result.get("exception_info")),
    }


def _without_traceback(info):
    if not isinstance(info, dict):
        return None
    return {k: _without_traceback(v) if isinstance(v, dict) else v for k, v in info.items() if k != "exception_traceback"}
