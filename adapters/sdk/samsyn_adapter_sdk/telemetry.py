"""One trace through the adapter: a span for each statement said and for each event heard."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()


def start_telemetry(agency: str, otlp: str | None) -> None:
    """Send the spans of this process to an OTLP address over HTTP; without one nothing is sent."""
    if otlp is None:
        return
    endpoint = otlp if otlp.endswith("/v1/traces") else f"{otlp.rstrip('/')}/v1/traces"
    provider = TracerProvider(resource=Resource.create({"service.name": f"samsyn-adapter-{agency}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)


def stop_telemetry() -> None:
    """Send what spans are left."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


@contextmanager
def saying_span(agency: str, message_name: str, answers: str | None) -> Iterator[str]:
    """Open the span of a statement, linked to the traceparent that it `answers`; yields its own traceparent."""
    links = [Link(context)] if answers and (context := _context(answers)).is_valid else []
    with _tracer().start_as_current_span(
        f"say {message_name}",
        kind=SpanKind.PRODUCER,
        links=links,
        attributes={"samsyn.party": agency},
        record_exception=False,  # exceptions may quote contents, and spans carry none
        set_status_on_exception=False,
    ) as span:
        yield _traceparent(span)


@contextmanager
def hearing_span(agency: str, message_name: str, event_id: str, traceparent: str | None) -> Iterator[None]:
    """Open the span of an event heard, in the trace of that event."""
    parent = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer().start_as_current_span(
        f"hear {message_name}",
        context=parent,
        kind=SpanKind.CONSUMER,
        attributes={"samsyn.party": agency, "samsyn.event_id": event_id},
        record_exception=False,
        set_status_on_exception=False,
    ):
        yield


def _tracer() -> trace.Tracer:
    return trace.get_tracer("samsyn-adapter-sdk")


def _context(traceparent: str) -> trace.SpanContext:
    return trace.get_current_span(_PROPAGATOR.extract({"traceparent": traceparent})).get_span_context()


def _traceparent(span: Span) -> str:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    # Where nobody collects spans the event still gets a trace of its own, so that the services' spans hang together.
    return carrier.get("traceparent") or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
