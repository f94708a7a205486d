"""What a span tells of an error: its type, and nothing of what was said."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from samsyn_chassis import telemetry


def test_a_span_tells_the_type_of_an_error_and_not_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(telemetry, "_TRACER", provider.get_tracer("any"))

    with pytest.raises(ValueError, match="of somebody"), telemetry.span("handle"):
        raise ValueError("the secret of somebody")

    (told,) = kept.get_finished_spans()
    assert (told.status.status_code, told.status.description) == (StatusCode.ERROR, "ValueError")
    assert "secret" not in told.to_json()
