"""An operation that may be compromised is shown as held by whoever said so first, until the centre lets go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import Request
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.compromised import may_be_feared
from samsyn_adapter_desk.domain.duties import Knowledge, duties
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_adapter_desk.people import Language, Person, Seat
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.sign_in import Visitor
from samsyn_contracts import operations
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.message import Message

from tests.unit.desk.told import (
    CENTRE,
    NOW,
    OPERATION,
    OTHER,
    OWN,
    a_told,
    after,
    an_envelope,
    an_operation,
    known,
    the,
)


def feared(by: str = OTHER, **changed: Any) -> OperationCompromised:
    told = {"operation_id": OPERATION, "told_by": by, "how": "leaked", "by_function": "samordnare"}
    return OperationCompromised.model_validate({**told, **changed})


CLEARED = OperationCleared(
    operation_id=OPERATION, centre=CENTRE, by_function="samordnare", reason_code="not_compromised"
)


def held(by: str = OTHER, event_id: str = "f1", **operation: Any) -> OperationCard:
    return the(OperationCard, after(feared(by), an_operation(**operation), event_id=event_id, by=by))


def said(message: Message, card: Card, event_id: str = "o1") -> OperationCard:
    (shown,) = say(message, an_envelope(event_id, party=OWN), known(card))
    assert isinstance(shown, OperationCard)
    return shown


def test_it_is_held_with_who_said_so_and_how() -> None:
    card = held()

    assert card.is_compromised
    assert card.compromise is not None
    assert (card.compromise.by_party, card.compromise.how, card.compromise.told_at) == (OTHER, "leaked", NOW)


def test_who_says_it_after_another_changes_nothing() -> None:
    assert after(feared(CENTRE), held(), event_id="f2", by=CENTRE) == {}


def test_what_is_over_is_not_held_any_more_and_is_let_go_all_the_same() -> None:
    assert after(feared(), an_operation(state="completed")) == {}

    over = held().model_copy(update={"state": "completed"})
    assert not the(OperationCard, after(CLEARED, over, by=CENTRE)).is_compromised


def test_a_new_plan_leaves_it_held() -> None:
    moved = after(a_told(operations.OperationConfirmed, plan_version=5), held())

    assert the(OperationCard, moved).is_compromised


def test_it_is_held_until_the_centre_lets_go_and_may_be_held_again() -> None:
    let_go = the(OperationCard, after(CLEARED, held(), event_id="c1", by=CENTRE))
    again = the(OperationCard, after(feared(), let_go, event_id="f2", by=OTHER))

    assert (let_go.is_compromised, again.is_compromised) == (False, True)
    assert after(CLEARED, let_go, by=CENTRE) == {}


def test_an_own_word_shows_at_once_and_is_taken_back_if_it_is_refused() -> None:
    card = said(feared(OWN), an_operation())

    assert card.is_compromised
    assert refuse(card, "o1") == an_operation()
    assert refuse(card, "another") == card


@pytest.mark.parametrize(("language", "who", "how"), [("sv", "Skatteverket", "läckt"), ("en", "Tax", "leaked")])
def test_the_centre_is_asked_to_decide_and_told_by_whom_and_how(language: Language, who: str, how: str) -> None:
    seat = Seat(CENTRE, "centre_coordinator", "samordnare")
    text = rendered("todo.html", seat, language, duties=duties(seat, Knowledge((held(),)), NOW), refused=[], note=str)

    assert f'href="/do/cleared?operation_id={quote(OPERATION)}&amp;centre={CENTRE}"' in text.replace(
        "&centre", "&amp;centre"
    )
    assert who in text
    assert how in text


@pytest.mark.parametrize(
    ("seat", "before", "after"),
    [
        (Seat(CENTRE, "centre_coordinator", "samordnare"), "compromised", "cleared"),
        (Seat(OWN, "agency_coordinator", "samordnare"), "compromised", None),
        (Seat(OWN, "reader", "samordnare"), None, None),
    ],
)
def test_the_operations_page_offers_what_the_seat_may_say_and_tells_that_it_is_held(
    seat: Seat, before: str | None, after: str | None
) -> None:
    pages = [operation_page(seat, card) for card in (an_operation(), held())]

    assert [[name for name in ("compromised", "cleared") if f"/do/{name}?" in text] for text in pages] == [
        [name] if name else [] for name in (before, after)
    ]
    assert ["stoppad, kan vara röjd" in text for text in pages] == [False, True]


def test_that_it_may_be_compromised_is_offered_until_its_session_has_ended() -> None:
    seat, card = Seat(OWN, "agency_coordinator", "samordnare"), an_operation(state="started")
    last, over = card.slot.end_at - timedelta(seconds=1), card.slot.end_at

    assert [("/do/compromised?" in operation_page(seat, card, now)) for now in (last, over)] == [True, False]
    assert may_be_feared(an_operation(state="postponed"), over)
    assert not may_be_feared(an_operation(state="cancelled"), last)


def operation_page(seat: Seat, card: OperationCard, now: datetime = NOW) -> str:
    shown = dict.fromkeys(("change", "causes", "backup", "questions", "calls", "roles", "own", "notable", "story"), ())
    told = {
        "card": card,
        "not_seen_by": (),
        "is_to_acknowledge": False,
        "part_state": str,
        "note": str,
        "near": timedelta(hours=2),
        "may_be_feared": may_be_feared(card, now),
    }
    return rendered("operation.html", seat, "sv", **shown, **told)


def rendered(template: str, seat: Seat, language: Language, **shown: Any) -> str:
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"d")]})
    who = Visitor(Person("s", "N", (seat,), language), seat, language, "csrf", NOW + timedelta(hours=1))
    return bytes(Pages(Assets()).page(request, who, template, NOW, **shown).body).decode()


def test_a_letting_go_that_is_refused_leaves_it_held() -> None:
    card = said(CLEARED, held())

    assert not card.is_compromised
    assert refuse(card, "o1") == held()
