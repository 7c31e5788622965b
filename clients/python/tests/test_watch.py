import asyncio
import copy
import datetime
import decimal
import pickle
import threading
import uuid
from typing import Any, Dict, List

import numpy
import pandas
import polars
import pyarrow
import pytest
import scipy.sparse
import sklearn.base
import tocsin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from tests.conftest import MakeClient
from tests.standin import StandIn


class Doubles:
    """Predicts twice the first column, or whatever else it is given."""

    def __init__(self, predictions: Any = None) -> None:
        self.predictions = predictions
        self.threshold = 0.5

    def predict(self, X: Any) -> Any:
        return self.predictions if self.predictions is not None else numpy.asarray(X)[:, 0] * 2


def fitted() -> Any:
    X = numpy.array([[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 0.0]])
    return LogisticRegression().fit(X, ["stay", "stay", "leave", "leave"]), X


def sent(server: StandIn, client: tocsin.Client) -> List[Any]:
    assert client.flush(10)
    return server.records()


def test_predict_returns_what_the_model_returns_and_sends_each_row(server: StandIn, client: MakeClient) -> None:
    predictions = numpy.array([1, 0])
    model = tocsin.watch(Doubles(predictions), name="churn", version=7, client=client())
    assert model.predict(numpy.array([[1.5, 2.0], [3.0, 4.0]])) is predictions
    records = sent(server, model._tocsin_client)  # type: ignore[arg-type]
    assert [(one["model"], one["version"], one["prediction"], one["features"]) for one in records] == [
        ("churn", "7", 1, {"x0": 1.5, "x1": 2.0}),
        ("churn", "7", 0, {"x0": 3.0, "x1": 4.0}),
    ]
    assert all(isinstance(one["timestamp"], int) and "id" not in one for one in records)


def test_probabilities_become_the_likeliest_class_and_the_score_of_the_second(server: StandIn, client: MakeClient) -> None:
    model, X = fitted()
    to = client()
    probabilities = tocsin.watch(model, name="churn", client=to).predict_proba(X)
    # The classes are sorted: `leave`, `stay`.
    assert [(one["prediction"], one["score"]) for one in sent(server, to)] == [
        (model.classes_[row.argmax()], row[1]) for row in probabilities
    ]


def test_the_positive_class_can_be_named_and_three_classes_have_no_score_by_themselves(
    server: StandIn, client: MakeClient
) -> None:
    model, X = fitted()
    to = client()
    tocsin.watch(model, name="churn", positive="leave", client=to).predict_proba(X[:1])
    three = LogisticRegression().fit(numpy.repeat(X[:3], 2, axis=0), [0, 0, 1, 1, 2, 2])
    tocsin.watch(three, name="three", client=to).predict_proba(X[:1])
    tocsin.watch(three, name="three", positive=2, client=to).predict_proba(X[:1])
    scores = [one.get("score") for one in sent(server, to)]
    assert scores == [model.predict_proba(X[:1])[0, 0], None, three.predict_proba(X[:1])[0, 2]]


def test_ids_are_made_and_returned_in_the_order_of_the_rows(server: StandIn, client: MakeClient) -> None:
    to = client()
    predictions, ids = tocsin.watch(Doubles(), name="m", client=to).predict_with_ids(numpy.array([[1.0], [2.0], [3.0]]))
    assert list(predictions) == [2, 4, 6]
    assert len(set(ids)) == 3
    assert [(one["id"], one["prediction"]) for one in sent(server, to)] == list(zip(ids, [2, 4, 6]))


def test_ids_of_a_column_are_no_feature(server: StandIn, client: MakeClient) -> None:
    to = client()
    frame = pandas.DataFrame({"customer": [2**63, 2**63 + 1], "age": [30, 40]})
    for table in (frame, polars.DataFrame({"customer": [2**63, 2**63 + 1], "age": [30, 40]}), frame.to_dict("records")):
        model = tocsin.watch(Doubles([1, 0]), name="m", ids="customer", client=to)
        model.predict(table)
        assert model.predict_with_ids(table).ids == ["9223372036854775808", "9223372036854775809"]
    records = sent(server, to)
    assert len(records) == 12
    for one in records:
        assert one["id"] in ("9223372036854775808", "9223372036854775809")
        assert list(one["features"]) == ["age"]


def test_ids_come_from_an_index_a_function_or_the_call(server: StandIn, client: MakeClient) -> None:
    to = client()
    frame = pandas.DataFrame({"age": [30.0]}, index=pandas.Index([17], name="customer"))
    tocsin.watch(Doubles(), name="m", ids="customer", client=to).predict(frame)
    tocsin.watch(Doubles(), name="m", ids=lambda X: X.index, client=to).predict(frame)
    tocsin.watch(Doubles(), name="m", client=to).predict(frame, ids=["a-1"])
    tocsin.watch(Doubles(), name="m", client=to).predict(frame, ids=uuid.UUID(int=5))
    assert [one["id"] for one in sent(server, to)] == ["17", "17", "a-1", str(uuid.UUID(int=5))]


def test_what_the_caller_changes_afterwards_is_not_sent(server: StandIn, client: MakeClient) -> None:
    # Nothing is encoded before the flush.
    to = client(interval=60)
    X: Any
    for X in (
        numpy.array([[1.0]]),
        pandas.DataFrame({"x0": [1.0]}),
        polars.DataFrame({"x0": [1.0]}),
        [[1.0]],
        [{"x0": 1.0}],
        scipy.sparse.csr_matrix([[1.0]]),
    ):
        y = numpy.array([2.0])
        ids = ["a"]
        tocsin.watch(Doubles(y), name="m", client=to).predict(X, ids=ids)
        y[0], ids[0] = 9.0, "b"
        if isinstance(X, pandas.DataFrame):
            X.loc[0, "x0"] = 9.0
        elif isinstance(X, polars.DataFrame):
            X[0, "x0"] = 9.0
        elif isinstance(X, list):
            X[0].clear()
        else:
            X[0, 0] = 9.0
    assert [(one["id"], one["prediction"], one["features"]) for one in sent(server, to)] == [("a", 2.0, {"x0": 1.0})] * 6


def test_each_kind_of_table_gives_the_same_features(server: StandIn, client: MakeClient) -> None:
    to = client()
    data = {"age": [30, 40], "plan": ["a", None]}
    structured = numpy.array([(30, "a"), (40, "b")], dtype=[("age", "i8"), ("plan", "U1")])
    for table in (
        pandas.DataFrame(data),
        polars.DataFrame(data),
        pyarrow.table(data),
        [{"age": 30, "plan": "a"}, {"age": 40, "plan": None}],
        structured,
    ):
        tocsin.watch(Doubles([1, 0]), name="m", client=to).predict(table)
    tocsin.watch(Doubles([1, 0]), name="m", columns=["age", "plan"], client=to).predict([[30, "a"], (40, None)])
    features = [one["features"] for one in sent(server, to)]
    assert features[0::2] == [{"age": 30, "plan": "a"}] * 6
    assert [one["age"] for one in features[1::2]] == [40] * 6


def test_names_come_from_what_the_model_was_trained_with(server: StandIn, client: MakeClient) -> None:
    to = client()
    frame = pandas.DataFrame({"age": [1.0, 2.0], "price": [3.0, 4.0]})
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, [0, 1])
    with pytest.warns(UserWarning, match="feature names"):
        tocsin.watch(model, name="m", client=to).predict(frame.to_numpy())
    assert list(sent(server, to)[0]["features"]) == ["age", "price"]


def test_features_can_be_chosen_or_left_out(server: StandIn, client: MakeClient) -> None:
    to = client()
    frame = pandas.DataFrame({"age": [30], "name": ["Ana"], "customer": ["c"]})
    tocsin.watch(Doubles([1]), name="m", features=["age"], ids="customer", client=to).predict(frame)
    tocsin.watch(Doubles([1]), name="m", features=False, ids="customer", client=to).predict(frame)
    rows = frame.to_dict("records")
    tocsin.watch(Doubles([1]), name="m", features=["age", "customer"], ids="customer", client=to).predict(rows)
    first, second, third = sent(server, to)
    assert (first["id"], first["features"]) == ("c", {"age": 30})
    assert second["id"] == "c" and "features" not in second
    assert (third["id"], third["features"]) == ("c", {"age": 30})


def test_odd_values_become_what_the_server_takes(server: StandIn, client: MakeClient) -> None:
    to = client()
    zone = datetime.timezone(datetime.timedelta(hours=2))
    row = {
        "nan": float("nan"),
        "inf": numpy.float32("inf"),
        "f32": numpy.float32(0.5),
        "i64": numpy.int64(2**63 - 1),
        "big": 2**200,
        "digits": 10**5000,
        "yes": numpy.bool_(True),
        "decimal": decimal.Decimal("1.10"),
        "snan": decimal.Decimal("sNaN"),
        "time": datetime.datetime(2026, 1, 5, 9, tzinfo=zone),
        "day": datetime.date(2026, 1, 5),
        "np_time": numpy.datetime64("2026-01-05T09:00:00.123456789"),
        "span": datetime.timedelta(minutes=1),
        "np_span": numpy.timedelta64(1500, "ms"),
        "bytes": b"caf\xc3\xa9",
        "raw": b"\xff\x00",
        "na": pandas.NA,
        "nat": pandas.NaT,
        "none": None,
        "text": numpy.str_("a\ud800"),
        "scalar": numpy.array(3),
    }
    tocsin.watch(Doubles([numpy.int64(1)]), name="m", client=to).predict([row])
    assert sent(server, to)[0]["features"] == {
        "nan": None,
        "inf": None,
        "f32": 0.5,
        "i64": 2**63 - 1,
        "big": 2**200,
        "digits": None,
        "yes": True,
        "decimal": 1.1,
        "snan": None,
        "time": "2026-01-05T07:00:00Z",
        "day": "2026-01-05",
        "np_time": "2026-01-05T09:00:00.123456789",
        "span": 60.0,
        "np_span": 1.5,
        "bytes": "café",
        "raw": "ff00",
        "na": None,
        "nat": None,
        "none": None,
        "text": "a\ud800",
        "scalar": 3,
    }


def test_a_prediction_that_is_no_number_is_counted_and_the_others_go(server: StandIn, client: MakeClient) -> None:
    to = client()
    tocsin.watch(Doubles(numpy.array([1.0, numpy.nan, numpy.inf, 4.0])), name="m", client=to).predict(numpy.zeros((4, 1)))
    assert [one["prediction"] for one in sent(server, to)] == [1.0, 4.0]
    assert (to.stats().sent, to.stats().rejected) == (2, 2)


def test_columns_of_frames_keep_times_and_missing_values(server: StandIn, client: MakeClient) -> None:
    to = client()
    frame = pandas.DataFrame(
        {
            "at": pandas.to_datetime(["2026-01-05 09:00", None]),
            "n": pandas.array([1, None], dtype="Int64"),
            "kind": pandas.Categorical(["a", None]),
        }
    )
    tocsin.watch(Doubles([1, 0]), name="m", client=to).predict(frame)
    tocsin.watch(Doubles([1, 0]), name="m", client=to).predict(polars.from_pandas(frame))
    tocsin.watch(Doubles([1, 0]), name="m", columns=["at"], client=to).predict(frame[["at"]].to_numpy())
    features = [one["features"] for one in sent(server, to)]
    assert features[:4] == [{"at": "2026-01-05T09:00:00", "n": 1, "kind": "a"}, {"at": None, "n": None, "kind": None}] * 2
    assert features[4:] == [{"at": "2026-01-05T09:00:00"}, {"at": None}]


@pytest.mark.parametrize("predictions", [numpy.zeros((2, 3)), [1, 0, 1]])
def test_what_has_no_prediction_a_row_is_lost_and_said_once(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture, predictions: Any
) -> None:
    to = client()
    model = tocsin.watch(Doubles(predictions), name="m", client=to)
    for _ in range(3):
        assert model.predict(numpy.zeros((2, 1))) is predictions
    assert sent(server, to) == []
    assert to.stats().dropped == {"error": 3 * len(predictions)}
    assert len([one for one in caplog.records if "not sent" in one.message]) == 1


def test_more_than_500_features_have_to_be_named(server: StandIn, client: MakeClient) -> None:
    to = client()
    X = numpy.arange(501.0).reshape(1, 501)
    tocsin.watch(Doubles([1]), name="m", client=to).predict(X)
    assert to.stats().lost == 1
    tocsin.watch(Doubles([1]), name="m", features=["x7", "x500"], client=to).predict(X)
    assert sent(server, to)[0]["features"] == {"x7": 7.0, "x500": 500.0}


def test_wrong_ids_lose_the_records_and_not_the_predictions(server: StandIn, client: MakeClient) -> None:
    to = client()
    model = tocsin.watch(Doubles(), name="m", ids="customer", client=to)
    assert list(model.predict(numpy.ones((2, 1)))) == [2, 2]
    assert list(model.predict(numpy.ones((2, 1)), ids=["a"])) == [2, 2]
    predictions, ids = model.predict_with_ids(numpy.ones((2, 1)))
    assert list(predictions) == [2, 2] and len(ids) == 2
    assert to.stats().lost == 4
    assert [one["id"] for one in sent(server, to)] == list(ids)


def test_an_error_of_the_model_is_the_callers(server: StandIn, client: MakeClient) -> None:
    to = client()
    model, _ = fitted()
    with pytest.raises(ValueError, match="Expected 2D array"):
        tocsin.watch(model, name="m", client=to).predict(numpy.ones(3))
    assert to.stats() == tocsin.Stats()


def test_only_the_methods_that_count_are_sent(server: StandIn, client: MakeClient) -> None:
    to = client()
    model, X = fitted()
    watched = tocsin.watch(model, name="m", methods=["predict_proba"], client=to)
    watched.predict(X)
    watched.predict_proba(X[:1])
    assert len(sent(server, to)) == 1


def test_everything_else_is_the_models(client: MakeClient) -> None:
    model, X = fitted()
    watched = tocsin.watch(model, name="m", client=client())
    assert watched.unwatched is model and tocsin.watch(watched, name="n").unwatched is model
    assert watched.classes_ is model.classes_ and watched.score(X, model.predict(X)) == 1.0
    watched.threshold = 3
    assert model.threshold == 3
    del watched.threshold
    assert not hasattr(model, "threshold") and not hasattr(watched, "decision_path")
    assert "coef_" in dir(watched) and bool(watched)
    assert sklearn.base.is_classifier(watched)
    check_is_fitted(watched)
    assert not tocsin.watch(LogisticRegression(), name="m").__sklearn_is_fitted__()
    pipeline = tocsin.watch(make_pipeline(StandardScaler(), model), name="m")
    assert pipeline["logisticregression"] is model and len(pipeline) == 2


def test_a_clone_is_of_the_model_and_a_copy_is_watched(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    model, X = fitted()
    tocsin.configure(server.url, "the-key", interval=0.01)
    watched = tocsin.watch(model, name="m", version="3", ids=None)
    assert type(sklearn.base.clone(watched)) is LogisticRegression
    assert b"the-key" not in pickle.dumps(watched)
    for other in (pickle.loads(pickle.dumps(watched)), copy.copy(watched), copy.deepcopy(watched)):
        assert isinstance(other, tocsin.Watched)
        assert list(other.predict(X)) == list(model.predict(X))
    assert tocsin.flush(10)
    assert [one["version"] for one in server.records()] == ["3"] * 3 * len(X)


def test_predictions_of_many_threads_keep_their_ids(server: StandIn, client: MakeClient) -> None:
    to = client()
    model = tocsin.watch(Doubles(), name="m", client=to)
    expected: Dict[str, Any] = {}

    def predict(start: int) -> None:
        for n in range(start, start + 50):
            predictions, ids = model.predict_with_ids(numpy.array([[float(n)], [n + 0.5]]))
            expected.update(zip(ids, predictions))

    threads = [threading.Thread(target=predict, args=(start * 1000,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(expected) == 800
    assert {one["id"]: one["prediction"] for one in sent(server, to)} == expected


def test_an_asynchronous_model_is_awaited(server: StandIn, client: MakeClient) -> None:
    class Later:
        async def predict(self, X: Any) -> List[int]:
            await asyncio.sleep(0)
            return [int(row[0]) for row in X]

    to = client()
    model = tocsin.watch(Later(), name="m", client=to)

    async def main() -> List[List[int]]:
        return list(await asyncio.gather(model.predict([[1]]), model.predict([[2], [3]])))

    assert asyncio.run(main()) == [[1], [2, 3]]
    assert sorted(one["prediction"] for one in sent(server, to)) == [1, 2, 3]


def test_memory_of_copies_is_used_again_and_no_two_calls_share_it(server: StandIn, client: MakeClient) -> None:
    to = client(interval=60)
    X = numpy.empty((1000, 5))
    for turn in range(3):
        for n in range(4):
            X[:] = turn * 10 + n
            tocsin.watch(Doubles(numpy.full(1000, n)), name="m", client=to).predict(X)
        assert to.flush(20)
    kept = {(one["prediction"], one["features"]["x0"], one["features"]["x4"]) for one in server.records()}
    assert kept == {(n, turn * 10 + n, turn * 10 + n) for turn in range(3) for n in range(4)}
    assert to.stats().sent == 12_000


def test_rows_may_be_named_and_other_methods_may_count(server: StandIn, client: MakeClient) -> None:
    class Served:
        def predict(self, data: Any, params: Any = None) -> List[int]:
            return [1 for _ in data]

        def rank(self, rows: Any, at: int = 3) -> List[int]:
            return [at for _ in rows]

    to = client()
    model = tocsin.watch(Served(), name="m", methods=["predict", "rank"], client=to)
    assert model.predict(data=[{"a": 1}], params={}) == [1]
    assert model.rank([{"a": 2}], at=5, ids=["r"]) == [5]
    assert [(one.get("id"), one["prediction"], one["features"]) for one in sent(server, to)] == [
        (None, 1, {"a": 1}),
        ("r", 5, {"a": 2}),
    ]


@pytest.mark.parametrize("prediction", ["spam", 3.5, numpy.float64(3.5), numpy.array(3.5), None])
def test_a_single_prediction_is_one_record(server: StandIn, client: MakeClient, prediction: Any) -> None:
    class Single:
        def predict(self, X: Any) -> Any:
            return prediction

    to = client()
    model = tocsin.watch(Single(), name="m", client=to)
    assert model.predict([{"a": 1}]) is prediction
    assert len(model.predict_with_ids([{"a": 1}]).ids) == 1
    records = sent(server, to)
    if prediction is None:
        assert records == [] and to.stats().rejected == 2
    else:
        assert [one["prediction"] for one in records] == [prediction if prediction == "spam" else 3.5] * 2
