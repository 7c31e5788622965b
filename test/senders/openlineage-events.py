"""Emits the events of one run of a job with the client's own HTTP transport; openlineage.yml says where to."""

import datetime
import sys
import time
import uuid

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import data_quality_assertions_dataset as quality
from openlineage.client.facet_v2 import error_message_run, parent_run

good, day = sys.argv[1] == "good", sys.argv[2]
client = OpenLineageClient()
run = str(uuid.uuid4())
slowest = 0.0


def emit(state, facets=None, **data):
    global slowest
    began = time.monotonic()
    client.emit(
        RunEvent(
            eventType=state,
            eventTime=datetime.datetime.now(datetime.timezone.utc).isoformat(),
            run=Run(runId=run, facets=facets or {}),
            job=Job(namespace="ml", name="churn.score"),
            producer="https://example.com/churn",
            **data,
        )
    )
    slowest = max(slowest, time.monotonic() - began)


parent = parent_run.ParentRunFacet(run=parent_run.Run(runId=str(uuid.uuid4())), job=parent_run.Job(namespace="ml", name="churn_dag"))
assertions = [
    quality.Assertion(assertion="not_null", success=good, column="customer_id", severity="error"),
    quality.Assertion(assertion="row_count", success=True),
]
inputs = [
    InputDataset(
        namespace="s3://data",
        name=f"orders/{day}.parquet",
        inputFacets={"dataQualityAssertions": quality.DataQualityAssertionsDatasetFacet(assertions=assertions)},
    )
]
outputs = [OutputDataset(namespace="s3://data", name="scores")]
emit(RunState.START, {"parent": parent}, inputs=inputs, outputs=outputs)
emit(RunState.RUNNING)
if good:
    emit(RunState.COMPLETE, {"parent": parent}, inputs=inputs, outputs=outputs)
else:
    error = error_message_run.ErrorMessageRunFacet(message="ValueError: 120 nulls", programmingLanguage="python")
    emit(RunState.FAIL, {"parent": parent, "errorMessage": error}, inputs=inputs, outputs=outputs)
print(f"slowest {slowest:.3f}")
