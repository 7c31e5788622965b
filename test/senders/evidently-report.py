"""Prints the JSON of a report with tests: of drifted data with missing values, or of the reference itself."""

import os
import sys

os.environ["DO_NOT_TRACK"] = "1"

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import MissingValueCount, RowCount
from evidently.presets import DataDriftPreset
from evidently.tests import gt, lte


def frame(shift):
    random = np.random.default_rng(7)
    data = pd.DataFrame({"tenure": random.normal(30, 10, 400) + shift, "charges": random.normal(60, 20, 400)})
    if shift:
        data.loc[:20, "charges"] = None
    return Dataset.from_pandas(data, data_definition=DataDefinition(numerical_columns=["tenure", "charges"]))


metrics = [DataDriftPreset(columns=["tenure", "charges"]), MissingValueCount(column="charges", tests=[lte(0)]), RowCount(tests=[gt(100)])]
result = Report(metrics, include_tests=True).run(frame(30 if sys.argv[1] == "bad" else 0), frame(0))
print(result.json())
