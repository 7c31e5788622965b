"""Functions that predict, such as the handler of a request, whose predictions are sent."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Mapping as MappingType
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    TypeVar,
    Union,
    cast,
    overload,
)

from tocsin._client import Client, default_client
from tocsin._record import FeatureNames, ids_of, new_ids, now, records
from tocsin._tables import Table, snapshot
from tocsin._under_way import under_way
from tocsin._values import id_text, plain

Function = TypeVar("Function", bound=Callable[..., Any])


class Prediction(NamedTuple):
    """What a function predicts of one row, if it is more than a value. ``score``: of the positive class, from 0 to 1."""

    prediction: Any
    score: Optional[float] = None
    id: Any = None


class _Asked(NamedTuple):
    model: str
    version: Optional[str]
    ids: Union[str, Callable[..., Any], None]
    names: FeatureNames
    result: Optional[Callable[[Any], Any]]
    source: Optional[str]
    client: Optional[Client]
    signature: Optional[inspect.Signature]


@overload
def predictions(function: Function) -> Function: ...


@overload
def predictions(
    *,
    model: Optional[str] = None,
    version: Optional[Any] = None,
    ids: Union[str, Callable[..., Any], None] = None,
    features: Union[bool, Sequence[str]] = True,
    columns: Optional[Sequence[str]] = None,
    result: Optional[Callable[[Any], Any]] = None,
    source: Optional[str] = None,
    client: Optional[Client] = None,
) -> Callable[[Function], Function]: ...


def predictions(
    function: Optional[Function] = None,
    *,
    model: Optional[str] = None,
    version: Optional[Any] = None,
    ids: Union[str, Callable[..., Any], None] = None,
    features: Union[bool, Sequence[str]] = True,
    columns: Optional[Sequence[str]] = None,
    result: Optional[Callable[[Any], Any]] = None,
    source: Optional[str] = None,
    client: Optional[Client] = None,
) -> Any:
    """Sends what a function predicts; the function itself stays as it is, also if it is ``async``.

    - The features are its first argument, if that is a table, an array of rows, a dict or a dataclass. Otherwise they are all of its
      arguments that are single values: ``def price(rooms: int, area: float)`` has two.
    - What it returns is the prediction: one value, or one a row if the features are rows. ``result`` makes it of anything else; it
      gives a value, a `Prediction` with a score, or a list of them.
    - ``ids``: an argument, or a field or column of the features, that holds the id; or a function of the arguments.

    ``model`` is by default the name of the function. The other arguments are those of `watch`.
    """

    def decorate(of: Function) -> Function:
        try:
            signature: Optional[inspect.Signature] = inspect.signature(of)
        except (TypeError, ValueError):
            signature = None
        name = str(model or getattr(of, "__name__", "model"))
        asked = _Asked(
            name,
            None if version is None else id_text(version),
            ids,
            FeatureNames(features, columns),
            result,
            source,
            client,
            signature,
        )
        if inspect.iscoroutinefunction(of):

            @functools.wraps(of)
            async def later(*args: Any, **named: Any) -> Any:
                returned = await of(*args, **named)
                _send(asked, args, named, returned)
                return returned

            return cast(Function, later)

        @functools.wraps(of)
        def at_once(*args: Any, **named: Any) -> Any:
            with under_way:
                returned = of(*args, **named)
            _send(asked, args, named, returned)
            return returned

        return cast(Function, at_once)

    return decorate if function is None else decorate(function)


def _send(asked: _Asked, args: Sequence[Any], named: Mapping[str, Any], returned: Any) -> None:
    client = asked.client or default_client()
    if not client.is_on:
        return
    try:
        _hand_over(client, asked, args, named, returned)
    except Exception as error:  # noqa: BLE001, the function goes on, whatever happens here
        client.lost("error", 1, f"predictions of {asked.model} are not sent: {error}")


def _hand_over(client: Client, asked: _Asked, args: Sequence[Any], named: Mapping[str, Any], returned: Any) -> None:
    arguments = _bound(asked, args, named)
    first = next(iter(arguments.values()), None)
    table, is_batch = _features_of(first, arguments)
    predicted = returned if asked.result is None else asked.result(returned)
    outcomes = [_outcome(one) for one in (_listed(predicted) if is_batch else [predicted])]
    rows = len(outcomes)
    if table is not None and table.rows != rows:
        raise ValueError(f"{rows} predictions for {table.rows} rows")
    known = _ids(asked, arguments, first, args, named, outcomes)
    without = asked.ids if isinstance(asked.ids, str) else None
    send_features = asked.names.send is not False and table is not None
    if table is not None and send_features:
        asked.names.check(table)
    head: Dict[str, Any] = {"timestamp": now(), "model": asked.model}
    if asked.version is not None:
        head["version"] = asked.version

    def read() -> Iterator[Any]:
        features = table.read(asked.names.names(table, None)) if table is not None and send_features else None
        return records(head, known, features, asked.names.chosen(without), without, iter(plainly(outcomes)))

    client.predictions(asked.source, rows, 64 * rows + (table.nbytes if table is not None else 0), read)


def plainly(outcomes: Sequence[Prediction]) -> Iterator[Mapping[str, Any]]:
    for prediction, score, _ in outcomes:
        outcome: Dict[str, Any] = {"prediction": plain(prediction)}
        known = plain(score)
        if known is not None:
            outcome["score"] = known
        yield outcome


def _bound(asked: _Asked, args: Sequence[Any], named: Mapping[str, Any]) -> Dict[str, Any]:
    """Arguments by name, without ``self`` and without those left out."""
    if asked.signature is None:
        return {**{f"x{place}": one for place, one in enumerate(args)}, **named}
    bound = dict(asked.signature.bind(*args, **named).arguments)
    for name in ("self", "cls"):
        bound.pop(name, None)
    for name, parameter in asked.signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD and name in bound:
            bound.update(bound.pop(name))
    return bound


def _features_of(first: Any, arguments: Mapping[str, Any]) -> Tuple[Optional[Table], bool]:
    """The features, and whether they are rows rather than one."""
    one = _as_mapping(first)
    if one is not None:
        return snapshot([one]), False
    table = snapshot(first)
    if table is not None:
        return table, True
    singles = {name: value for name, value in arguments.items() if _is_single(value)}
    return (snapshot([singles]) if singles else None), False


def _as_mapping(value: Any) -> Optional[Mapping[Any, Any]]:
    if isinstance(value, MappingType):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        # A model of pydantic.
        return cast(Mapping[Any, Any], value.model_dump())
    return None


def _is_single(value: Any) -> bool:
    try:
        plain(value)
    except Exception:  # noqa: BLE001
        return False
    return True


def _listed(predicted: Any) -> List[Any]:
    for way in ("tolist", "to_list"):
        if hasattr(predicted, way) and getattr(getattr(predicted, "dtype", None), "kind", "") != "M":
            predicted = getattr(predicted, way)()
            break
    return list(predicted)


def _outcome(one: Any) -> Prediction:
    if isinstance(one, Prediction):
        return one
    if isinstance(one, (list, tuple)) and len(one) == 1:
        one = one[0]
    plain(one)
    return Prediction(one)


def _ids(
    asked: _Asked,
    arguments: Mapping[str, Any],
    first: Any,
    args: Sequence[Any],
    named: Mapping[str, Any],
    outcomes: Sequence[Prediction],
) -> Optional[Sequence[Any]]:
    rows = len(outcomes)
    if any(one.id is not None for one in outcomes):
        return [one.id if one.id is not None else made for one, made in zip(outcomes, new_ids(rows))]
    if asked.ids is None:
        return None
    if callable(asked.ids):
        return ids_of(asked.ids(*args, **named), first, rows)
    if asked.ids in arguments:
        return ids_of(_given(arguments[asked.ids]), first, rows)
    one = _as_mapping(first)
    return [one.get(asked.ids)] if one is not None else ids_of(asked.ids, first, rows)


def _given(ids: Any) -> Any:
    """An argument that is a text is an id, and no name of a column."""
    return [ids] if isinstance(ids, str) else ids
