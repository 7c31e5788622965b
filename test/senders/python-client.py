"""A service with a model, from its training to labels that say that it is wrong. Ends as any program ends: nothing is flushed."""

import logging
import os

import numpy
import pandas
import tocsin
from sklearn.linear_model import LogisticRegression
from tocsin.integrations.logging import CountingHandler

logging.getLogger().addHandler(CountingHandler(source="logs", labels={"service": "churn-api"}))
assert "tocsin" in os.path.dirname(tocsin.__file__) and os.path.exists(os.path.join(os.path.dirname(tocsin.__file__), "py.typed"))

chosen = numpy.random.default_rng(0)
X = pandas.DataFrame({"tenure": chosen.integers(0, 72, 300), "charges": chosen.normal(70, 20, 300)})
X.loc[0, "charges"] = numpy.nan
y = (X["charges"].fillna(0) > 70).astype(int)

with tocsin.heartbeat("training") as run:
    trained = LogisticRegression().fit(X.fillna(0), y)
    run.progress(1, 1)
tocsin.baseline(X, model="churn", version=8, dataset="2026-11", prediction=trained.predict(X.fillna(0)), label=y)
tocsin.change("deploy", model="churn", version=8, previous_version="7", by="ana")

model = tocsin.watch(trained, name="churn", version=8, positive=1)
probabilities, ids = model.predict_proba_with_ids(X.fillna(0))
predictions = model.unwatched.predict(X.fillna(0))
# The world has changed.
tocsin.labels(ids, 1 - predictions, model="churn")


@tocsin.predictions(model="prices", ids="request")
def price(rooms: int, request: int) -> float:
    return rooms * 50.5


price(3, request=2**63 + 1)
tocsin.label(2**63 + 1, 100.0, model="prices")
logging.getLogger("churn.db").error("the password is s3cret")
