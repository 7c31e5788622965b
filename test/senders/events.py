"""What programs do with the real clients of PagerDuty and Opsgenie. BASE is where they send; REQUESTS_CA_BUNDLE and SSL_CERT_FILE name the CA."""

import json
import os
from datetime import datetime, timezone

import opsgenie_sdk
import pagerduty
import pypd

base, ca = os.environ["BASE"], os.environ["SSL_CERT_FILE"]
said = {}

events = pagerduty.EventsApiV2Client(os.environ["ROUTING_KEY"], base_url=base)
key = events.trigger(
    "Accuracy of churn v7 fell to 0.71",
    "churn-batch",
    dedup_key="churn/accuracy",
    severity="critical",
    payload={"class": "accuracy-drop"},
    custom_details={"accuracy": 0.71, "model": "churn"},
)
said["key"] = key
said["made"] = events.trigger("Drift without a key", "churn-batch")
events.acknowledge(key)
events.resolve(said["made"])
for _ in range(2):
    events.submit(
        "Deployed churn v8",
        "ci",
        custom_details={"model": "churn", "version": 8},
        links=[{"href": "https://ci.example/8", "text": "run"}],
        timestamp=datetime.now(timezone.utc).replace(microsecond=0, minute=0).isoformat(),
    )
try:
    pagerduty.EventsApiV2Client("wrong", base_url=base).trigger("a", "b")
except Exception as error:
    said["wrong key"] = str(error)

pypd.EventV2.base_url = base + "/v2/enqueue"
sent = {"summary": "PSI 0.31", "severity": "warning", "source": "churn-batch"}
pypd.EventV2.create(
    data={"routing_key": os.environ["ROUTING_KEY"], "event_action": "trigger", "dedup_key": "churn/drift", "payload": sent}
)

config = opsgenie_sdk.configuration.Configuration()
config.api_key["Authorization"] = os.environ["API_KEY"]
config.host, config.ssl_ca_cert = base, ca
alerts = opsgenie_sdk.AlertApi(opsgenie_sdk.api_client.ApiClient(configuration=config))
payload = opsgenie_sdk.CreateAlertPayload(message="Rows are missing", alias="rows/today", priority="P1", entity="rows", tags=["etl"])
created = alerts.create_alert(create_alert_payload=payload)
said["created"] = alerts.get_request_status(created.request_id).data.is_success
other = opsgenie_sdk.CreateAlertPayload(message="Late", alias="late", priority="P3")
alerts.create_alert(create_alert_payload=other)
note = opsgenie_sdk.AddNoteToAlertPayload(user="ana", note="looking")
alerts.add_note("rows/today", identifier_type="alias", add_note_to_alert_payload=note)
taken = opsgenie_sdk.AcknowledgeAlertPayload(user="ana", note="on it")
alerts.acknowledge_alert("rows/today", identifier_type="alias", acknowledge_alert_payload=taken)
alerts.close_alert("late", identifier_type="alias", close_alert_payload=opsgenie_sdk.CloseAlertPayload(note="done"))
config.api_key["Authorization"] = "wrong"
try:
    alerts.create_alert(create_alert_payload=payload)
except Exception as error:
    said["wrong api key"] = error.status

print(json.dumps(said))
