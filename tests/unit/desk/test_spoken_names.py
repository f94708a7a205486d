"""What a screen reader says of Att göra and Polisbortfall: headings in one piece, each thing by a name of its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from samsyn_adapter_desk.domain import sentences
from samsyn_adapter_desk.domain.duties import Knowledge, duties
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Fault, Shown
from samsyn_adapter_desk.pages.loss import Session
from samsyn_adapter_desk.rendering import reader
from samsyn_contracts.message import Reason

from tests.unit.desk.test_wheel_page import a_visitor, rendered
from tests.unit.desk.told import CENTRE, NOW, OWN, a_loss, a_question, a_replan, an_inspection, an_operation

EVENT = "0297450b-8f9a-5c2c-9277-b596e82ef053"
HEADINGS = re.compile(r"<h[23][^>]*>(.*?)</h[23]>", re.DOTALL)


def todo(known: Knowledge, party: str = OWN, **role: Any) -> str:
    who = a_visitor("sv", party, **{"role": "agency_coordinator", **role})
    found = duties(who.seat, known, NOW)
    return rendered("todo.html", who, duties=found, refused=(), note=lambda told: sentences.note(told, reader("sv")))


def two_inspections() -> Knowledge:
    second = an_inspection(inspection_id=f"{OWN}:wish-2")
    planned = an_operation().inspections[0]
    route = (planned, planned.model_copy(update={"inspection_id": second.inspection_id}))
    operation = an_operation(inspections=route, loss=a_loss())
    return Knowledge(operations=(operation,), questions=(a_question(),), inspections=(an_inspection(), second))


def spoken(html: str) -> list[str]:
    """The names of links and buttons, as they are said."""
    found = re.findall(r"<(a|button)\b[^>]*>(.*?)</\1>", html.partition("<main")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", "", name).split()) for _tag, name in found]


def test_a_heading_with_a_link_is_the_link() -> None:
    found = [heading.strip() for heading in HEADINGS.findall(todo(two_inspections())) if "<a " in heading]
    assert len(found) == 5
    assert [heading for heading in found if not re.fullmatch(r"<a [^>]*>[^<]*</a>", heading)] == []


def test_no_two_buttons_of_a_page_are_called_the_same() -> None:
    found = [name for name in spoken(todo(two_inspections())) if name.startswith(("Vi är redo", "Svara något annat"))]
    assert found == [
        "Vi är redo Granit, kontroll 1",
        "Svara något annat Granit, kontroll 1",
        "Vi är redo Granit, kontroll 2",
        "Svara något annat Granit, kontroll 2",
    ]


def test_who_decides_is_not_told_to_wait_for_a_plan_that_is_there() -> None:
    change = {"operation_id": an_operation().operation_id, "code_name": "Granit", "kinds": ("postponed",)}
    lost = Knowledge(operations=(an_operation(loss=a_loss()),))
    waiting = Knowledge(operations=lost.operations, replans=(a_replan(changes=(change,)),))
    told = [todo(known, CENTRE, role="centre_coordinator") for known in (lost, waiting)]
    assert ["En ny plan är på väg" in text for text in told] == [True, False]
    assert ["Den nya planen väntar på ditt beslut Granit" in spoken(text) for text in told] == [False, True]


def test_a_lost_session_is_called_by_its_operation() -> None:
    operation = an_operation(loss=a_loss())
    session = Session(operation.slot.session_id, CENTRE, operation, operation, "e2")
    who = a_visitor("sv", "polisen", "duty_officer")
    assert {"Inställelsen var ett misstag Granit", "Polisen kan komma ändå Granit"} <= set(
        spoken(rendered("loss.html", who, sessions=[session]))
    )


@pytest.mark.parametrize(
    ("given", "is_asked"), [({}, True), ({"gave_centres": "yes"}, True), ({"of": "a page"}, False)]
)
def test_a_form_with_a_fault_still_asks_what_it_asked(given: dict[str, str], is_asked: bool) -> None:
    values = {**given, "centre": CENTRE} if given else {}
    shown = Shown(FORMS["propose"], values, (Fault("from_at", "Fill in this field."),), "x", CENTRE)
    who = a_visitor("sv", OWN, "agency_coordinator")
    text = rendered("form.html", who, shown=shown, centres=("akc-syd", CENTRE), summary=())
    assert (f'<option value="{CENTRE}" selected>' in text) == is_asked
    assert "<title>Inte skickat – Föreslå en kontroll" in text


def test_no_sentence_ends_with_the_id_of_an_event() -> None:
    told = f"Lag 2 kan inte komma fre 16 maj ({EVENT}). Åtgärd: mindre."
    reason = Reason.model_validate({"code": "LOST", "sv": told, "en": told})
    assert reader("sv").reason(reason) == "Lag 2 kan inte komma fre 16 maj. Åtgärd: mindre."


@pytest.mark.parametrize(("centre", "chosen"), [("", 'value=""'), (CENTRE, f'value="{CENTRE}"')])
def test_no_centre_is_chosen_for_who_speaks_in_several(centre: str, chosen: str) -> None:
    who, shown = a_visitor("sv", OWN, "agency_coordinator"), Shown(FORMS["propose"], {}, (), "x", centre)
    text = rendered("form.html", who, shown=shown, centres=("akc-syd", CENTRE), summary=())
    options = text.partition('id="f-centre"')[2].partition("</select>")[0]
    marked = [one for one in options.split("<option")[1:] if " selected" in one] or options.split("<option")[1:2]
    assert chosen in marked[0]
