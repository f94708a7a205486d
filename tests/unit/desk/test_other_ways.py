"""Other ways at the desk: ranked, told by how they differ from the plan proposed, and chosen by forms."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi import Request
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.alternatives import NAMES, decided_as, other_ways
from samsyn_adapter_desk.domain.cards_of_plans import ReplanCard
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, FormError, Values, draft
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_adapter_desk.domain.sentences import change_in_plan
from samsyn_adapter_desk.people import Language, Person, Role, Seat
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.sign_in import Visitor
from samsyn_contracts.message import Message
from samsyn_contracts.plans import MOST_EDITS, ReplanApproved, ReplanEdit, ReplanProposed

from tests.unit.desk.told import CENTRE, ENGLISH, NOW, SWEDISH, a_replan, after, an_envelope, by_name, known, the

HIT, BESIDE, FRESH = "op:polisen:p1", "op:polisen:p2", "op:polisen:p3"
PAGES = Pages(Assets())


def a_change(operation_id: str = HIT, name: str = "Granit", step: str | None = "moved_session") -> dict[str, Any]:
    kinds = ["new"] if step is None else ["moved_session"]
    told = {"operation_id": operation_id, "code_name": name, "kinds": kinds, "reasons": []}
    return told if step is None else {**told, "ladder_step": step}


PROPOSED = (a_change(), a_change(BESIDE, "Basalt", "grown"), a_change(FRESH, "Kvarts", None))
WAITS = {**a_change(step="postponed"), "kinds": ["dropped"]}
OTHERS = (
    {"rank": 3, "kind": "none_moved", "changes": (WAITS,), "untouched_count": 5, "score_delta": 0},
    {
        "rank": 2,
        "kind": "hit_only",
        "changes": (a_change(),),
        "untouched_count": 1,
        "score_delta": 30,
        "consents_missing": ({"operation_id": HIT, "capacity_id": "skatteverket:lag-1"},),
    },
)


def a_choice(**changed: Any) -> ReplanCard:
    return a_replan(**{"changes": PROPOSED, "alternatives": OTHERS, "may_stand": (BESIDE,), **changed})


def made(values: Values) -> Message:
    asked = Asked(CENTRE, CENTRE, "samordnare", NOW, "once-1")
    return draft(FORMS["approve"], {"replan_id": a_replan().replan_id, **values}, asked).message


def approved(**choice: Any) -> ReplanApproved:
    told = {"replan_id": a_replan().replan_id, "centre": CENTRE, "by_function": "samordnare"}
    return ReplanApproved.model_validate({**told, **choice})


class TestTold:
    def test_they_come_by_rank_with_what_they_cost_against_the_plan_proposed(self) -> None:
        first, second = other_ways(a_choice(), ENGLISH)

        assert (first.name, second.name) == (ENGLISH.text(NAMES["hit_only"]), ENGLISH.text(NAMES["none_moved"]))
        assert first.price[0] == "Worth -10 points against the proposed plan."
        assert second.price == (
            "Worth -40 points against the proposed plan.",
            "5 other operations would stay as they are.",
        )
        assert (first.asked, second.asked) == ((ENGLISH.party("skatteverket"),), ())

    def test_what_is_as_proposed_is_not_told_again(self) -> None:
        first, second = other_ways(a_choice(), ENGLISH)

        left = (("Basalt", ["Basalt: stays as it is."]), ("Kvarts", ["Kvarts: does not come about."]))
        assert first.differences == left
        (waits,) = second.alternative.changes
        assert second.differences == (("Granit", change_in_plan(waits, ENGLISH)), *left)

    @pytest.mark.parametrize("reader", [SWEDISH, ENGLISH])
    def test_a_choice_is_told_when_it_is_made(self, reader: Any) -> None:
        chosen = a_choice(decision="approved", alternative="hit_only")
        edited = a_choice(decision="approved", let_stand=(BESIDE,))

        assert reader.text(NAMES["hit_only"]) in decided_as(chosen, reader)[0]
        assert decided_as(edited, reader)[0].startswith("Basalt")
        assert decided_as(a_choice(decision="approved"), reader) == []
        assert decided_as(a_choice(), reader) == []


class TestForms:
    def test_the_proposed_plan_is_approved_as_it_is(self) -> None:
        assert made({"alternative": "", "let_stand": ""}) == approved()

    def test_another_way_is_approved(self) -> None:
        assert made({"alternative": "none_moved"}) == approved(alternative="none_moved")

    def test_ticked_operations_stand(self) -> None:
        edits = [{"operation_id": own, "keep": "as_it_stands"} for own in (BESIDE, HIT)]

        assert made({"let_stand": f"{BESIDE},{HIT},{BESIDE}"}) == approved(edits=edits)

    @pytest.mark.parametrize(
        "values",
        [
            {"alternative": "best"},
            {"let_stand": "no id"},
            {"let_stand": ",".join(f"op:{number}" for number in range(MOST_EDITS + 1))},
        ],
    )
    def test_what_is_no_choice_is_told(self, values: Values) -> None:
        with pytest.raises(FormError):
            made(values)


class TestCards:
    def test_a_proposal_is_heard_with_its_other_ways(self) -> None:
        told = {
            "replan_id": a_replan().replan_id,
            "centre": CENTRE,
            "base_plan_version": 4,
            "changes": PROPOSED,
            "untouched_count": 3,
            "score_delta": 40,
            "decide_by": NOW,
            "if_unanswered": "old_plan_stands",
            "alternatives": OTHERS,
            "may_stand": (BESIDE,),
        }
        card = the(ReplanCard, after(ReplanProposed.model_validate(told)))

        assert (card.alternatives, card.may_stand) == (a_choice().alternatives, (BESIDE,))

    @pytest.mark.parametrize(
        "choice",
        [{"alternative": "hit_only"}, {"edits": (ReplanEdit(operation_id=BESIDE, keep="as_it_stands"),)}],
    )
    def test_a_choice_shows_at_once_and_its_refusal_opens_the_proposal_again(self, choice: dict[str, Any]) -> None:
        before, envelope = a_choice(), an_envelope("s1", party=CENTRE)
        card = the(ReplanCard, by_name(say(approved(**choice), envelope, known(before, party=CENTRE))))

        assert (card.status, card.alternative) == ("approved", choice.get("alternative"))
        assert card.let_stand == ((BESIDE,) if "edits" in choice else ())
        assert refuse(card, "s1") == before


class Controls(HTMLParser):
    """Checkboxes and buttons of a page, with the forms that they are of, and labels."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.boxes: list[dict[str, str | None]] = []
        self.labels: set[str | None] = set()
        self.num_buttons = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("type") == "checkbox":
            self.boxes.append(told)
        if tag == "label":
            self.labels.add(told.get("for"))
        self.num_buttons += tag == "button" and "act" in (told.get("class") or "")


def page_of(card: ReplanCard, language: Language = "sv", role: Role = "centre_coordinator") -> str:
    seat = Seat(CENTRE, role, "samordnare")
    who = Visitor(Person("s", "N", (seat,), language), seat, language, "csrf", card.at)
    request = Request(
        {"type": "http", "method": "GET", "path": "/proposal", "query_string": b"", "headers": [(b"host", b"d.test")]}
    )
    reader = SWEDISH if language == "sv" else ENGLISH
    answer = PAGES.page(
        request,
        who,
        "proposal.html",
        NOW,
        replan=card,
        told=[(change, change_in_plan(change, reader)) for change in card.changes],
        others=other_ways(card, reader),
        chosen=decided_as(card, reader),
        causes=[],
        here="/proposal",
        mark=1,
    )
    return bytes(answer.body).decode()


class TestPage:
    @pytest.mark.parametrize("language", ["sv", "en"])
    def test_each_way_has_its_button_and_what_may_stand_its_labelled_box(self, language: Language) -> None:
        shown = Controls(page_of(a_choice(), language))

        (box,) = shown.boxes
        assert (box["form"], box["name"], box["value"]) == ("approve", "let_stand", BESIDE)
        assert box["id"] in shown.labels
        assert "hx-preserve" in box  # news that comes meanwhile leaves what is ticked
        assert shown.num_buttons >= 3

    @pytest.mark.parametrize(
        ("changed", "role"),
        [({"decision": "overtaken"}, "centre_coordinator"), ({"at": NOW}, "centre_coordinator"), ({}, "reader")],
    )
    def test_what_cannot_be_decided_has_neither(self, changed: dict[str, Any], role: Role) -> None:
        page = page_of(a_choice(**changed), role=role)

        assert Controls(page).boxes == []
        assert 'action="/do/approve"' not in page
