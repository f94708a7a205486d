"""What the codec takes and refuses, and where it says the fault is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from samsyn_contracts.bus import MAX_DEPTH, MAX_EVENT_BYTES, envelope_of, event_of, facts_of, message_of, raw_attribute
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.rejection import RefusedError, is_replayable, rejection

from tests.contract.saying import a_body, encoded, some_headers

TYPE = "se.samsyn.PoliceCancelled.v1"


def refusals_of_body(body: bytes | None, event_type: str = TYPE) -> list[tuple[str, str]]:
    with pytest.raises(RefusedError) as refused:
        message_of(event_type, body)
    return [(reason.code, reason.pointer) for reason in refused.value.reasons]


def refusals_of_headers(headers: list[tuple[str, bytes | None]]) -> list[tuple[str, str]]:
    with pytest.raises(RefusedError) as refused:
        envelope_of(headers)
    return [(reason.code, reason.pointer) for reason in refused.value.reasons]


def test_an_event_is_read_from_its_headers_and_its_body() -> None:
    event = event_of(some_headers(), encoded(a_body()))
    assert isinstance(event.message, PoliceCancelled)
    assert event.envelope.subject == event.message.capacity_id


def test_an_unknown_field_is_ignored() -> None:
    told = a_body(a_field_of_tomorrow={"anything": [1, 2]})
    assert message_of(TYPE, encoded(told)) == message_of(TYPE, encoded(a_body()))


def test_an_unknown_header_is_ignored() -> None:
    assert envelope_of([*some_headers(), ("x-own", b"\xff"), ("ce_tomorrow", b"1")]) == envelope_of(some_headers())


def test_an_unknown_type_is_refused() -> None:
    assert refusals_of_body(b"{}", "se.samsyn.WeatherChanged.v1") == [("unknown_type", "/headers/ce_type")]


def test_null_is_refused_where_it_stands() -> None:
    assert refusals_of_body(encoded(a_body(officers_left=None))) == [("null_not_allowed", "/officers_left")]


def test_null_in_an_unknown_field_is_refused_too() -> None:
    assert refusals_of_body(encoded(a_body(new=[{"inner": None}]))) == [("null_not_allowed", "/new/0/inner")]


def test_a_missing_field_is_named() -> None:
    assert refusals_of_body(encoded(a_body(capacity_id=...))) == [("missing_field", "/capacity_id")]


def test_every_fault_is_named_at_once() -> None:
    body = encoded(a_body(capacity_id="nobody's", officers_left=-1))
    assert refusals_of_body(body) == [("invalid_field", "/capacity_id"), ("invalid_field", "/officers_left")]


def test_a_nested_fault_is_named_by_its_place() -> None:
    site = {**a_body("InspectionProposed")["site"], "municipality": "Göteborg"}
    body = encoded(a_body("InspectionProposed", site=site))
    assert refusals_of_body(body, "se.samsyn.InspectionProposed.v1") == [("invalid_field", "/site/municipality")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("officers_left", "2"),
        ("officers_left", True),
        ("may_return_at", 1746541800),
        ("may_return_at", "1746541800"),
        ("may_return_at", "2025-05-06"),
        ("may_return_at", "2025-05-06T18:00:00"),
        ("may_return_at", "2025-02-30T18:00:00Z"),
        ("may_return_at", "0001-01-01T00:00:00+14:00"),
        ("cause_code", "with\u0000nul"),
        ("cause_code", "half \ud800 of a pair"),
        ("capacity_id", "polisen:1\n"),
    ],
)
def test_what_the_schema_refuses_is_refused(field: str, value: Any) -> None:
    assert refusals_of_body(encoded(a_body(**{field: value}))) == [("invalid_field", f"/{field}")]


def test_digits_of_other_scripts_are_no_municipality() -> None:
    body = encoded(a_body("DisturbanceReported", municipality="١٤٨٠"))
    assert refusals_of_body(body, "se.samsyn.DisturbanceReported.v1") == [("invalid_field", "/municipality")]


@pytest.mark.parametrize("body", [None, b"", b"\xff\xfe", b"[]", b'"text"', b"{", b'{"a": 1} x', b"\x00" * 40])
def test_garbage_is_not_json(body: bytes | None) -> None:
    assert refusals_of_body(body) == [("not_json", "")]


@pytest.mark.parametrize("body", [b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}'])
def test_what_is_not_a_number_is_not_json(body: bytes) -> None:
    assert refusals_of_body(body) == [("not_json", "")]


def test_a_number_beyond_all_bounds_is_refused() -> None:
    body = encoded(a_body()).replace(b'"officers_left": 2', b'"officers_left": 1e999')
    assert refusals_of_body(body) == [("invalid_field", "/officers_left")]


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**400])
def test_an_integer_beyond_64_bits_is_refused_wherever_it_stands(number: int) -> None:
    assert refusals_of_body(encoded(a_body(new=[number]))) == [("invalid_field", "/new/0")]


def test_a_header_larger_than_an_event_is_refused_for_its_size() -> None:
    with pytest.raises(RefusedError, match="too_large"):
        envelope_of([("ce_id", b"x" * (MAX_EVENT_BYTES + 1))])


def test_a_number_of_ten_thousand_digits_is_refused() -> None:
    assert refusals_of_body(b'{"a": ' + b"9" * 10_000 + b"}") == [("not_json", "")]


def test_a_key_said_twice_is_refused() -> None:
    assert refusals_of_body(b'{"capacity_id": "polisen:1", "capacity_id": "polisen:2"}') == [("not_json", "")]


def test_a_body_of_the_greatest_size_is_read() -> None:
    body = encoded(a_body(padding=""))
    body = encoded(a_body(padding="x" * (MAX_EVENT_BYTES - len(body))))
    assert len(body) == MAX_EVENT_BYTES
    assert isinstance(message_of(TYPE, body), PoliceCancelled)


def test_one_byte_more_is_too_large() -> None:
    assert refusals_of_body(b" " * (MAX_EVENT_BYTES + 1)) == [("too_large", "")]


def test_nesting_beyond_the_depth_is_refused() -> None:
    nested: object = "deep"
    for _ in range(MAX_DEPTH):
        nested = [nested]
    assert refusals_of_body(encoded({"a": nested})) == [("too_deep", "/a" + "/0" * MAX_DEPTH)]


def test_nesting_beyond_what_a_parser_bears_is_refused() -> None:
    assert refusals_of_body(b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}") == [("too_deep", "")]


def test_a_key_that_is_no_field_name_is_not_echoed() -> None:
    assert refusals_of_body(encoded({"19700101-1234 Anna": None})) == [("null_not_allowed", "")]


def test_a_header_that_is_not_utf8_is_refused() -> None:
    assert refusals_of_headers(some_headers(agencyref=b"\xff")) == [("header_not_utf8", "/headers/ce_agencyref")]


@pytest.mark.parametrize("name", ["id", "source", "type", "time", "centre", "environment"])
def test_a_missing_header_is_named(name: str) -> None:
    assert refusals_of_headers(some_headers(**{name: None})) == [("header_missing", f"/headers/ce_{name}")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "x" * 65),
        ("id", "with space"),
        ("source", "polisen"),
        ("type", "PoliceCancelled"),
        ("time", "1746541800"),
        ("time", "2025-05-06T18:00:00"),
        ("centre", "Väst"),
        ("environment", "staging"),
        ("sequence", "-1"),
        ("sequence", "9" * 30),
        ("subject", "polisen:1\0"),
        ("subject", "x" * 201),
        ("specversion", "0.3"),
        ("traceparent", "00-zz"),
    ],
)
def test_a_header_of_the_wrong_form_is_named(name: str, value: str) -> None:
    key = name if name == "traceparent" else f"ce_{name}"
    assert refusals_of_headers(some_headers(**{name: value})) == [("header_invalid", f"/headers/{key}")]


def test_a_header_said_twice_is_refused() -> None:
    headers = [*some_headers(), ("ce_source", b"urn:samsyn:skatteverket")]
    assert refusals_of_headers(headers) == [("header_invalid", "/headers/ce_source")]


def test_more_headers_than_allowed_are_refused() -> None:
    headers: list[tuple[str, bytes | None]] = [(f"x-{number}", b"") for number in range(65)]
    assert refusals_of_headers([*headers, *some_headers()]) == [("header_invalid", "/headers")]


def test_an_attribute_is_found_in_headers_that_are_broken() -> None:
    headers = some_headers(agencyref=b"\xff", time=None)
    assert raw_attribute(headers, "centre") == "akc-vast"


@pytest.mark.parametrize("value", [b"\xff", b"x" * 65, b"line\nbreak", "å".encode()])
def test_a_broken_attribute_is_not_read(value: bytes) -> None:
    assert raw_attribute(some_headers(id=value), "id") is None


def test_a_refusal_may_be_tried_again_only_if_every_reason_may_pass() -> None:
    assert is_replayable((rejection("unknown_id"),))
    assert not is_replayable((rejection("unknown_id"), rejection("not_owner")))


def test_an_unknown_reason_does_not_promise_that_a_retry_helps() -> None:
    tomorrow = rejection("unknown_id").model_copy(update={"code": "reason_of_tomorrow"})
    assert not is_replayable((tomorrow,))


def test_a_refusal_never_holds_what_was_said() -> None:
    with pytest.raises(RefusedError) as refused:
        message_of(TYPE, encoded(a_body(cause_code="Secret Sentence")))
    assert "Secret" not in str(refused.value) + json.dumps([r.model_dump() for r in refused.value.reasons])


def test_facts_are_read_as_they_were_written() -> None:
    assert facts_of(b'{"a": [1, 2.5, "\xc3\xa5", true]}') == {"a": [1, 2.5, "å", True]}
