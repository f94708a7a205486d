"""Designated operation officers: kept as told, and the experience of a session that says none of itself."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired
from samsyn_planning.domain.facts import Decision, Question
from samsyn_planning.domain.officers import OfficerSlot, designate_officer, experience_of, retire_officer
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of

from tests.support.planning_facts import (
    OTHER_CENTRE,
    a_session,
    a_session_offer,
    a_snapshot,
    an_envelope,
    an_officer,
)

AREA = "lpo-goteborg-city"


def designated(**overrides: Any) -> OperationOfficerDesignated:
    own = {"slot_id": "polisen:O1", "area": AREA, "experience_band": "1-3", "valid_from": "2025-05-01"}
    return OperationOfficerDesignated.model_validate({**own, **overrides})


def told(known: OfficerSlot | None = None, **envelope: Any) -> Decision:
    return designate_officer(known, designated(), an_envelope(designated(), **envelope))


def retired(known: OfficerSlot | None, **envelope: Any) -> Decision:
    message = OperationOfficerRetired.model_validate({"slot_id": "polisen:O1", "valid_to": "2025-05-13"})
    return retire_officer(known, message, an_envelope(message, **envelope))


def kept(decision: Decision) -> OfficerSlot:
    (slot,) = decision.keep
    assert isinstance(slot, OfficerSlot)
    return slot


def refusal(decision: Decision) -> tuple[str, str]:
    assert decision.refuse is not None
    assert decision.keep == ()
    return decision.refuse.code, decision.refuse.pointer


def experience(*slots: OfficerSlot, **offer: Any) -> str | None:
    """Of a session on the 13th in the officers' area, of four officers unless told otherwise."""
    return experience_of(a_session_offer(**{"area": AREA, **offer}), slots)


class TestKept:
    def test_a_slot_is_kept_and_nothing_is_planned_anew(self) -> None:
        decision = told(sequence=1)

        assert kept(decision) == an_officer(experience_band="1-3", valid_from="2025-05-01", sequence=1)
        assert (decision.changed, decision.say) == (None, ())

    def test_what_is_told_of_it_later_counts_and_brings_it_back(self) -> None:
        slot = kept(told(an_officer(valid_to="2025-04-01", sequence=1), sequence=2))

        assert (slot.experience_band, slot.valid_to, slot.sequence) == ("1-3", None, 2)

    def test_a_word_without_a_number_loses_none(self) -> None:
        assert kept(told(an_officer(sequence=4))).sequence == 4

    def test_retired_it_ends_and_nothing_is_planned_anew(self) -> None:
        decision = retired(an_officer(sequence=1), sequence=2)

        assert kept(decision) == an_officer(valid_to="2025-05-13", sequence=2)
        assert (decision.changed, decision.say) == (None, ())

    @pytest.mark.parametrize("say", [told, retired])
    def test_an_older_word_about_it_is_superseded(self, say: Any) -> None:
        assert refusal(say(an_officer(sequence=3), sequence=2)) == ("superseded", "/headers/ce_sequence")

    def test_another_centre_does_not_take_it_over(self) -> None:
        assert refusal(told(an_officer(), centre=OTHER_CENTRE)) == ("unknown_id", "/headers/ce_centre")
        assert refusal(retired(an_officer(), centre=OTHER_CENTRE)) == ("unknown_id", "/slot_id")

    def test_a_slot_that_nobody_has_heard_of_cannot_end(self) -> None:
        assert refusal(retired(None)) == ("unknown_id", "/slot_id")


class TestExperience:
    def test_it_is_the_best_band_that_two_officers_of_the_area_reach(self) -> None:
        experienced, new = an_officer(1), an_officer(2, experience_band="0")

        assert experience(experienced, an_officer(3), new) == "4+"
        assert experience(experienced, new, an_officer(4, experience_band="1-3")) == "1-3"
        assert experience(experienced, new) == "0"

    def test_what_the_session_itself_says_counts_first(self) -> None:
        assert experience(an_officer(1), an_officer(2), experience_band="0") == "0"

    def test_too_few_designated_officers_tell_nothing(self) -> None:
        assert experience(an_officer(1)) is None

    def test_a_session_of_one_officer_needs_but_one(self) -> None:
        assert experience(an_officer(1), staff=1) == "4+"

    def test_officers_of_another_area_tell_nothing(self) -> None:
        assert experience(an_officer(1), an_officer(2, area="lpo-molndal")) is None
        assert experience(an_officer(1), an_officer(2), area=None) is None

    def test_an_officer_is_there_from_the_first_day_on_and_not_on_the_day_of_retiring(self) -> None:
        first = an_officer(1)

        assert experience(first, an_officer(2, valid_from="2025-05-13")) == "4+"
        assert experience(first, an_officer(2, valid_from="2025-05-14")) is None
        assert experience(first, an_officer(2, valid_to="2025-05-14")) == "4+"
        assert experience(first, an_officer(2, valid_to="2025-05-13")) is None

    def test_the_planner_is_asked_with_it(self) -> None:
        snapshot = a_snapshot(a_session(area=AREA), an_officer(1), an_officer(2))

        (session,) = problem_of(snapshot, Question(consent="any"), DEFAULT)["sessions"]

        assert session["experience_band"] == "4+"
