"""OTLP spans in Zipkin's form."""

from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status
from samsyn_local.zipkin_form import zipkin_spans


def zipkin_form(span: Span) -> dict[str, Any]:
    service = KeyValue(key="service.name", value=AnyValue(string_value="planning"))
    spans = ResourceSpans(resource=Resource(attributes=[service]), scope_spans=[ScopeSpans(spans=[span])])
    return next(zipkin_spans(ExportTraceServiceRequest(resource_spans=[spans])))


def a_span(**said: Any) -> Span:
    given = {"trace_id": bytes(range(16)), "span_id": b"\x01" * 8, "name": "replan", **said}
    return Span(start_time_unix_nano=5_000_000, end_time_unix_nano=9_000_000, **given)


def test_ids_are_hexadecimal_and_times_microseconds() -> None:
    form = zipkin_form(a_span(parent_span_id=b"\x02" * 8))
    assert (form["traceId"], form["id"]) == ("000102030405060708090a0b0c0d0e0f", "01" * 8)
    assert (form["parentId"], form["timestamp"], form["duration"]) == ("02" * 8, 5000, 4000)


def test_the_service_and_the_kind_are_told() -> None:
    form = zipkin_form(a_span(kind=Span.SPAN_KIND_CONSUMER))
    assert (form["localEndpoint"], form["kind"]) == ({"serviceName": "planning"}, "CONSUMER")


def test_an_inner_span_has_no_kind_and_a_root_no_parent() -> None:
    form = zipkin_form(a_span(kind=Span.SPAN_KIND_INTERNAL))
    assert "kind" not in form
    assert "parentId" not in form


def test_a_span_of_no_length_lasts_one_microsecond() -> None:
    span = a_span()
    span.end_time_unix_nano = span.start_time_unix_nano
    assert zipkin_form(span)["duration"] == 1


def test_attributes_become_text() -> None:
    names = AnyValue(array_value=ArrayValue(values=[AnyValue(string_value="a"), AnyValue(int_value=2)]))
    attributes = [KeyValue(key="count", value=AnyValue(int_value=3)), KeyValue(key="names", value=names)]
    assert zipkin_form(a_span(attributes=attributes))["tags"] == {"count": "3", "names": "a, 2"}


def test_a_link_becomes_a_tag_with_the_other_trace() -> None:
    assert zipkin_form(a_span(links=[Span.Link(trace_id=b"\x03" * 16)]))["tags"] == {"link.0": "03" * 16}


def test_a_failed_span_is_marked_as_an_error() -> None:
    status = Status(code=Status.STATUS_CODE_ERROR, message="no database")
    assert zipkin_form(a_span(status=status))["tags"] == {"error": "no database"}
