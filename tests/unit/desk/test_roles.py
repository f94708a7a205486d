"""What a role of an agency is for: told by the agency itself, folded beside whom to call, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from fastapi import Request
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard, RoleCard
from samsyn_adapter_desk.domain.contacts import Call, directory, roles_of
from samsyn_adapter_desk.domain.departments import About, Department, seen
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, FormError, draft
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_adapter_desk.people import Language, Person, Seat
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.sign_in import Visitor
from samsyn_contracts.participant_roles import ParticipantRoleDefined

from tests.unit.desk.told import CENTRE, NOW, OTHER, OWN, POLICE, after, an_envelope, known, the

SUPERVISES = "Tillsyn enligt alkohollagen."
FILLED = {
    "role_code": "tillstandsenheten",
    "mandate_text_sv": SUPERVISES,
    "tasks": "Kontrollera serveringstillstånd\r\n\r\n Följa upp ordning ",
    "valid_from": "2026-05-01",
}


def told(role: str = "tillstandsenheten", agency: str = OWN, **changed: Any) -> ParticipantRoleDefined:
    own = {"agency": agency, "role_code": role, "mandate_text_sv": SUPERVISES, "valid_from": "2026-05-01"}
    return ParticipantRoleDefined.model_validate({**own, **changed})


def a_role(role: str = "tillstandsenheten", agency: str = OWN, **changed: Any) -> RoleCard:
    return the(RoleCard, after(told(role, agency, **changed), event_id="r1", by=agency))


def test_the_newest_word_about_a_role_takes_the_place_of_the_earlier() -> None:
    before = a_role()
    card = the(RoleCard, after(told(mandate_text_sv="Alkohol."), before, event_id="r2", by=OWN))

    assert (card.id, card.mandate_text_sv) == (before.id, "Alkohol.")


def test_an_own_word_that_is_refused_is_shown_no_more() -> None:
    (card,) = say(told(), an_envelope("o1", party=OWN), known())
    assert isinstance(card, RoleCard)

    assert card.status == "defined"
    assert refuse(card, "o1").status == "refused"
    assert roles_of([Call(OWN)], [card.model_copy(update={"is_refused": True})], CENTRE) == []


def test_beside_a_call_list_stand_the_roles_of_who_is_on_it_in_its_order() -> None:
    elsewhere = a_role().model_copy(update={"centre": "akc-syd"})
    roles = [a_role(), a_role("miljoforvaltningen"), a_role("samordnare", OTHER), a_role("jour", POLICE), elsewhere]

    found = roles_of([Call(POLICE), Call(OWN), Call(OWN)], roles, CENTRE)

    assert [one.role_code for one in found] == ["jour", "miljoforvaltningen", "tillstandsenheten"]


def test_the_directory_has_who_is_reached_and_what_roles_are_for_by_agency() -> None:
    jour = ContactCard(
        centre=CENTRE, at=NOW, function_id=f"{POLICE}:jour", agency=POLICE, role_code="on_call", said="c"
    )
    gone = jour.model_copy(update={"function_id": f"{OTHER}:jour", "agency": OTHER, "is_gone": True})

    entries = directory([jour, gone], [a_role(), a_role("jour", POLICE)])

    assert [(one.agency, [role.role_code for role in one.roles]) for one in entries] == [
        (OWN, ["tillstandsenheten"]),
        (POLICE, ["jour"]),
    ]
    assert [[call.contact for call in one.calls] for one in entries] == [[], [jour]]


def test_every_department_reads_what_each_role_is_for_and_tells_its_own_alone() -> None:
    licensing = Department(OWN, "tillstandsenheten")

    assert seen(a_role("miljoforvaltningen"), licensing, About()) == a_role("miljoforvaltningen")
    assert [licensing.is_about_another(told(role)) for role in ("tillstandsenheten", "miljoforvaltningen")] == [
        False,
        True,
    ]


def filled(party: str = OWN, **changed: str) -> ParticipantRoleDefined:
    message = draft(FORMS["role"], {**FILLED, **changed}, Asked(party, CENTRE, "samordnare", NOW, "o")).message
    assert isinstance(message, ParticipantRoleDefined)
    return message


def test_the_form_tells_of_a_role_of_the_own_party() -> None:
    role = filled()

    assert (role.agency, role.role_code, role.valid_from.isoformat()) == (OWN, "tillstandsenheten", "2026-05-01")
    assert role.tasks == ("Kontrollera serveringstillstånd", "Följa upp ordning")
    assert filled(OTHER, role_code="samordnare").role_code == "samordnare"


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("role_code", {"role_code": "samordnare"}),  # the city has departments, and no such one
        ("mandate_text_sv", {"mandate_text_sv": "x" * 501}),
        ("tasks", {"tasks": "x" * 121}),
        ("tasks", {"tasks": "x\n" * 11}),
        ("valid_from", {"valid_from": "i maj"}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, changed: dict[str, str]) -> None:
    with pytest.raises(FormError) as refused:
        filled(**changed)

    assert [fault.field for fault in refused.value.faults] == [field]


def page(language: Language, *roles: RoleCard, contacts: Sequence[ContactCard] = ()) -> str:
    seat = Seat(POLICE, "operational_coordinator", "samordnare")
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"d")]})
    who = Visitor(Person("s", "N", (seat,), language), seat, language, "csrf", NOW + timedelta(hours=1))
    answer = Pages(Assets()).page(request, who, "directory.html", NOW, entries=directory(contacts, roles))
    return bytes(answer.body).decode()


def test_the_explanation_is_folded_and_in_the_readers_language_where_it_was_told_in_it() -> None:
    both = a_role(mandate_text_en="Supervision under the Alcohol Act.")

    assert "<summary>Tillståndsenheten</summary>" in page("sv", both)
    assert f"<p>{SUPERVISES}</p>" in page("sv", both)
    assert "<p>Supervision under the Alcohol Act.</p>" in page("en", both)
    assert f'<p lang="sv">{SUPERVISES}</p>' in page("en", a_role())


@pytest.mark.parametrize(
    ("language", "deputy"), [("sv", "Ersättare: vakthavande befäl"), ("en", "Deputy: duty officer")]
)
def test_a_deputy_in_the_directory_is_named_by_what_it_does(language: Language, deputy: str) -> None:
    told: dict[str, Any] = {"centre": CENTRE, "at": NOW, "agency": POLICE, "said": "c"}
    officer = ContactCard(function_id=f"{POLICE}:vb", role_code="duty_officer", **told)
    first = ContactCard(function_id=f"{POLICE}:a", role_code="coordinator", deputy_function=officer.function_id, **told)

    assert deputy in page(language, contacts=[first, officer])
