"""Runs a checkpoint with the action of the example on data that are good, have nulls, or lack a column."""

import json
import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "false"
sys.path.insert(0, os.environ["ACTION"])

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from tocsin_action import TocsinAction

context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("shop").add_dataframe_asset("orders")
batch = asset.add_batch_definition_whole_dataframe("day")
suite = context.suites.add(gx.ExpectationSuite(name="orders-suite"))
suite.add_expectation(gxe.ExpectColumnValuesToNotBeNull(column="customer_id", severity="critical", meta={"owner": "growth"}))
suite.add_expectation(gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0, max_value=500, severity="warning"))
suite.add_expectation(gxe.ExpectTableRowCountToBeBetween(min_value=100))
definition = context.validation_definitions.add(gx.ValidationDefinition(name="orders-daily", data=batch, suite=suite))
action = TocsinAction(name="tocsin", url=os.environ["URL"], source="checks", raise_on_error=True)
checkpoint = context.checkpoints.add(gx.Checkpoint(name="orders", validation_definitions=[definition], actions=[action]))

good = pd.DataFrame({"customer_id": [float(n) for n in range(1000)], "amount": [n % 400 for n in range(1000)]})
nulls = good.copy()
nulls.loc[:119, "customer_id"] = float("nan")
frames = {"good": good, "nulls": nulls, "gone": good.drop(columns=["amount"])}

name = sys.argv[1]
result = checkpoint.run(batch_parameters={"dataframe": frames[name]})
quiet = TocsinAction(name="quiet", url="http://127.0.0.1:9", timeout_seconds=0.2)
print(json.dumps({"success": result.success, "nobody answers": quiet.run(result)["tocsin"]}))
