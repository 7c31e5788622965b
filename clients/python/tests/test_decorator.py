import asyncio
import dataclasses
from typing import Any, Dict, List

import numpy
import pandas
import pytest
import tocsin

from tests.conftest import MakeClient
from tests.standin import StandIn


@dataclasses.dataclass
class House:
    rooms: int
    area: float


def test_arguments_are_the_features_of_one_prediction(server: StandIn, client: MakeClient) -> None:
    to = client()

    @tocsin.predictions(model="prices", version=2, ids="request", client=to)
    def price(rooms: int, area: float = 50.0, *, request: str, cache: Any = None) -> float:
        return rooms * area

    assert price(3, request="r-1", cache=object()) == 150.0
    assert price.__name__ == "price"
    assert to.flush(10)
    (record,) = server.records()
    assert (record["model"], record["version"], record["id"], record["prediction"]) == ("prices", "2", "r-1", 150.0)
    assert record["features"] == {"rooms": 3}


def test_a_dict_or_dataclass_is_one_row_and_a_table_is_many(server: StandIn, client: MakeClient) -> None:
    to = client()

    @tocsin.predictions(client=to)
    def score(features: Any) -> Any:
        return numpy.array([1, 0]) if isinstance(features, (list, pandas.DataFrame)) else 1

    score({"age": 3})
    score(House(2, 50.0))
    score([{"age": 3}, {"age": 4}])
    score(pandas.DataFrame({"age": [3, 4]}))
    assert to.flush(10)
    assert [(one["model"], one["prediction"], one["features"]) for one in server.records()] == [
        ("score", 1, {"age": 3}),
        ("score", 1, {"rooms": 2, "area": 50.0}),
        ("score", 1, {"age": 3}),
        ("score", 0, {"age": 4}),
        ("score", 1, {"age": 3}),
        ("score", 0, {"age": 4}),
    ]


def test_a_result_says_prediction_score_and_id(server: StandIn, client: MakeClient) -> None:
    to = client()

    @tocsin.predictions(
        model="m", result=lambda answer: tocsin.Prediction(answer["class"], answer["p"], answer["request"]), client=to
    )
    def handle(body: Dict[str, Any]) -> Dict[str, Any]:
        return {"class": "spam", "p": 0.9, "request": 7}

    assert handle({"words": 3})["p"] == 0.9
    assert to.flush(10)
    (record,) = server.records()
    assert (record["prediction"], record["score"], record["id"]) == ("spam", 0.9, "7")


def test_methods_and_coroutines_are_decorated_as_they_are(server: StandIn, client: MakeClient) -> None:
    to = client()

    class Service:
        @tocsin.predictions(model="m", ids=lambda self, body: body["id"], client=to)
        async def handle(self, body: Dict[str, Any]) -> int:
            await asyncio.sleep(0)
            return 1

    async def main() -> List[int]:
        return list(await asyncio.gather(*(Service().handle({"id": n, "age": n}) for n in range(3))))

    assert asyncio.run(main()) == [1, 1, 1]
    assert to.flush(10)
    assert sorted((one["id"], one["features"]["age"]) for one in server.records()) == [("0", 0), ("1", 1), ("2", 2)]


def test_what_cannot_be_sent_is_counted_and_an_error_of_the_function_is_the_callers(server: StandIn, client: MakeClient) -> None:
    to = client()

    @tocsin.predictions(model="m", client=to)
    def handle(body: Dict[str, Any]) -> Any:
        if body["age"] < 0:
            raise KeyError("age")
        return object()

    handle({"age": 1})
    with pytest.raises(KeyError):
        handle({"age": -1})
    assert to.stats().dropped == {"error": 1}
    assert to.flush(10) and server.received == []
