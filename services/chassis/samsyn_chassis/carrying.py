"""Spans that nobody keeps: they carry the trace from hop to hop, and cost next to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, TraceFlags

_IDS = RandomIdGenerator()


class CarryingProvider(trace.TracerProvider):
    """For a service without a collector."""

    def get_tracer(self, *_of: Any, **_more: Any) -> trace.Tracer:
        """The one tracer."""
        return _CarryingTracer()


class _CarryingTracer(trace.Tracer):
    # Narrower than the API, whose other arguments tell what nobody keeps.
    def start_span(self, name: str, context: Context | None = None, **_told: Any) -> Span:  # type: ignore[override]
        """A span of the trace that the context is in, or of a new one."""
        parent = trace.get_current_span(context).get_span_context()
        trace_id = parent.trace_id if parent.is_valid else _IDS.generate_trace_id()
        flags = parent.trace_flags if parent.is_valid else TraceFlags(TraceFlags.SAMPLED)
        return NonRecordingSpan(SpanContext(trace_id, _IDS.generate_span_id(), is_remote=False, trace_flags=flags))

    @contextmanager
    def start_as_current_span(  # type: ignore[override]
        self, name: str, context: Context | None = None, **_told: Any
    ) -> Iterator[Span]:
        """As `start_span`, for what is done within."""
        with trace.use_span(self.start_span(name, context)) as opened:
            yield opened
