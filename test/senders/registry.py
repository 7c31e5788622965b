"""Moves an alias and ends runs in a real MLflow, which tells a webhook of the first. MLFLOW: the server; HOOK: where it tells; STEP: what to do."""
import os

from mlflow import MlflowClient

client = MlflowClient(os.environ["MLFLOW"])
step = os.environ["STEP"]
if step == "begin":
    hook = client.create_webhook(
        name="tocsin",
        url=os.environ["HOOK"],
        events=["model_version_alias.created", "model_version_alias.deleted", "model_version.created", "registered_model.created"],
        secret=os.environ["SECRET"],
    )
    tried = client.test_webhook(hook.webhook_id)
    assert tried.success, tried
    client.create_experiment("churn-training")
    client.create_registered_model("churn")
    for _ in range(2):
        client.create_model_version("churn", source="s3://models/churn")
    client.set_registered_model_alias("churn", "champion", "1")
elif step == "move":
    client.set_registered_model_alias("churn", "champion", "2")
elif step == "silent":
    for hook in client.list_webhooks():
        client.delete_webhook(hook.webhook_id)
    client.set_registered_model_alias("churn", "champion", "1")
    client.create_model_version("churn", source="s3://models/churn")
elif step in ("failed", "finished"):
    experiment = client.get_experiment_by_name("churn-training").experiment_id
    run = client.create_run(experiment, run_name="nightly-" + step)
    client.set_terminated(run.info.run_id, status=step.upper())
    client.create_run(experiment, run_name="under way")
