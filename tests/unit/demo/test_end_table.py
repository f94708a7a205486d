"""The table at the end fits a terminal and tells its assumptions."""

from typing import Any

import pytest
from samsyn_demo.table import WIDTH, end_table

CENTRES = ("akc-vast", "akc-stockholm")


def figures() -> dict[str, Any]:
    return {
        "cancellations": 10,
        "inspections_hit": 18,
        "inspections_saved": 14,
        "rescued_by_step": {"other_police_session": 1, "moved_session": 2, "without_police": 1, "postponed": 10},
        "lost": 4,
        "inspections_standing_at_the_end": 13,
        "inspections_displaced": 3,
        "saved_by_refill_only": 8,
        "saved_by_just_cancel": 0,
        "needless_moves": 0,
        "num_replans": 31,
    }


def a_summary(**overrides: Any) -> dict[str, Any]:
    own: dict[str, Any] = {
        **figures(),
        "centres": {code: figures() for code in CENTRES},
        "ledger": {},
        "double_bookings": 0,
        "lost_events": 0,
        "num_events": 2345,
        "num_events_without_id": 0,
        "replan_seconds": {"n": 10, "p50": 0.412, "p95": 0.873, "max": 0.91},
        "num_cancellations_unanswered": 0,
        "seed": 1,
        "versions": {"samsyn": "0.1.0"},
        "assumptions": {
            "centres": CENTRES,
            "from_day": "2025-05-05",
            "weeks": 4,
            "p_b": 0.3,
            "events": "disturbances.csv",
            "num_real_losses": {"akc-vast": 2, "akc-stockholm": 5},
            "num_storm_losses": {"akc-vast": 8},
            "disturbances": {"num_rows": 12495, "num_without_municipality": 187, "num_occurred_after_published": 77},
        },
        "broken": [],
    }
    return own | overrides


def test_no_line_is_wider_than_the_terminal() -> None:
    long_sentence = "replan 3: H10 " + "the same team is called by two operations, " * 5

    assert max(map(len, end_table(a_summary(broken=[long_sentence])).splitlines())) <= WIDTH == 100


def test_each_centre_has_a_column_and_all_of_them_one() -> None:
    lines = end_table(a_summary()).splitlines()

    assert [line.split() for line in lines if line.split() == ["vast", "stockholm", "all"]] != []
    assert next(line for line in lines if "by published disturbances" in line).split()[-3:] == ["2", "5", "7"]
    assert next(line for line in lines if "by the invented storm" in line).split()[-3:] == ["8", "0", "8"]


def test_percentiles_stand_beside_their_number() -> None:
    assert "p50 0.41  p95 0.87  max 0.91  (n 10)" in end_table(a_summary())


def test_no_times_are_told_as_none() -> None:
    shown = end_table(a_summary(replan_seconds={"n": 0, "p50": None, "p95": None, "max": None}))

    assert "n 0" in shown


@pytest.mark.parametrize(
    "words",
    [
        "with probability 0.3",
        "No public rate of cancellations exists",
        "opening hours",
        "187 without municipality left out",
        "77 told to have occurred after they were published",
        "Källa: Polismyndigheten.",
        "annat polispass",
        "senarelagt",
    ],
)
def test_what_a_reader_must_know_is_told(words: str) -> None:
    assert words in " ".join(end_table(a_summary()).split())


def test_the_first_twenty_broken_invariants_are_shown() -> None:
    shown = end_table(a_summary(broken=[f"fault {n}" for n in range(25)]))

    assert "BROKEN INVARIANTS: 25" in shown
    assert "- fault 19" in shown
    assert "- fault 20" not in shown
    assert "- and 5 more" in shown
