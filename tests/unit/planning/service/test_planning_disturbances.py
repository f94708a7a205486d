"""Disturbances are kept as last told, when they happened, and start no replan."""

from __future__ import annotations

from typing import Any

from samsyn_contracts.capacity import DisturbanceReported
from samsyn_planning.domain.disturbances import note_disturbance
from samsyn_planning.domain.facts import Decision, Disturbance

from tests.support.planning_facts import CENTRE, NOW, OTHER_CENTRE, an_envelope, at


def reported(severity: str = "serious") -> DisturbanceReported:
    return DisturbanceReported.model_validate(
        {"disturbance_id": "polisen:D1", "kind": "shooting", "severity": severity, "municipality": "1480"}
    )


def known(**overrides: Any) -> Disturbance:
    own = {"id": "polisen:D1", "centre": CENTRE, "severity": "other", "municipality": "1480", "at": at(5, 2)}
    return Disturbance.model_validate({**own, **overrides})


def kept(decision: Decision) -> Disturbance:
    (told,) = decision.keep
    assert isinstance(told, Disturbance)
    return told


def test_it_is_kept_with_when_it_happened_and_nothing_is_planned_anew() -> None:
    decision = note_disturbance(None, reported(), an_envelope(reported()))

    assert (kept(decision).at, kept(decision).severity, kept(decision).centre) == (NOW, "serious", CENTRE)
    assert (decision.changed, decision.say) == (None, ())


def test_what_is_told_of_it_later_counts_and_it_happened_when_it_did() -> None:
    told = kept(note_disturbance(known(), reported("heavy"), an_envelope(reported())))

    assert (told.severity, told.at) == ("heavy", at(5, 2))


def test_an_older_word_about_it_is_superseded() -> None:
    decision = note_disturbance(known(sequence=3), reported(), an_envelope(reported(), sequence=2))

    assert decision.refuse is not None
    assert (decision.refuse.code, decision.keep) == ("superseded", ())


def test_another_centre_does_not_take_it_over() -> None:
    decision = note_disturbance(known(), reported(), an_envelope(reported(), centre=OTHER_CENTRE))

    assert decision.refuse is not None
    assert (decision.refuse.code, decision.refuse.pointer) == ("unknown_id", "/headers/ce_centre")
