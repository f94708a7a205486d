"""What changed is told in sentences of the reader's language, with ids as people say them and without places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from samsyn_adapter_desk.domain import sentences
from samsyn_adapter_desk.domain.cards_of_operations import Change, OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard, PlanCard, ReplanCard
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.hearing import hear
from samsyn_adapter_desk.domain.reader import SAID, STATES, STEPS, Reader
from samsyn_contracts import capacity, operations, plans
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message, Reason
from samsyn_contracts.operations import LadderStep
from samsyn_contracts.plans import PlanChange
from samsyn_planning.domain.plan_diff import KINDS

from tests.unit.desk.test_forms import made
from tests.unit.desk.told import (
    CENTRE,
    ENGLISH,
    NOW,
    OPERATION,
    OTHER,
    OWN,
    REASON,
    SESSION,
    SWEDISH,
    TEAM,
    a_backup,
    a_slot,
    a_told,
    an_envelope,
    an_operation,
    known,
)

BOTH = (SWEDISH, ENGLISH)
EXAMPLES = sorted((Path(__file__).parents[3] / "contracts" / "examples").glob("*.json"))
AN_ID = re.compile(r"[a-z-]{3,}:[\w-]+")


def told(change: dict[str, Any], reader: Reader) -> list[str]:
    own = Change.model_validate({"event_id": "e1", "plan_version": 4, "told_at": NOW, **change})
    return sentences.change_of_operation(an_operation(), own, reader)


def a_plan(num_untouched: int) -> PlanCard:
    return PlanCard(
        centre=CENTRE,
        at=NOW,
        plan_version=5,
        previous_version=4,
        event_id="e1",
        replan_id=f"replan:{CENTRE}:0001-1",
        cause_event_ids=(),
        changes=(),
        untouched_count=num_untouched,
    )


MOVED = {"ladder_step": "moved_session", "from_slot": a_slot(), "to_slot": a_slot("p2", day=10, hour=13)}


class TestAnOperationsChange:
    def test_a_move_is_told_from_and_to(self) -> None:
        assert told(MOVED, SWEDISH) == [
            "Granit flyttas från lör 9 maj 09.00–13.00 (v. 19) till sön 10 maj 13.00–17.00 (v. 19)."
        ]
        assert told(MOVED, ENGLISH) == [
            "Granit moves from Sat 9 May 09:00–13:00 (w. 19) to Sun 10 May 13:00–17:00 (w. 19)."
        ]

    @pytest.mark.parametrize(
        ("change", "swedish", "english"),
        [
            ({"ladder_step": "cancelled"}, "Granit är inställd.", "Granit is cancelled;"),
            ({"ladder_step": "postponed"}, "Granit är uppskjuten", "Granit is postponed"),
            ({"ladder_step": "without_police"}, "Granit: utan polis.", "Granit: without police."),
            (
                {"ladder_step": "smaller", "from_slot": a_slot(), "to_slot": a_slot()},
                "Granit: mindre",
                "Granit: smaller",
            ),
            (
                {"to_slot": a_slot()},
                "Granit är inplanerad: lör 9 maj 09.00–13.00 (v. 19).",
                "Granit has its place in the plan: Sat 9 May 09:00–13:00 (w. 19).",
            ),
        ],
    )
    def test_what_happens_to_it_is_told_first(self, change: dict[str, Any], swedish: str, english: str) -> None:
        for reader, start in ((SWEDISH, swedish), (ENGLISH, english)):
            (first,) = told(change, reader)
            assert first.startswith(start)

    def test_the_occasion_that_is_gone_is_not_told_as_a_move(self) -> None:
        assert told({**MOVED, "ladder_step": "postponed"}, ENGLISH)[0].startswith("Granit is postponed")

    def test_why_who_is_released_and_with_how_much_notice_is_told_after_it(self) -> None:
        change = {
            "ladder_step": "cancelled",
            "reasons": (REASON,),
            "cause_code": "shooting",
            "released": (OTHER, OWN),
            "notice_minutes": 180,
        }
        assert told(change, SWEDISH)[1:] == [
            "För wish-1 (Göteborgs Stad).",
            f"Orsak: {SWEDISH.cause('shooting')}.",
            "Behövs inte längre: Göteborgs Stad, Skatteverket.",
            "Framförhållning: 3 tim.",
        ]
        assert told(change, ENGLISH)[1:] == [
            "For wish-1 (City of Gothenburg).",
            f"Cause: {ENGLISH.cause('shooting')}.",
            "Released: City of Gothenburg, Swedish Tax Agency.",
            "Notice time: 3 h.",
        ]

    @pytest.mark.parametrize(("minutes", "is_told"), [(None, False), (-5, False), (0, True), (45, True)])
    def test_notice_is_told_where_there_is_any(self, minutes: int | None, is_told: bool) -> None:
        found = told({"ladder_step": "postponed", "notice_minutes": minutes}, SWEDISH)
        assert any(sentence.startswith("Framförhållning") for sentence in found) == is_told


class TestTheRest:
    @pytest.mark.parametrize(
        ("count", "swedish", "english"),
        [
            (0, "Det fanns ingen annan insats i planen.", "There was no other operation in the plan."),
            (1, "1 annan insats lämnades som den var.", "1 other operation was left as it was."),
            (2, "2 andra insatser lämnades som de var.", "2 other operations were left as they were."),
            (17, "17 andra insatser lämnades som de var.", "17 other operations were left as they were."),
        ],
    )
    def test_how_many_were_left_alone_is_told_in_the_readers_language(
        self, count: int, swedish: str, english: str
    ) -> None:
        assert [sentences.left_alone(a_plan(count), reader) for reader in BOTH] == [swedish, english]

    @pytest.mark.parametrize(
        ("change", "swedish"),
        [
            (
                {"kinds": ("moved_session",), "ladder_step": "other_police_session"},
                "Granit: annat polispass samma dag.",
            ),
            ({"kinds": ("new",)}, "Granit: ny i planen."),
            ({"kinds": ("team_changed", "grown")}, "Granit: annat team, utökad."),
        ],
    )
    def test_a_plans_change_is_told_by_its_step_or_by_its_kinds(self, change: dict[str, Any], swedish: str) -> None:
        own = PlanChange.model_validate({"operation_id": OPERATION, "code_name": "Granit", **change})
        (found,) = sentences.change_in_plan(own, SWEDISH)
        assert found == swedish

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_of_change_that_planning_tells_has_its_name(self, kind: str) -> None:
        assert kind in sentences.KINDS

    def test_a_backup_holds_until_its_time(self) -> None:
        card = a_backup()
        assert card.is_ready(card.at - timedelta(seconds=1))
        assert not card.is_ready(card.at)
        assert not a_backup(is_valid=False).is_ready(card.at - timedelta(seconds=1))

    def test_a_backup_tells_what_would_follow_whose_agreement_is_missing_and_until_when(self) -> None:
        missing = [
            {"kind": "consent", "agency": OWN, "capacity_id": TEAM},
            {"kind": "consent", "agency": OWN, "capacity_id": f"{OWN}:lag-2"},
            {"kind": "readiness", "agency": OTHER, "capacity_id": f"{OTHER}:lag-2"},
        ]
        card = a_backup(ladder_step="other_police_session", to_slot=a_slot("p2", hour=13), needs_consent=missing)
        assert sentences.backup(card, SWEDISH) == [
            "Om polisen faller bort nu: annat polispass samma dag, lör 9 maj 13.00–17.00 (v. 19).",
            "Göteborgs Stad har inte samtyckt i förväg.",
            "Skatteverket är inte redo för ett av objekten.",
            "Gäller till fre 8 maj 11.00 (v. 19).",
        ]
        assert sentences.backup(a_backup(), ENGLISH) == [
            "If the police are lost now: postponed.",
            "Holds until Fri 8 May 11:00 (w. 19).",
        ]


REFUSAL = {"capacity_id": TEAM, "reason_code": "illness"}
PHONE = {"agency": OTHER, "told_by_function": "befal", "channel": "phone", "told_at": NOW}
CAUSES: list[tuple[Message, str, str]] = [
    (
        capacity.PoliceCancelled(capacity_id=SESSION, cause_code="shooting"),
        f"Polisen har ställt in ett pass ({SWEDISH.cause('shooting')}).",
        f"The police cancelled a session ({ENGLISH.cause('shooting')}).",
    ),
    (
        a_told(operations.PoliceLossReported, **PHONE),
        "Skatteverket har fått veta att polisen inte kommer.",
        "Swedish Tax Agency was told that the police do not come.",
    ),
    (
        a_told(operations.ParticipationDeclined, **REFUSAL),
        f"Skatteverket deltar inte ({SWEDISH.cause('illness')}).",
        f"Swedish Tax Agency does not take part ({ENGLISH.cause('illness')}).",
    ),
    (
        a_told(operations.ParticipationWithdrawn, **REFUSAL),
        f"Skatteverket deltar inte ({SWEDISH.cause('illness')}).",
        f"Swedish Tax Agency does not take part ({ENGLISH.cause('illness')}).",
    ),
    (
        plans.ReplanApproved(replan_id=f"replan:{CENTRE}:0001-1", centre=CENTRE, by_function="f"),
        "Centret har godkänt ett förslag.",
        "The centre approved a proposal.",
    ),
    (
        capacity.PoliceRestored(capacity_id=SESSION),
        f"Skatteverket: {SWEDISH.message('PoliceRestored')}.",
        "Swedish Tax Agency: the police are back.",
    ),
]


@pytest.mark.parametrize(("message", "swedish", "english"), CAUSES, ids=lambda value: type(value).__name__)
def test_a_cause_is_told_as_what_somebody_said(message: Message, swedish: str, english: str) -> None:
    assert [sentences.cause(message, OTHER, reader) for reader in BOTH] == [swedish, english]


class TestWords:
    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("kommun-goteborg:wish-1", "wish-1 (Göteborgs Stad)"),
            ("För polisen:pass-2025.7.", "För pass-2025.7 (Polismyndigheten)."),
            ("(skatteverket:lag_2, polisen:p1)", "(lag_2 (Skatteverket), p1 (Polismyndigheten))"),
            ("klockan 09:30", "klockan 09:30"),
            ("okand-part:wish-1", "okand-part:wish-1"),
            ("op:polisen:p1", "op:polisen:p1"),
        ],
    )
    def test_ids_are_said_as_people_say_them(self, written: str, said: str) -> None:
        assert SWEDISH.plain(written) == said

    @pytest.mark.parametrize("reader", BOTH, ids=lambda reader: reader.language)
    def test_a_reason_is_told_in_the_readers_language(self, reader: Reader) -> None:
        assert reader.reason(Reason(code="r", sv="Så blev det.", en="So it was.")) == reader.pick(
            "Så blev det.", "So it was."
        )

    def test_a_party_is_named_with_the_role_in_which_it_speaks(self) -> None:
        assert SWEDISH.party(f"{OWN}/miljoforvaltningen").startswith("Göteborgs Stad, ")
        assert (SWEDISH.party(f"{OWN}/okand"), SWEDISH.party("okand")) == ("Göteborgs Stad", "okand")

    def test_parties_stand_in_a_row_in_the_order_of_the_reader_each_once(self) -> None:
        assert SWEDISH.parties(("aklagarmyndigheten", OTHER, OWN, OTHER)) == (
            "Göteborgs Stad, Skatteverket, Åklagarmyndigheten"
        )

    @pytest.mark.parametrize("text", sorted({*SAID.values(), *STATES.values(), *STEPS.values()}))
    def test_every_state_step_and_statement_has_its_swedish(self, text: str) -> None:
        assert SWEDISH.text(text)
        assert SWEDISH.text(text) != text

    @pytest.mark.parametrize("step", get_args(LadderStep))
    def test_every_step_of_the_ladder_has_its_name(self, step: str) -> None:
        assert step in STEPS

    @pytest.mark.parametrize("name", FORMS)
    def test_everything_that_can_be_said_here_has_a_name(self, name: str) -> None:
        assert type(made(name).message).__name__ in SAID

    def test_every_named_statement_is_of_the_contract(self) -> None:
        assert set(SAID) <= {kind.__name__ for kind in MESSAGES.values()}


def heard_by_the_centre(reader: Reader) -> Iterator[str]:
    """Every sentence that the examples of the contract make at a centre."""
    for path in EXAMPLES:
        example = json.loads(path.read_bytes())
        message = MESSAGES[example["headers"]["ce_type"]].model_validate(example["body"])
        yield sentences.cause(message, OTHER, reader)
        for card in hear(message, an_envelope(), known(party=CENTRE)):
            if isinstance(card, OperationCard) and card.change is not None:
                yield from sentences.change_of_operation(card, card.change, reader)
            if isinstance(card, PlanCard | ReplanCard):
                for change in card.changes:
                    yield from sentences.change_in_plan(change, reader)
            if isinstance(card, PlanCard):
                yield sentences.left_alone(card, reader)
            if isinstance(card, BackupCard):
                yield from sentences.backup(card, reader)


def places(told: Any) -> Iterator[str]:
    """Everything in a message that tells where it is."""
    if isinstance(told, dict):
        for name, value in told.items():
            if name in ("address", "municipality", "organisation_number", "site_id", "lat", "lon"):
                yield str(value)
            elif name == "name" and isinstance(value, str):
                yield value
            else:
                yield from places(value)
    elif isinstance(told, list):
        for each in told:
            yield from places(each)


@pytest.mark.parametrize("reader", BOTH, ids=lambda reader: reader.language)
def test_no_sentence_of_a_centres_view_holds_a_place(reader: Reader) -> None:
    secret = {place for path in EXAMPLES for place in places(json.loads(path.read_bytes())["body"])}
    secret |= {SWEDISH.municipality(code) for code in secret if code.isdigit()} - {"Göteborg"}
    found = list(heard_by_the_centre(reader))
    assert len(secret) > 10
    assert len(found) > 60
    assert [(place, sentence) for place in secret for sentence in found if place in sentence] == []


@pytest.mark.parametrize("reader", BOTH, ids=lambda reader: reader.language)
def test_no_sentence_of_a_centres_view_holds_a_bare_id(reader: Reader) -> None:
    assert [sentence for sentence in heard_by_the_centre(reader) if AN_ID.search(sentence)] == []
