"""Designated operation officers at the desk: slots told and taken back, and offers that say their experience."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import Request
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.cards_of_wishes import OfficerCard
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, FormError, draft
from samsyn_adapter_desk.domain.own_words import needs_of, say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_adapter_desk.people import MAY, Language, Person, Seat
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.sign_in import Visitor
from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.message import Message
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired

from tests.unit.desk.told import CENTRE, NOW, POLICE, an_envelope, by_name, known, the

SLOT, AREA = f"{POLICE}:city-1", "lpo-goteborg-city"
DESIGNATED = {"slot": "city-1", "area": AREA, "experience_band": "4+", "valid_from": "2026-06-01"}
OFFER = {
    "unit": "local_police",
    "municipality": "1480",
    "start_at": "2026-06-01 08:00",
    "end_at": "2026-06-01 16:00",
    "staff": "4",
    "consent": "ask",
}


def filled(form: str, values: dict[str, str], **changed: str) -> Message:
    return draft(FORMS[form], {**values, **changed}, Asked(POLICE, CENTRE, "samordnare", NOW, "o")).message


def said(message: Message, *cards: OfficerCard, event_id: str = "s1") -> OfficerCard:
    """The slot as the own statement leaves it, where it knows what it needs to know."""
    envelope = an_envelope(event_id, party=POLICE)
    assert needs_of(message, envelope).keys == (("officer", SLOT),)
    return the(OfficerCard, by_name(say(message, envelope, known(*cards))))


def a_slot() -> OfficerCard:
    return said(filled("designate", DESIGNATED))


def test_the_form_designates_a_slot_of_the_police() -> None:
    told = filled("designate", DESIGNATED, skills="trafik, hund")

    assert told == OperationOfficerDesignated(
        slot_id=SLOT, area=AREA, experience_band="4+", skills=("trafik", "hund"), valid_from=date(2026, 6, 1)
    )


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("slot", {"slot": "Anna Andersson"}),
        ("area", {"area": "Göteborg City"}),
        ("skills", {"skills": "Trafik, hund"}),
        ("valid_from", {"valid_from": "i juni"}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, changed: dict[str, str]) -> None:
    with pytest.raises(FormError) as refused:
        filled("designate", DESIGNATED, **changed)

    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_slot_is_shown_at_once_until_it_is_taken_back_or_refused() -> None:
    retired = OperationOfficerRetired(slot_id=SLOT, valid_to=date(2026, 12, 1))
    ended = said(retired, a_slot(), event_id="s2")

    assert (a_slot().status, ended.status, ended.valid_to) == ("designated", "retired", date(2026, 12, 1))
    assert refuse(a_slot(), "s1").status == "refused"
    assert refuse(ended, "s2") == a_slot()


def test_a_slot_that_was_not_told_here_is_not_shown_as_taken_back() -> None:
    retired = OperationOfficerRetired(slot_id=SLOT, valid_to=date(2026, 12, 1))

    assert list(say(retired, an_envelope("s2", party=POLICE), known())) == []


def test_the_operational_coordinator_alone_designates() -> None:
    assert {role for role in MAY if "designate" in MAY[role]} == {"operational_coordinator"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"experience_band": "0", "area": AREA}, ("0", AREA)),
        ({}, (None, None)),
        ({"unit": "team", "team": "lag-1", "experience_band": "4+", "area": AREA}, (None, None)),
    ],
)
def test_an_offer_of_a_police_session_may_say_its_area_and_experience(changed: dict[str, str], told: Any) -> None:
    offer = filled("offer", OFFER, **changed)
    assert isinstance(offer, CapacityOffered)

    assert (offer.experience_band, offer.area) == told


@pytest.mark.parametrize(("language", "skills"), [("sv", "Kompetenser: trafik, hund"), ("en", "Skills: trafik, hund")])
def test_the_page_tells_what_the_polices_own_short_names_are(language: Language, skills: str) -> None:
    seat = Seat(POLICE, "operational_coordinator", "samordnare")
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"d")]})
    who = Visitor(Person("s", "N", (seat,), language), seat, language, "csrf", NOW + timedelta(hours=1))
    slot = said(filled("designate", DESIGNATED, skills="trafik, hund"))
    answer = Pages(Assets()).page(request, who, "capacity.html", NOW, found=(), officers=[slot], consents=())

    assert f". {skills}</td>" in bytes(answer.body).decode()
