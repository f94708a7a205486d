"""Participants who come late: who is heard, and what is kept of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from samsyn_contracts.carrying_out import ParticipantDelayed
from samsyn_planning.domain.capacity import offer_capacity
from samsyn_planning.domain.delayed import note_delay
from samsyn_planning.domain.facts import Capacity, Decision, Operation, Value
from samsyn_planning.domain.snapshot import Snapshot

from tests.support.planning_facts import (
    AV,
    OTHER_CENTRE,
    POLICE,
    SKV,
    a_participation,
    a_session,
    a_snapshot,
    a_team,
    a_team_offer,
    a_wanted,
    an_envelope,
    an_operation,
    at,
    coming_late,
    the_centre,
)

P1, T1, T2 = "polisen:P1", f"{AV}:T1", f"{SKV}:T2"


def late(minutes: int = 40, agency: str = AV, **changed: Any) -> ParticipantDelayed:
    told = {"operation_id": "op:polisen:P1", "agency": agency, "minutes": minutes}
    return ParticipantDelayed.model_validate({**told, **changed})


def a_view(*more: Value, session: Capacity | None = None, team: Capacity | None = None, **operation: Any) -> Snapshot:
    """The first operation, with the police and one other agency: it can do without neither."""
    parts = [a_participation(T1, "accepted"), a_participation(P1, "accepted")]
    own = (session or a_session(), team or a_team(), a_wanted())
    return a_snapshot(an_operation(**operation), *parts, *own, *more)


def noted(view: Snapshot | None, said: ParticipantDelayed | None = None, **told: Any) -> Decision:
    message = said or late()
    return note_delay(view, message, an_envelope(message, **{"party": message.agency, **told}))


def refusal(decision: Decision) -> tuple[str, str] | None:
    return None if decision.refuse is None else (decision.refuse.code, decision.refuse.pointer)


def arrivals(decision: Decision) -> dict[str, datetime]:
    capacities = [value for value in decision.keep if isinstance(value, Capacity)]
    return {one.id: one.late.from_at for one in capacities if one.late is not None}


class TestWhoIsHeard:
    """Whoever takes part tells it of itself."""

    @pytest.mark.parametrize(("agency", "capacity_id"), [(AV, T1), (POLICE, P1)])
    def test_what_takes_part_of_it_comes_later_and_the_plan_is_made_anew_at_once(
        self, agency: str, capacity_id: str
    ) -> None:
        decision = noted(a_view(), late(agency=agency))

        assert arrivals(decision) == {capacity_id: at(13, 8, 40)}
        assert (decision.changed, decision.cause_code) == ("loss", "participant_delayed")

    @pytest.mark.parametrize("status", ["declined", "withdrawn", "released", "silent"])
    def test_who_takes_no_part_any_more_is_refused(self, status: str) -> None:
        view = a_snapshot(an_operation(), a_participation(T1, status), a_session(), a_team(), a_wanted())

        assert refusal(noted(view)) == ("not_participant", "/operation_id")

    def test_who_never_did_is_refused(self) -> None:
        assert refusal(noted(a_view(), late(agency=SKV))) == ("not_participant", "/operation_id")

    def test_an_unknown_operation_and_one_of_another_centre_are_refused(self) -> None:
        elsewhere = a_view().model_copy(update={"centre": the_centre(code=OTHER_CENTRE)})

        assert refusal(noted(None)) == refusal(noted(elsewhere)) == ("unknown_id", "/operation_id")

    @pytest.mark.parametrize("gone", [{"status": "past"}, {"status": "cancelled"}, {"is_over": True}])
    def test_an_operation_that_is_over_is_refused(self, gone: dict[str, Any]) -> None:
        assert refusal(noted(a_view(**gone))) == ("already_past", "/operation_id")

    def test_one_that_has_no_occasion_is_refused(self) -> None:
        assert refusal(noted(a_view(status="postponed"))) == ("not_participant", "/operation_id")

    @pytest.mark.parametrize("minutes", [479, 480])
    def test_a_delay_that_outlasts_the_session_is_none(self, minutes: int) -> None:
        expected = None if minutes < 480 else ("invalid_field", "/minutes")

        assert refusal(noted(a_view(), late(minutes))) == expected

    def test_nor_is_one_that_outlasts_the_teams_own_shift(self) -> None:
        view = a_view(team=a_team(end_at=at(13, 15, 30)))

        assert refusal(noted(view, late(449))) is None
        assert refusal(noted(view, late(450))) == ("invalid_field", "/minutes")
        assert refusal(noted(view, late(450, POLICE))) is None

    def test_an_arrival_given_counts_whatever_the_plan_says_now(self) -> None:
        """Said before it heard that the operation waits for another until nine."""
        decision = noted(a_view(start_at=at(13, 9)), late(30, arrives_at=at(13, 8, 30)))

        assert arrivals(decision) == {T1: at(13, 8, 30)}
        assert refusal(noted(a_view(), late(30, arrives_at=at(13, 16)))) == ("invalid_field", "/arrives_at")

    def test_a_part_of_a_minute_is_a_whole_one(self) -> None:
        exact = at(13, 8, 40).replace(second=33, microsecond=123456)

        assert arrivals(noted(a_view(), late(40, arrives_at=exact))) == {T1: at(13, 8, 41)}

    def test_an_older_word_of_the_same_source_is_superseded_and_anothers_is_not(self) -> None:
        (heard,) = (value for value in noted(a_view(), sequence=5).keep if isinstance(value, Operation))
        view = a_view(sequences=heard.sequences)

        assert refusal(noted(view, sequence=5)) == ("superseded", "/headers/ce_sequence")
        assert refusal(noted(view, late(agency=POLICE), sequence=5)) is None


class TestItsLatestWord:
    """What is told again is no news, and what is told too late changes no plan."""

    def test_a_later_word_takes_the_place_of_the_earlier(self) -> None:
        decision = noted(a_view(team=coming_late(a_team(), 20)), late(50))

        assert (arrivals(decision), decision.changed) == ({T1: at(13, 8, 50)}, "loss")

    def test_said_again_nothing_is_planned_anew(self) -> None:
        assert noted(a_view(team=coming_late(a_team(), 40))).changed is None

    def test_a_shorter_one_is_noted_and_settles(self) -> None:
        decision = noted(a_view(team=coming_late(a_team(), 60), start_at=at(13, 9)), late(arrives_at=at(13, 8, 20)))

        assert (arrivals(decision), decision.changed) == ({T1: at(13, 8, 20)}, "period")

    def test_who_is_not_needed_is_noted_and_settles(self) -> None:
        view = a_snapshot(
            an_operation(teams=(T1, T2)),
            *(a_participation(own, "accepted") for own in (P1, T1, T2)),
            *(a_session(), a_team(), a_team(T2), a_wanted()),
        )

        assert noted(view, late(agency=SKV)).changed == "period"

    def test_told_when_the_operation_has_begun_it_is_not_even_kept(self) -> None:
        """Those who are there decide, whatever planning's clock has heard."""
        assert noted(a_view(), receivedtime=at(13, 8)) == Decision()
        assert noted(a_view(), receivedtime=at(13, 7, 59)).changed == "loss"
        waited = noted(a_view(start_at=at(13, 8, 40)), late(30, arrives_at=at(13, 9)), receivedtime=at(13, 8, 50))
        assert waited == Decision()

    def test_a_figure_of_the_offer_corrected_brings_nobody_earlier(self) -> None:
        known, offer = coming_late(a_team(), 40), a_team_offer(staff=3)
        (kept,) = offer_capacity(known, [], None, offer, an_envelope(offer, party=AV)).keep

        assert isinstance(kept, Capacity)
        assert (kept.late, kept.offer.staff) == (known.late, 3)
