"""A service without a collector keeps no spans, and yet the trace goes on through it."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from samsyn_chassis.carrying import CarryingProvider

TRACER = CarryingProvider().get_tracer("any")
TRACE, PARENT = "a" * 32, "b" * 16


def under(flags: str) -> trace.SpanContext:
    """The span opened under a sender's context with such flags."""
    context = TraceContextTextMapPropagator().extract({"traceparent": f"00-{TRACE}-{PARENT}-{flags}"})
    with TRACER.start_as_current_span("any", context=context) as opened:
        return opened.get_span_context()


def test_a_span_belongs_to_its_senders_trace_and_is_another_than_its_parent() -> None:
    opened = under("01")

    assert (f"{opened.trace_id:032x}", f"{opened.span_id:016x}" == PARENT) == (TRACE, False)


def test_a_trace_that_its_sender_does_not_sample_stays_unsampled() -> None:
    assert under("00").trace_flags == 0


def test_what_comes_without_a_trace_begins_one_that_is_sampled() -> None:
    with TRACER.start_as_current_span("any"):
        current = trace.get_current_span().get_span_context()

    assert current.is_valid
    assert current.trace_flags.sampled


def test_a_span_within_another_is_of_the_same_trace() -> None:
    with TRACER.start_as_current_span("outer") as outer, TRACER.start_as_current_span("inner") as inner:
        assert inner.get_span_context().trace_id == outer.get_span_context().trace_id
