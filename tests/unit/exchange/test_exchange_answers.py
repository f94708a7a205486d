"""What a sender is told, and that the same record gets the same answer again."""

from __future__ import annotations

from datetime import timedelta

from samsyn_contracts.envelope import Event
from samsyn_contracts.register import load_register
from samsyn_contracts.rejection import RejectionCode, rejection
from samsyn_exchange.domain.admission import refusal
from samsyn_exchange.domain.answers import answer_admitted, answer_rejected, time_passed

from tests.unit.exchange.saying import CENTRE, RECEIVED_AT, a_record, an_event, some_headers

REGISTER = load_register()


def a_rejection(code: RejectionCode = "not_json", id_: bytes = b"e-1", digest: str = "d", minutes: int = 0) -> Event:
    refused = refusal(a_record(headers=some_headers(ce_id=id_)), REGISTER, rejection(code))
    return answer_rejected(refused, "polisen", digest, "test", RECEIVED_AT + timedelta(minutes=minutes))


def test_an_admission_names_the_event_and_when_it_came() -> None:
    event = an_event("PoliceCancelled")

    told = answer_admitted(event.envelope, RECEIVED_AT)

    assert told.message.subject == told.envelope.causationid == event.envelope.id


def test_an_event_that_comes_again_is_answered_with_the_same_words_and_id() -> None:
    event = an_event("PoliceCancelled")

    assert answer_admitted(event.envelope, RECEIVED_AT) == answer_admitted(event.envelope, RECEIVED_AT)


def test_a_record_read_again_later_is_refused_under_the_same_id() -> None:
    assert a_rejection().envelope.id == a_rejection(minutes=90).envelope.id


def test_another_try_with_the_same_id_gets_an_answer_of_its_own() -> None:
    assert a_rejection(digest="first").envelope.id != a_rejection(digest="second").envelope.id


def test_only_what_may_succeed_later_is_said_to_be_replayable() -> None:
    assert [a_rejection(code).message.model_dump()["replayable"] for code in ("unknown_id", "not_json")] == [
        True,
        False,
    ]


def test_a_refusal_about_no_known_centre_is_about_all() -> None:
    refused = refusal(a_record(headers=some_headers(ce_centre=b"akc-x")), REGISTER, rejection("unknown_centre"))

    assert answer_rejected(refused, "polisen", "d", "test", RECEIVED_AT).envelope.centre == "_all"


def test_the_same_instant_is_told_to_a_centre_under_the_same_id() -> None:
    assert time_passed(CENTRE, RECEIVED_AT, "test") == time_passed(CENTRE, RECEIVED_AT, "test")
