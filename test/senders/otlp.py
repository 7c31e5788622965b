"""What an application measures with the OpenTelemetry SDK; the exporter finds the receiver in the environment."""

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

provider = MeterProvider(metric_readers=[PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=60_000)])
meter = provider.get_meter("churn")
predictions = meter.create_counter("predictions")
duration = meter.create_histogram("predict.duration", unit="s", explicit_bucket_boundaries_advisory=[0.1, 0.5, 1, 2])
for _ in range(5):
    predictions.add(1, {"outcome": "error"})
    duration.record(0.8)
provider.force_flush()
# Sends the same points again.
provider.shutdown()
