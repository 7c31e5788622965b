"""Writes what pytest found in the form of the other tests of the repository, so that they are counted together: ``-p tests.report``."""

import json
import os
from typing import Dict, List

import pytest

_files: Dict[str, List[Dict[str, object]]] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # Of what was right itself, an end that fails counts as well.
    if report.when != "call" and report.outcome == "passed":
        return
    name = "clients/python/" + report.location[0]
    why = [report.longreprtext.strip().splitlines()[-1]] if report.outcome == "failed" and report.longreprtext.strip() else []
    _files.setdefault(name, []).append({"fullName": report.location[2], "status": report.outcome, "failureMessages": why})


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    path = os.environ.get("TOCSIN_TEST_REPORT")
    if path is None:
        return
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
    tests = [one for tests in _files.values() for one in tests]
    failed = sum(one["status"] == "failed" for one in tests)
    results = [
        {
            "name": os.path.join(root, name),
            "status": "failed" if any(one["status"] == "failed" for one in tests) else "passed",
            "message": "",
            "assertionResults": tests,
        }
        for name, tests in _files.items()
    ]
    passed = sum(one["status"] == "passed" for one in tests)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(
            {"numPassedTests": passed, "numFailedTests": failed, "success": int(exitstatus) == 0, "testResults": results}, file
        )
