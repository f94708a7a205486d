"""OTLP spans in Zipkin's form (version 2 of its JSON): a pure translation."""

from collections.abc import Iterable, Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

KINDS = {
    Span.SPAN_KIND_SERVER: "SERVER",
    Span.SPAN_KIND_CLIENT: "CLIENT",
    Span.SPAN_KIND_PRODUCER: "PRODUCER",
    Span.SPAN_KIND_CONSUMER: "CONSUMER",
}


def zipkin_spans(request: ExportTraceServiceRequest) -> Iterator[dict[str, object]]:
    """Each span of the request; times are microseconds since 1970, ids lower-case hexadecimal."""
    for resource_spans in request.resource_spans:
        service = _tags(resource_spans.resource.attributes).get("service.name", "unknown")
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield _zipkin_span(span, service)


def _zipkin_span(span: Span, service: str) -> dict[str, object]:
    said: dict[str, object] = {
        "traceId": span.trace_id.hex(),
        "id": span.span_id.hex(),
        "name": span.name,
        "timestamp": span.start_time_unix_nano // 1000,
        # Zipkin takes 0 for "not known".
        "duration": max(1, (span.end_time_unix_nano - span.start_time_unix_nano) // 1000),
        "localEndpoint": {"serviceName": service},
        "tags": {**_tags(span.attributes), **_links(span), **_error(span)},
        "annotations": [{"timestamp": event.time_unix_nano // 1000, "value": event.name} for event in span.events],
    }
    if span.parent_span_id:
        said["parentId"] = span.parent_span_id.hex()
    if span.kind in KINDS:
        said["kind"] = KINDS[span.kind]
    return said


def _tags(attributes: Iterable[KeyValue]) -> dict[str, str]:
    return {attribute.key: _text(attribute.value) for attribute in attributes}


def _text(value: AnyValue) -> str:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return ", ".join(_text(item) for item in value.array_value.values)
    return "" if kind is None else str(getattr(value, kind)).strip()


def _links(span: Span) -> dict[str, str]:
    """Zipkin knows no links between traces: their trace ids become tags that can be searched."""
    return {f"link.{number}": link.trace_id.hex() for number, link in enumerate(span.links)}


def _error(span: Span) -> dict[str, str]:
    return {"error": span.status.message or "error"} if span.status.code == Status.STATUS_CODE_ERROR else {}
