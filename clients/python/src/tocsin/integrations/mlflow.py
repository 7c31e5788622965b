"""A run of MLflow as what Tocsin compares a version with: its metrics, and the data that it was trained on.

Call it where a run has ended and its model is registered, such as at the end of a training::

    with mlflow.start_run() as run:
        ...
    tocsin.integrations.mlflow.baseline_of_run(run.info.run_id, model="churn", version=8, rows=len(X_valid), data=X_train)

Moves in the registry and runs that failed reach Tocsin without any client: docs/mlflow.md.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple

from tocsin._baseline import baseline
from tocsin._client import Client, default_client

# Names of MLflow's evaluators and its autologging for scikit-learn, beside those that are the same.
_names: Mapping[str, str] = {
    "accuracy_score": "accuracy",
    "precision_score": "precision",
    "recall_score": "recall",
    "f1_score": "f1",
    "roc_auc": "auc",
    "roc_auc_score": "auc",
    "log_loss": "log_loss",
    "brier_score_loss": "brier",
    "mean_absolute_error": "mae",
    "root_mean_squared_error": "rmse",
}


def baseline_of_run(
    run_id: str,
    *,
    model: str,
    version: Any,
    rows: int,
    names: Optional[Mapping[str, str]] = None,
    dataset: Optional[str] = None,
    data: Any = None,
    source: Optional[str] = None,
    client: Optional[Client] = None,
    **baseline_arguments: Any,
) -> None:
    """Sends the metrics of a run as the training of a version.

    :param rows: on how many rows the metrics were measured.
    :param names: metrics of the run and what Tocsin calls them, such as ``{"val_acc": "accuracy"}``. By default all whose names are those of
        Tocsin or of scikit-learn, with or without ``training_``, ``val_``, ``test_`` or ``eval_`` before them; of two the later in this order.
    :param dataset: the version of the data; by default the name and digest of the first input that the run logged.
    :param data: rows of the training for profiles of the features, with further arguments as in `tocsin.baseline`.
    """
    to = client or default_client()

    def hand_over() -> None:
        import mlflow

        run = mlflow.MlflowClient().get_run(run_id)
        metrics = _metrics_of(run.data.metrics, rows, names)
        if not metrics and data is None:
            raise ValueError(f"run {run_id} has no metric that Tocsin knows: name some, such as names={{'val_acc': 'accuracy'}}")
        known = dataset or _dataset_of(run) or run_id
        end = run.info.end_time
        at = None if end is None else end / 1000
        more: Dict[str, Any] = {"trained_at": at, **baseline_arguments}
        baseline(data, model=model, version=version, dataset=known, metrics=metrics, source=source, client=to, **more)

    to.safely(hand_over)


def _metrics_of(given: Mapping[str, float], rows: int, names: Optional[Mapping[str, str]]) -> Dict[str, Tuple[float, int]]:
    if names is not None:
        return {ours: (given[theirs], rows) for theirs, ours in names.items() if theirs in given}
    found: Dict[str, Tuple[float, int]] = {}
    for prefix in ("training_", "", "val_", "test_", "eval_"):
        for theirs, value in given.items():
            if not theirs.startswith(prefix):
                continue
            name = theirs[len(prefix) :]
            ours = _names.get(name, name if name in _ours else None)
            if ours is not None:
                found[ours] = (value, rows)
    return found


_ours = frozenset(_names.values())


def _dataset_of(run: Any) -> Optional[str]:
    inputs = getattr(getattr(run, "inputs", None), "dataset_inputs", None)
    if not inputs:
        return None
    first = inputs[0].dataset
    return f"{first.name}-{first.digest}"
