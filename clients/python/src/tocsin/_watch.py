"""A model whose predictions are sent, and which is the same to everybody else."""

from __future__ import annotations

import inspect
from typing import (
    Any,
    Callable,
    Dict,
    Generic,
    Iterator,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    TypeVar,
    Union,
)

from tocsin._client import Client, default_client
from tocsin._record import FeatureNames, Ids, classes_and_scores, ids_of, new_ids, now, records
from tocsin._tables import snapshot
from tocsin._under_way import under_way
from tocsin._values import id_text, plain

Model = TypeVar("Model")


class Predicted(NamedTuple):
    """What `predict_with_ids` gives: the model's own predictions, and one id for each row, in the same order."""

    predictions: Any
    ids: Sequence[str]


class _How(NamedTuple):
    name: str
    version: Optional[str]
    ids: Ids
    features: Union[bool, Sequence[str]]
    columns: Optional[Sequence[str]]
    positive: Any
    methods: Sequence[str]
    source: Optional[str]


class Watched(Generic[Model]):
    """A model that is watched. Its attributes are those of the model; ``unwatched`` is the model itself.

    - ``predict(X)`` and ``predict_proba(X)`` return what the model returns, untouched. ``ids=`` gives ids of the rows, for this call.
    - ``predict_with_ids(X)`` and ``predict_proba_with_ids(X)`` return a `Predicted`: also one id a row, to send labels under later.
    - A pickle holds the model and how it is watched, and neither URL nor key: it sends where its process is configured to.
    - A clone of scikit-learn is a clone of the model, unwatched: what is trained anew is no model in use.
    """

    __slots__ = ("_tocsin_model", "_tocsin_how", "_tocsin_names", "_tocsin_client", "__weakref__")

    _tocsin_model: Model
    _tocsin_how: _How
    _tocsin_names: FeatureNames
    _tocsin_client: Optional[Client]

    def __init__(self, model: Model, how: _How, client: Optional[Client] = None) -> None:
        own = object.__setattr__
        own(self, "_tocsin_model", model)
        own(self, "_tocsin_how", how)
        own(self, "_tocsin_names", FeatureNames(how.features, how.columns))
        own(self, "_tocsin_client", client)

    @property
    def unwatched(self) -> Model:
        return self._tocsin_model

    def predict_with_ids(self, X: Any, *args: Any, ids: Ids = None, **named: Any) -> Predicted:
        """Predictions, and one id a row: those given, or new ones. Both have the length of ``X``."""
        return self._tocsin_predict_with_ids("predict", X, args, ids, named)

    def predict_proba_with_ids(self, X: Any, *args: Any, ids: Ids = None, **named: Any) -> Predicted:
        """Probabilities of shape (rows, classes), and one id a row: those given, or new ones."""
        return self._tocsin_predict_with_ids("predict_proba", X, args, ids, named)

    def _tocsin_predict_with_ids(self, method: str, X: Any, args: Any, ids: Ids, named: Dict[str, Any]) -> Predicted:
        with under_way:
            predictions = getattr(self._tocsin_model, method)(X, *args, **named)
        rows = _rows_in(predictions)
        known: Sequence[str] = []
        try:
            given = ids_of(self._tocsin_how.ids if ids is None else ids, X, rows)
            known = new_ids(rows) if given is None else [id_text(one) or made for one, made in zip(given, new_ids(rows))]
        except Exception as error:  # noqa: BLE001
            known = new_ids(rows)
            self._tocsin_to.lost("error", 0, f"watch of {self._tocsin_how.name}: {error}. Rows have new ids")
        self._tocsin_send(method, X, predictions, known)
        return Predicted(predictions, known)

    @property
    def _tocsin_to(self) -> Client:
        return self._tocsin_client or default_client()

    def _tocsin_call(self, method: str, args: Sequence[Any], ids: Ids, named: Dict[str, Any]) -> Any:
        with under_way:
            predictions = getattr(self._tocsin_model, method)(*args, **named)
        # Models call their rows `X`, `data`, `inputs`; they come first in all of them.
        X = args[0] if args else next(iter(named.values()), None)
        # Arrays are not awaited, and to ask `inspect` costs as much as their copy.
        if not hasattr(predictions, "shape") and inspect.isawaitable(predictions):
            return self._tocsin_awaited(method, X, predictions, ids)
        self._tocsin_send(method, X, predictions, ids)
        return predictions

    async def _tocsin_awaited(self, method: str, X: Any, predictions: Any, ids: Ids) -> Any:
        known = await predictions
        self._tocsin_send(method, X, known, ids)
        return known

    def _tocsin_send(self, method: str, X: Any, predictions: Any, ids: Ids) -> None:
        how = self._tocsin_how
        if method not in how.methods:
            return
        client = self._tocsin_to
        if not client.is_on:
            return
        try:
            send(client, how, self._tocsin_names, self._tocsin_model, method, X, predictions, how.ids if ids is None else ids)
        except Exception as error:  # noqa: BLE001, a model that predicts goes on, whatever happens here
            client.lost("error", _rows_in(predictions), f"predictions of {how.name} are not sent: {error}")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_tocsin_"):
            # While a pickle is read.
            raise AttributeError(name)
        found = getattr(self._tocsin_model, name)
        if name not in ("predict", "predict_proba") and name not in self._tocsin_how.methods:
            return found

        def watched(*args: Any, ids: Ids = None, **named: Any) -> Any:
            return self._tocsin_call(name, args, ids, named)

        # `functools.wraps` would cost a single row more than all the rest.
        watched.__name__, watched.__doc__ = name, getattr(found, "__doc__", None)
        watched.__wrapped__ = found  # type: ignore[attr-defined]
        return watched

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._tocsin_model, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._tocsin_model, name)

    def __dir__(self) -> Sequence[str]:
        return sorted({*dir(self._tocsin_model), "predict_with_ids", "predict_proba_with_ids", "unwatched"})

    def __repr__(self) -> str:
        return f"watched({self._tocsin_model!r}, name={self._tocsin_how.name!r})"

    def __getitem__(self, key: Any) -> Any:
        """A step of a pipeline, or a part of one; unwatched."""
        return self._tocsin_model[key]  # type: ignore[index]

    def __len__(self) -> int:
        return len(self._tocsin_model)  # type: ignore[arg-type]

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> Any:
        return _watched_again, (self._tocsin_model, self._tocsin_how)

    def __sklearn_clone__(self) -> Any:
        from sklearn.base import clone

        return clone(self._tocsin_model)

    def __sklearn_is_fitted__(self) -> bool:
        from sklearn.exceptions import NotFittedError
        from sklearn.utils.validation import check_is_fitted

        try:
            check_is_fitted(self._tocsin_model)
        except NotFittedError:
            return False
        return True


def _watched_again(model: Any, how: _How) -> Watched[Any]:
    return Watched(model, how)


def watch(
    model: Model,
    *,
    name: str,
    version: Optional[Any] = None,
    ids: Ids = None,
    features: Union[bool, Sequence[str]] = True,
    columns: Optional[Sequence[str]] = None,
    positive: Any = None,
    methods: Sequence[str] = ("predict", "predict_proba"),
    source: Optional[str] = None,
    client: Optional[Client] = None,
) -> Watched[Model]:
    """The same model, whose predictions are sent to Tocsin by another thread.

    :param model: anything with ``predict`` or ``predict_proba`` of rows, as scikit-learn, XGBoost, LightGBM and MLflow have it.
    :param name: the ``model`` of the source in Tocsin's config.
    :param version: the version that serves, so that it can be compared with the one before.
    :param ids: the column of ``X`` (or name of its index) that holds an id a row, or a function of ``X`` that gives one a row. It is
        no feature then. Without it, ``predict_with_ids`` makes ids and returns them.
    :param features: False sends none; names send these alone. At most 500 are sent.
    :param columns: names of the columns where ``X`` has none, as an array of numpy; by default those the model was trained with.
    :param positive: the class whose probability is the ``score``; by default the second of two. With more, no score is sent.
    :param methods: which of them count, also others that give one prediction a row. A program that calls both for the same rows names one, or each row counts twice.
    :param source: a source of the config, where several have this model.
    """
    unwatched: Any = model.unwatched if isinstance(model, Watched) else model
    listed = [str(one) for one in features] if not isinstance(features, bool) else features
    how = _How(name, None if version is None else id_text(version), ids, listed, columns, positive, tuple(methods), source)
    return Watched(unwatched, how, client)


def send(
    client: Client,
    how: _How,
    names: FeatureNames,
    model: Any,
    method: str,
    X: Any,
    predictions: Any,
    ids: Ids,
) -> None:
    """Hands predictions over with a copy of their features. Raises for what cannot be sent."""
    rows = _rows_in(predictions)
    if rows == 0:
        return
    # Now, for the caller may change both once they have them.
    outcomes = _outcomes(model, method, predictions, how.positive)
    known = ids_of(ids, X, rows)
    table = snapshot(X) if how.features is not False else None
    # A column that holds ids is no feature, also where this call gives its own.
    without = next((one for one in (ids, how.ids) if isinstance(one, str)), None)
    if table is not None:
        if table.rows != rows:
            raise ValueError(f"{rows} predictions for {table.rows} rows")
        names.check(table)
    head: Dict[str, Any] = {"timestamp": now(), "model": how.name}
    if how.version is not None:
        head["version"] = how.version

    def read() -> Iterator[Mapping[str, Any]]:
        # To ask a pipeline for names costs more than all else, so it is done here.
        features = None if table is None else table.read(names.names(table, getattr(model, "feature_names_in_", None)))
        return records(head, known, features, names.chosen(without), without, outcomes())

    size = 64 * rows + (0 if table is None else table.nbytes)
    client.predictions(how.source, rows, size, read)  # type: ignore[arg-type]


def _rows_in(predictions: Any) -> int:
    if isinstance(predictions, (str, bytes)):
        return 1
    shape = getattr(predictions, "shape", None)
    if shape is not None:
        return int(shape[0]) if len(shape) > 0 else 1
    try:
        return len(predictions)
    except TypeError:
        return 1


Outcomes = Callable[[], Iterator[Mapping[str, Any]]]


def _outcomes(model: Any, method: str, predictions: Any, positive: Any) -> Outcomes:
    """A copy of what was predicted, to be read later."""
    shape = getattr(predictions, "shape", None)
    if method == "predict" and shape is not None and len(shape) == 1:
        return _each(_copied(predictions))
    if method == "predict_proba":
        if shape is None or len(shape) != 2:
            raise ValueError(f"expected probabilities of shape (rows, classes); received {shape or type(predictions).__name__}")
        probabilities = _copied(predictions)
        classes = getattr(model, "classes_", None)
        named = None if classes is None or len(classes) != shape[1] else list(classes)
        return lambda: classes_and_scores(named, _as_rows(probabilities), positive)
    if shape is not None and len(shape) == 2 and shape[1] != 1:
        raise ValueError(
            f"expected one prediction a row; received the shape {tuple(shape)}. A function with @tocsin.predictions can choose"
        )
    if isinstance(predictions, (str, bytes)) or shape == () or (shape is None and not hasattr(predictions, "__len__")):
        single = plain(predictions)
        return lambda: iter([{"prediction": single}])
    return _each(_copied(predictions))


def _each(known: Any) -> Outcomes:
    return lambda: ({"prediction": plain(_only(one))} for one in _as_list(known))


def _copied(values: Any) -> Any:
    for way in ("copy", "clone"):
        if hasattr(values, way):
            return getattr(values, way)()
    return list(values)


def _as_list(values: Any) -> Any:
    if getattr(getattr(values, "dtype", None), "kind", "") == "M":
        return values
    if hasattr(values, "columns") and hasattr(values, "iloc"):
        values = values.iloc[:, 0]
    for way in ("tolist", "to_list", "to_numpy"):
        if hasattr(values, way):
            return getattr(values, way)()
    return values


def _as_rows(values: Any) -> Any:
    return values.to_numpy().tolist() if hasattr(values, "to_numpy") else values.tolist()


def _only(value: Any) -> Any:
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value
