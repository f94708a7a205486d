"""The forms of the HTTPS profile, read into what a party says, and every error that it may be told."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st
from samsyn_contracts.bus import headers_of
from samsyn_contracts.register import load_register
from samsyn_contracts.rejection import RejectionCode, rejection
from samsyn_contracts.web import BATCH, BINARY, STRUCTURED, batch, structured
from samsyn_exchange.api.errors import ERRORS, Retry, catalogue, refused, status_of, table
from samsyn_exchange.api.forms import Form, form_of, pointer_into, said_in
from samsyn_exchange.domain.admission import Admitted, Said, admit

from tests.unit.exchange.saying import RECEIVED_AT, an_event

ROOT = Path(__file__).parents[3]


def a_request(content_type: str, headers: list[tuple[str, str]] | None = None) -> Request:
    told = [("content-type", content_type), *(headers or [])]
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in told]
    return Request({"type": "http", "headers": raw})


def only(said: list[object]) -> Said:
    (one,) = said
    assert isinstance(one, Said)
    return one


@settings(max_examples=30, deadline=None)
@given(agencyref=st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\x7f"), max_size=40))
def test_the_same_event_is_kept_the_same_whichever_form_it_takes(agencyref: str) -> None:
    event = an_event("PoliceCancelled")
    envelope = event.envelope.model_copy(update={"agencyref": agencyref})
    headers, body = headers_of(envelope), event.message.body()
    in_headers = [(key.replace("ce_", "ce-"), percent_encoded(value)) for key, value in headers]

    forms = [
        only(list(said_in("binary", "polisen", a_request(BINARY, in_headers), body))),
        only(list(said_in("structured", "polisen", a_request(STRUCTURED), structured(headers, body).encode()))),
        only(list(said_in("batch", "polisen", a_request(BATCH), batch([structured(headers, body)]).encode()))),
    ]

    kept = [admit(said, load_register(), "test", RECEIVED_AT) for said in forms]
    assert all(isinstance(one, Admitted) for one in kept)
    assert kept[0] == kept[1] == kept[2]
    assert {(said.topic, said.partition, said.offset, said.party) for said in forms} == {("https", 0, -1, "polisen")}


def percent_encoded(value: bytes) -> str:
    return "".join(f"%{sign:02X}" for sign in value)


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("application/json", "binary"),
        ("Application/CloudEvents+JSON; charset=UTF-8", "structured"),
        ("application/cloudevents-batch+json", "batch"),
        ("application/cloudevents+xml", None),
        ("", None),
    ],
)
def test_the_content_type_names_the_form(content_type: str, form: Form | None) -> None:
    assert form_of(a_request(content_type)) == form


@pytest.mark.parametrize(
    ("code", "pointer", "in_binary", "in_structured"),
    [
        ("unknown_centre", "/headers/ce_centre", "/headers/ce-centre", "/centre"),
        ("header_invalid", "/headers/traceparent", "/headers/traceparent", "/traceparent"),
        ("header_invalid", "/headers", "/headers", ""),
        ("missing_field", "/site/municipality", "/site/municipality", "/data/site/municipality"),
        ("not_json", "", "", "/data"),
        ("too_large", "", "", ""),
    ],
)
def test_pointers_lead_into_what_was_sent(
    code: RejectionCode, pointer: str, in_binary: str, in_structured: str
) -> None:
    reason = rejection(code, pointer)
    forms: tuple[Form, ...] = ("binary", "structured", "batch")
    assert [pointer_into(form, reason) for form in forms] == [in_binary, in_structured, in_structured]


@pytest.mark.parametrize("body", [b"\xff", b"", b"{", b"17"])
def test_what_is_no_event_is_told_so_in_its_place(body: bytes) -> None:
    (unreadable,) = said_in("structured", "polisen", a_request(STRUCTURED), body)
    assert [reason.code for reason in getattr(unreadable, "reasons", ())] == ["not_json"]


def test_every_reason_and_every_error_stands_in_the_catalogue() -> None:
    told = {(one.of, one.code) for one in catalogue()}
    reasons = {("event", code) for code in get_args(RejectionCode)}
    assert told == reasons | {("request", code) for code in ERRORS}


def test_the_status_of_a_refused_event_says_whether_it_is_its_form_or_its_right() -> None:
    statuses = {code: status_of(code) for code in get_args(RejectionCode)}
    assert {code for code, status in statuses.items() if status == 403} == {
        "foreign_source",
        "wrong_environment",
        "not_allowed",
        "not_owner",
        "not_member",
    }
    assert (statuses["id_reused"], statuses["too_large"], statuses["missing_field"]) == (409, 413, 422)


def test_an_error_says_whether_to_try_again() -> None:
    told = {(one.of, one.code): one.retry for one in catalogue()}
    assert set(told.values()) == set(get_args(Retry))
    assert told["event", "unknown_id"] == "later"
    assert told["event", "superseded"] == "never"
    assert told["event", "missing_field"] == "after_mending"
    assert told["request", "away"] == "soon"


def test_who_shall_try_again_soon_is_told_when() -> None:
    assert "retry-after" in refused("away").headers
    assert "retry-after" not in refused("bad_query").headers


def test_the_readme_shows_the_catalogue() -> None:
    readme = (ROOT / "services/exchange/README.md").read_text("utf-8")
    assert table() in readme, "put what `python -m samsyn_exchange.api.errors` prints in the exchange's README"
