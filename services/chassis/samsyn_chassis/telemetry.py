"""Traces through every hop and metrics of every service: OpenTelemetry, P0 and P1 data only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, StatusCode
from opentelemetry.trace import SpanKind as SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from samsyn_chassis.carrying import CarryingProvider

_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("samsyn")
METER = metrics.get_meter("samsyn")

handled = METER.create_counter("samsyn_events_handled", description="events whose effect was committed, by type")
repeated = METER.create_counter("samsyn_events_repeated", description="events that had been handled before")
set_aside = METER.create_counter("samsyn_events_set_aside", description="records in the dead-letter topic")
unreadable = METER.create_counter(
    "samsyn_records_unreadable", description="records stepped over, in unreadable batches"
)
parked = METER.create_counter("samsyn_outbox_parked", description="outbox rows that can never be sent")


def start_telemetry(service: str, otlp: str | None) -> None:
    """Every span is kept (traffic is under one event a minute); without a collector spans only carry the context."""
    resource = Resource.create({"service.name": service})
    trace.set_tracer_provider(CarryingProvider() if otlp is None else _keeping(resource, otlp))
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=[PrometheusMetricReader()]))


def _keeping(resource: Resource, otlp: str) -> TracerProvider:
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=f"{otlp.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    return provider


@contextmanager
def span(name: str, traceparent: str | None = None, kind: SpanKind = SpanKind.INTERNAL, **told: str) -> Iterator[Span]:
    """A span under the given W3C trace context, or under the current one; `told` becomes its attributes.

    Of an error it tells the type alone: texts of errors hold values.
    """
    context = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    with _TRACER.start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=_named(told),
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened
        except Exception as error:
            opened.set_status(StatusCode.ERROR, type(error).__name__)
            raise


def traceparent() -> str | None:
    """The W3C trace context of the current span."""
    current = trace.get_current_span().get_span_context()
    if not current.is_valid:
        return None
    return f"00-{current.trace_id:032x}-{current.span_id:016x}-{current.trace_flags:02x}"


def _named(told: Mapping[str, str]) -> dict[str, str]:
    return {f"samsyn.{name}": value for name, value in told.items()}
