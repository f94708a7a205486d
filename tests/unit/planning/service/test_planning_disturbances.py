"""Disturbances are kept as last told, when they happened and whether they are over, and start no replan."""

from __future__ import annotations

from typing import Any

from samsyn_contracts.cancellation_risk import DisturbanceEnded
from samsyn_contracts.capacity import DisturbanceReported
from samsyn_planning.domain.disturbances import end_disturbance, note_disturbance
from samsyn_planning.domain.facts import Centre, Decision, Disturbance

from tests.support.planning_facts import CENTRE, NOW, OTHER_CENTRE, an_envelope, at, the_centre

ENDED = DisturbanceEnded(disturbance_id="polisen:D1", ended_at=at(5, 7))


def reported(severity: str = "serious", **overrides: Any) -> DisturbanceReported:
    told = {"disturbance_id": "polisen:D1", "kind": "shooting", "severity": severity, "municipality": "1480"}
    return DisturbanceReported.model_validate({**told, **overrides})


def noted(before: Disturbance | None, told: DisturbanceReported, **envelope: Any) -> Decision:
    return note_disturbance(before, told, the_centre(), an_envelope(told, **envelope))


def ended(before: Disturbance | None, **envelope: Any) -> Decision:
    return end_disturbance(before, ENDED, the_centre(), an_envelope(ENDED, **envelope))


def known(**overrides: Any) -> Disturbance:
    own = {"id": "polisen:D1", "centre": CENTRE, "severity": "other", "municipality": "1480", "at": at(5, 2)}
    return Disturbance.model_validate({**own, **overrides})


def kept(decision: Decision) -> Disturbance:
    told, *more = decision.keep
    assert isinstance(told, Disturbance)
    assert all(isinstance(one, Centre) for one in more)
    return told


def test_it_is_kept_with_when_it_happened_and_nothing_is_planned_anew() -> None:
    decision = noted(None, reported())

    assert (kept(decision).at, kept(decision).severity, kept(decision).centre) == (NOW, "serious", CENTRE)
    assert (decision.changed, decision.say) == (None, ())


def test_what_is_told_of_it_later_counts_and_it_happened_when_it_did() -> None:
    told = kept(noted(known(), reported("heavy")))

    assert (told.severity, told.at) == ("heavy", at(5, 2))


def test_an_older_word_about_it_is_superseded() -> None:
    decision = noted(known(sequence=3), reported(), sequence=2)

    assert decision.refuse is not None
    assert (decision.refuse.code, decision.keep) == ("superseded", ())


def test_another_centre_does_not_take_it_over() -> None:
    for decision in (noted(known(), reported(), centre=OTHER_CENTRE), ended(known(), centre=OTHER_CENTRE)):
        assert decision.refuse is not None
        assert (decision.refuse.code, decision.refuse.pointer) == ("unknown_id", "/headers/ce_centre")


# The end


def test_it_is_over_when_its_end_is_told_else_when_it_was_expected_to_be() -> None:
    expected = kept(noted(None, reported(expected_end_at=at(5, 12))))
    over = kept(ended(expected))

    assert (expected.is_over(at(5, 11)), expected.is_over(at(5, 12))) == (False, True)
    assert (over.is_over(at(5, 6, 59)), over.is_over(at(5, 7))) == (False, True)


def test_a_longer_time_expected_is_waited_for() -> None:
    first = kept(noted(None, reported(expected_end_at=at(5, 12))))

    assert not kept(noted(first, reported(expected_end_at=at(5, 18)))).is_over(at(5, 13))
    assert not kept(noted(first, reported())).is_over(at(5, 13))


def test_an_end_starts_no_replan_and_brings_no_police_back() -> None:
    decision = ended(known(severity="heavy"))

    assert (decision.changed, decision.say) == (None, ())
    assert {type(value) for value in decision.keep} == {Disturbance, Centre}


def test_an_end_told_twice_changes_nothing() -> None:
    once = ended(known(severity="heavy"), sequence=4)

    assert ended(kept(once), sequence=5).keep == (kept(once).model_copy(update={"sequence": 5}), *once.keep[1:])
    assert ended(kept(ended(known(severity="heavy")))).keep == (kept(ended(known(severity="heavy"))),)


def test_an_end_told_first_holds_when_the_disturbance_is_told() -> None:
    told = kept(noted(kept(ended(None)), reported("heavy")))

    assert (told.severity, told.is_over(NOW)) == ("heavy", True)
    assert kept(ended(known(severity="heavy"))).ended_at == told.ended_at


def test_an_end_older_than_what_is_known_is_superseded() -> None:
    decision = ended(known(sequence=3), sequence=2)

    assert decision.refuse is not None
    assert (decision.refuse.code, decision.keep) == ("superseded", ())


def test_risks_are_due_where_it_takes_police_and_else_not() -> None:
    assert the_centre(risk_due_at=NOW) in noted(None, reported("heavy")).keep
    assert the_centre(risk_due_at=NOW) in noted(known(severity="serious"), reported("other")).keep
    assert the_centre(risk_due_at=NOW) in ended(known(severity="serious")).keep
    assert noted(None, reported("other")).keep == (kept(noted(None, reported("other"))),)
    assert len(note_disturbance(None, reported(), Centre(code=CENTRE), an_envelope(reported())).keep) == 1
