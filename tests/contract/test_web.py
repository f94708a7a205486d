"""How an event travels over HTTP: every form gives the record that Kafka would have carried."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_contracts.bus import Headers, event_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message
from samsyn_contracts.rejection import RefusedError
from samsyn_contracts.web import batch, record_headers, record_of, split_batch, structured

from tests.contract import any_message
from tests.contract.saying import ROOT, a_body, encoded, some_headers

# What an HTTP header shows as it is; CloudEvents has everything else percent-encoded.
SHOWN = "".join(chr(sign) for sign in range(0x21, 0x7F) if chr(sign) not in '"%')


def over_http(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Record headers as a client sends them in binary mode."""
    told = [(key.replace("ce_", "Ce-"), quote(value.decode(), safe=SHOWN)) for key, value in headers]
    return [(key.encode(), value.encode()) for key, value in told]


def refused_codes(text: str) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        record_of(text)
    return [reason.code for reason in refused.value.reasons]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_structured_and_binary_carry_the_same_event(data: st.DataObject) -> None:
    message_class: type[Message] = data.draw(st.sampled_from(list(MESSAGES.values())))
    body = encoded(data.draw(any_message.bodies(message_class)))
    told = data.draw(any_message.headers()) | {"ce_type": message_class.type_name()}
    headers = [(key, value.encode()) for key, value in told.items()]

    in_binary = record_headers(over_http(headers))
    in_structured, data_told = record_of(structured(headers, body))

    assert data_told == body
    assert dict(in_structured) == dict(in_binary) == dict(headers)
    assert event_of(in_structured, data_told) == event_of(in_binary, body)


def test_the_body_is_kept_as_it_was_written() -> None:
    written = '{ "a": 1e999, "b" : "\\ud800", "a": [1.0, {"data": 2}] }'
    assert record_of(f'{{"id": "e-1", "data": {written} }}')[1] == written.encode()


def test_an_attribute_that_is_null_is_absent() -> None:
    assert record_of('{"id": "e-1", "agencyref": null}') == ([("ce_id", b"e-1")], None)


def test_a_number_counts_as_its_digits() -> None:
    assert record_of('{"sequence": 17}')[0] == record_of('{"sequence": "17"}')[0] == [("ce_sequence", b"17")]


def test_an_attribute_said_twice_stays_twice_for_the_reader_to_refuse() -> None:
    assert record_of('{"id": "a", "id": "b"}')[0] == [("ce_id", b"a"), ("ce_id", b"b")]


def test_data_said_twice_is_no_body() -> None:
    headers, body = record_of(structured(some_headers(), encoded(a_body()))[:-1] + ', "data": {}}')
    with pytest.raises(RefusedError, match="not_json"):
        event_of(headers, body)


def test_what_no_attribute_could_be_called_is_ignored() -> None:
    assert record_of('{"Not An Attribute": 1, "id": "a"}')[0] == [("ce_id", b"a")]


@pytest.mark.parametrize("text", ["", "1", "[]", "{", '{"a": 1,}', '{"a" 1}', "{1: 2}", '{"a": 1} {}', '{"a": nul}'])
def test_what_is_no_json_object_is_no_event(text: str) -> None:
    assert refused_codes(text) == ["not_json"]


def test_what_is_nested_too_deep_is_no_event() -> None:
    assert refused_codes('{"data": ' + "[" * 100_000) == ["too_deep"]


def test_a_batch_comes_apart_into_the_events_it_was_made_of() -> None:
    events = [structured(some_headers(), encoded(a_body())), '{"id": "broken", "data": {"a": 1, "a": NaN}}', "17"]
    assert split_batch(f" {batch(events)}\n") == events


@pytest.mark.parametrize("text", ["", "{}", "[1", "[1,]", "[,1]", "[1] 2"])
def test_what_is_no_json_array_is_no_batch(text: str) -> None:
    with pytest.raises(RefusedError, match="not_json"):
        split_batch(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"Dnr%202025%2D17", "Dnr 2025-17"),
        (b"%C3%85klagaren", "Åklagaren"),
        (b'"Dnr \\"17\\""', 'Dnr "17"'),
        (b"100%", "100%"),
    ],
)
def test_header_values_are_decoded_as_the_binding_says(written: bytes, read: str) -> None:
    assert record_headers([(b"CE-AgencyRef", written)]) == [("ce_agencyref", read.encode())]


def test_the_events_own_trace_goes_before_that_of_the_request() -> None:
    assert record_headers([(b"traceparent", b"a"), (b"ce-traceparent", b"b")]) == [("traceparent", b"b")]
    assert record_headers([(b"traceparent", b"a"), (b"accept", b"b")]) == [("traceparent", b"a")]


def test_a_body_that_is_no_json_is_shown_in_base64() -> None:
    shown = json.loads(structured([("ce_id", b"a")], b"\xff"))
    assert (shown["id"], shown["data_base64"]) == ("a", "/w==")


def test_the_event_that_our_clients_begin_with_is_one() -> None:
    text = (ROOT / "contracts/clients/inspection_proposed.json").read_text("utf-8")
    assert event_of(*record_of(text)).message.owner == "skatteverket"
