"""One trace through the adapter."""

from opentelemetry import trace
from samsyn_adapter_sdk.telemetry import hearing_span, saying_span

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def test_hearing_is_part_of_the_trace_of_the_event() -> None:
    with hearing_span("skatteverket", "PlanPublished", "e1", f"00-{TRACE_ID}-b7ad6b7169203331-01"):
        assert f"{trace.get_current_span().get_span_context().trace_id:032x}" == TRACE_ID


def test_an_answer_is_a_trace_of_its_own() -> None:
    with saying_span("skatteverket", "ParticipationAccepted", f"00-{TRACE_ID}-b7ad6b7169203331-01") as traceparent:
        assert TRACE_ID not in traceparent
