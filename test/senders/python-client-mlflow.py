"""A run of MLflow, whose metrics become the training of a version."""

import mlflow
import pandas
from tocsin.integrations.mlflow import baseline_of_run

mlflow.set_tracking_uri("sqlite:///mlflow.db")
X = pandas.DataFrame({"tenure": [1, 2, 3], "charges": [70.5, 80.0, 20.0]})
with mlflow.start_run() as run:
    mlflow.log_metric("test_accuracy_score", 0.875)
    mlflow.log_metric("loss", 3)
    mlflow.log_input(mlflow.data.from_pandas(X, name="customers"))
baseline_of_run(run.info.run_id, model="churn", version=9, rows=4812)
