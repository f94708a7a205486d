"""Whom to call about an operation: the functions that were told, their deputies, and who has seen the newest change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import Request
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard
from samsyn_adapter_desk.domain.contacts import Call, call_list
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, FormError, draft
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_adapter_desk.people import Language, Person, Seat, may
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.sign_in import Visitor
from samsyn_contracts.contact_points import ContactPointChanged

from tests.unit.desk.told import CENTRE, NOW, OTHER, OWN, POLICE, after, an_envelope, an_operation, known, the

# Numbers that PTS keeps for fiction.
COORDINATOR, ON_CALL = "031-390 06 05", "070-174 06 05"
FILLED = {"function": "samordnare", "role_code": "coordinator", "phone": COORDINATOR, "is_gone": "no"}


def reached(function: str = "samordnare", agency: str = POLICE, **changed: Any) -> ContactPointChanged:
    told = {"function_id": f"{agency}:{function}", "agency": agency, "role_code": "coordinator"}
    channels = ({"kind": "phone", "address": COORDINATOR},)
    return ContactPointChanged.model_validate({**told, "channels": channels, **changed})


def a_contact(function: str = "samordnare", agency: str = POLICE, **changed: Any) -> ContactCard:
    return the(ContactCard, after(reached(function, agency, **changed), event_id="c1", by=agency))


WITH_DEPUTY = a_contact(deputy_function=f"{POLICE}:jour", duty_hours="vardagar 08–16")
DEPUTY = a_contact("jour", role_code="on_call", channels=({"kind": "phone", "address": ON_CALL},))
SEEN_BY_THE_CITY = an_operation(acknowledged_by={OWN: 4})


def test_the_newest_word_about_a_function_takes_the_place_of_the_earlier() -> None:
    before = a_contact()
    card = the(ContactCard, after(reached(duty_hours="dygnet runt"), before, event_id="c2", by=POLICE))

    assert (card.id, card.duty_hours) == (before.id, "dygnet runt")
    assert a_contact(is_gone=True).status == "gone"


def test_an_own_word_that_is_refused_is_called_no_more() -> None:
    (card,) = say(reached(agency=OWN), an_envelope("o1", party=OWN), known())

    assert card.status == "reached"
    assert (refuse(card, "o1").status, refuse(card, "another")) == ("gone", card)


def test_the_police_who_takes_part_and_the_centre_are_called_each_by_its_functions_and_deputies() -> None:
    calls = call_list(an_operation(), [WITH_DEPUTY, DEPUTY, a_contact(agency=OTHER)], OWN)

    assert [(call.agency, call.contact) for call in calls] == [
        (POLICE, DEPUTY),
        (POLICE, WITH_DEPUTY),
        (OWN, None),
        (CENTRE, None),
    ]
    assert [(call.deputy, call.deputy_channels) for call in calls[:2]] == [("", ()), ("on_call", DEPUTY.channels)]


def test_a_deputy_of_whom_nothing_is_told_has_its_own_short_name() -> None:
    calls = call_list(an_operation(), [WITH_DEPUTY], OWN)

    assert (calls[0].deputy, calls[0].deputy_channels) == ("jour", ())


def test_what_is_gone_or_told_to_another_centre_is_not_called() -> None:
    elsewhere = a_contact().model_copy(update={"centre": "akc-syd"})

    assert call_list(an_operation(), [elsewhere, a_contact(is_gone=True)], OWN)[0] == Call(POLICE)


def test_the_centre_alone_reads_who_has_seen_the_newest_change() -> None:
    seen = {reader: [call.has_seen for call in call_list(SEEN_BY_THE_CITY, [], reader)] for reader in (CENTRE, OWN)}

    assert seen == {CENTRE: [False, True, None], OWN: [None, None, None]}


def page(reader: str, language: Language, *contacts: ContactCard) -> str:
    seat = Seat(reader, "centre_coordinator" if reader == CENTRE else "agency_coordinator", "samordnare")
    headers = [(b"host", b"d")]
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers})
    who = Visitor(Person("s", "N", (seat,), language), seat, language, "csrf", NOW + timedelta(hours=1))
    nothing = ("change", "causes", "backup", "questions", "not_seen_by", "own", "notable", "story", "roles")
    shown: dict[str, Any] = {**dict.fromkeys(nothing, ()), "calls": call_list(SEEN_BY_THE_CITY, contacts, reader)}
    shown |= {
        "card": SEEN_BY_THE_CITY,
        "is_to_acknowledge": False,
        "part_state": str,
        "note": str,
        "may_be_feared": True,
    }
    answer = Pages(Assets()).page(request, who, "operation.html", NOW, **shown, near=timedelta(hours=2))
    return bytes(answer.body).decode()


@pytest.mark.parametrize(
    ("language", "caption", "seen", "on_call"),
    [
        ("sv", "Vem man ringer om insatsen", "inte sett", "jour"),
        ("en", "Whom to call about the operation", "not seen", "on call"),
    ],
)
def test_the_page_has_numbers_to_tap_deputies_and_what_to_do_where_none_is_known(
    language: Language, caption: str, seen: str, on_call: str
) -> None:
    text = page(CENTRE, language, WITH_DEPUTY, DEPUTY)

    assert f'<caption id="calls-name">{caption}</caption>' in text
    assert '<a href="tel:0313900605">031-390 06 05</a>' in text
    assert f'{on_call}: <a href="tel:0701740605">070-174 06 05</a>' in " ".join(text.split())
    assert f"<td>{seen}</td>" in text
    assert f"/do/contact?centre={CENTRE}" in text


def test_a_participant_is_told_to_tell_its_own_and_to_ask_the_centre_for_others() -> None:
    text = page(OWN, "sv")

    assert "lämna här nedanför hur ni nås" in text
    assert "fråga centret" in text
    assert "inte sett" not in text


def filled(**changed: str) -> ContactPointChanged:
    message = draft(FORMS["contact"], {**FILLED, **changed}, Asked(OWN, CENTRE, "samordnare", NOW, "o")).message
    assert isinstance(message, ContactPointChanged)
    return message


def test_the_form_tells_of_a_function_of_the_own_party() -> None:
    told = filled(deputy="jour", radio="SAMV 1", mail="samordnare@goteborg.example")

    assert (told.function_id, told.agency, told.deputy_function) == (f"{OWN}:samordnare", OWN, f"{OWN}:jour")
    assert [one.kind for one in told.channels] == ["phone", "mail", "radio"]
    assert filled(phone="", is_gone="yes").is_gone


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("function", {"function": "Anna Andersson"}),
        ("phone", {"phone": "ring mig"}),
        ("mail", {"mail": "anna"}),
        ("radio", {"radio": "x" * 121}),
        ("phone", {"phone": ""}),
        ("deputy", {"deputy": "samordnare"}),
        ("area_id", {"area_id": "Göteborg"}),
        ("duty_hours", {"duty_hours": "x" * 81}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, changed: dict[str, str]) -> None:
    with pytest.raises(FormError) as refused:
        filled(**changed)

    assert [fault.field for fault in refused.value.faults] == [field]


@pytest.mark.parametrize("role", ["duty_officer", "region_coordinator", "reader"])
def test_coordinators_alone_tell_how_their_party_is_reached(role: Any) -> None:
    assert not may(Seat(OWN, role, "f"), "be_reached")
    assert may(Seat(POLICE, "operational_coordinator", "f"), "be_reached")
