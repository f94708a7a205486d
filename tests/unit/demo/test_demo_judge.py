"""The judge counts what the evidence shows, and sees each invariant that does not hold."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from samsyn_demo.evidence import EvidenceError, Record
from samsyn_demo.judge import judge, main
from samsyn_planning.domain.planner import just_cancel, solve

from tests.support.planning_forms import a_problem, a_session, a_team_session, an_inspection, at
from tests.unit.demo.demo_forms import (
    Form,
    a_plan_published,
    an_operation_told,
    said_and_admitted,
    write_evidence,
)

TUESDAY, WEDNESDAY = 13, 14
BOTH_DAYS = [[at(TUESDAY, 8), at(TUESDAY, 16)], [at(WEDNESDAY, 8), at(WEDNESDAY, 16)]]
CANCELLED = {"capacity_id": "polisen:p1"}


def two_days(published: Mapping[str, Any] | None = None, is_lost: bool = False, **overrides: Any) -> Form:
    """A problem of one inspection, planned on Tuesday's police session unless that one is lost."""
    wednesday = a_session("polisen:p2", WEDNESDAY)
    sessions = [wednesday] if is_lost else [a_session("polisen:p1", TUESDAY), wednesday]
    return a_problem(
        sessions=sessions,
        team_sessions=[a_team_session("t1", day=TUESDAY), a_team_session("t2", day=WEDNESDAY)],
        inspections=[an_inspection("i1", time_windows=BOTH_DAYS, due_at=at(TUESDAY, 23))],
        published=published,
        lost=[{"id": "polisen:p1", "cause": "e1"}] if is_lost else [],
        **overrides,
    )


def first_plan(hour: int = 8) -> tuple[None, Form, Form]:
    """The first plan: nothing before it."""
    problem = two_days(now=at(5, hour))
    return None, problem, solve(problem)


def a_replan(**overrides: Any) -> tuple[Form, Form, Form]:
    """The replan after Tuesday's session is lost: the inspection goes to Wednesday."""
    before = first_plan()[2]
    problem = two_days(before, is_lost=True, **overrides)
    return before, problem, solve(problem)


def a_good_run(folder: Path, *more: Record) -> Path:
    """A run in which one cancellation hit one inspection, which was saved."""
    records = [*said_and_admitted("e1", body=CANCELLED), a_plan_published("e1", after_ms=400), *more]
    return write_evidence(folder, [first_plan(hour=6), a_replan()], records)


def test_a_good_run_breaks_nothing(tmp_path: Path) -> None:
    assert judge(a_good_run(tmp_path))["broken"] == []


def test_an_inspection_on_a_cancelled_session_is_hit_and_saved_on_a_later_day(tmp_path: Path) -> None:
    summary = judge(a_good_run(tmp_path))

    assert (summary["cancellations"], summary["inspections_hit"], summary["inspections_saved"]) == (1, 1, 1)
    assert summary["rescued_by_step"]["postponed"] == 1
    assert summary["lost"] == 0


def test_refilling_an_unused_session_saves_it_too_and_just_cancelling_does_not(tmp_path: Path) -> None:
    summary = judge(a_good_run(tmp_path))

    assert (summary["saved_by_refill_only"], summary["saved_by_just_cancel"]) == (1, 0)


def test_an_inspection_that_the_replan_leaves_out_is_lost(tmp_path: Path) -> None:
    before, problem, _ = a_replan()
    records = [*said_and_admitted("e1", body=CANCELLED), a_plan_published("e1")]

    summary = judge(write_evidence(tmp_path, [(before, problem, just_cancel(problem))], records))

    assert (summary["inspections_hit"], summary["inspections_saved"], summary["lost"]) == (1, 0, 1)


def test_an_inspection_without_police_is_named_so(tmp_path: Path) -> None:
    before, problem, plan = a_replan()
    problem["sessions"][0]["police"] = False

    summary = judge(write_evidence(tmp_path, [(before, problem, plan)], said_and_admitted("e1", body=CANCELLED)))

    assert summary["rescued_by_step"]["without_police"] == 1


def test_a_session_that_stays_lost_is_counted_once(tmp_path: Path) -> None:
    first, replan = first_plan(hour=6), a_replan()
    records = [*said_and_admitted("e1", body=CANCELLED), a_plan_published("e1")]

    summary = judge(write_evidence(tmp_path, [first, replan, replan], records))

    assert summary["inspections_hit"] == 1


def test_a_loss_may_be_named_by_the_operation_that_stood_on_the_session(tmp_path: Path) -> None:
    before, problem, plan = a_replan()
    problem["lost"] = [{"id": "op:polisen:p1", "cause": "e1"}]

    summary = judge(write_evidence(tmp_path, [(before, problem, plan)], said_and_admitted("e1", body=CANCELLED)))

    assert summary["inspections_hit"] == 1


def test_a_session_lost_by_another_cause_than_its_cancellation_is_no_hit(tmp_path: Path) -> None:
    before, problem, plan = a_replan()
    problem["lost"] = [{"id": "polisen:p1", "cause": "e7"}]

    summary = judge(write_evidence(tmp_path, [(before, problem, plan)], said_and_admitted("e1", body=CANCELLED)))

    assert (summary["cancellations"], summary["inspections_hit"]) == (1, 0)
    assert any("`lost` does not name" in sentence for sentence in summary["broken"])


def test_a_plan_that_counts_on_cancelled_police_is_told(tmp_path: Path) -> None:
    unaware = first_plan()

    summary = judge(write_evidence(tmp_path, [unaware], said_and_admitted("e1", body=CANCELLED)))

    assert summary["broken"] == ["akc-vast: replan 1: plans with the police on polisen:p1, which they had cancelled"]


def test_a_session_lost_by_anything_but_a_police_cancellation_is_no_hit(tmp_path: Path) -> None:
    summary = judge(write_evidence(tmp_path, [a_replan()], said_and_admitted("e1", "CapacityWithdrawn", CANCELLED)))

    assert (summary["cancellations"], summary["inspections_hit"]) == (0, 0)


def test_what_a_later_plan_gives_up_is_not_standing_at_the_end(tmp_path: Path) -> None:
    replan = a_replan()
    empty = two_days(replan[2], is_lost=True) | {"inspections": []}
    given_up = (replan[2], empty, solve(empty))
    records = [*said_and_admitted("e1", body=CANCELLED), a_plan_published("e1")]

    summary = judge(write_evidence(tmp_path, [first_plan(hour=6), replan, given_up], records))

    assert (summary["inspections_saved"], summary["inspections_standing_at_the_end"]) == (1, 0)


def test_a_plan_that_breaks_a_rule_is_told(tmp_path: Path) -> None:
    before, problem, plan = a_replan()
    plan["operations"][0]["inspections"][0]["end_at"] = at(WEDNESDAY, 23)

    summary = judge(write_evidence(tmp_path, [(before, problem, plan)], said_and_admitted("e1", body=CANCELLED)))

    assert any(sentence.startswith("akc-vast: replan 1: H2 ") for sentence in summary["broken"])


def test_a_problem_that_cannot_be_judged_is_told(tmp_path: Path) -> None:
    before, problem, plan = a_replan()
    problem["surprise"] = 1

    summary = judge(write_evidence(tmp_path, [(before, problem, plan)], []))

    assert summary["broken"][0].startswith("akc-vast: replan 1: its problem cannot be judged")


def test_a_needless_move_is_seen(tmp_path: Path) -> None:
    before = first_plan()[2]
    problem = two_days(before)
    moved = json.loads(json.dumps(before))
    visit = moved["operations"][0]["inspections"][0]
    visit["start_at"], visit["end_at"] = at(TUESDAY, 14), at(TUESDAY, 15)

    summary = judge(write_evidence(tmp_path, [(before, problem, moved)], []))

    assert summary["needless_moves"] == 1
    assert "akc-vast: replan 1: op:polisen:p1 was moved needlessly" in summary["broken"]


def test_an_inspection_planned_twice_is_a_double_booking(tmp_path: Path) -> None:
    before, problem, plan = a_replan()
    twice = json.loads(json.dumps(plan["operations"][0])) | {"id": "op:other", "session": "polisen:p3"}
    problem["sessions"].append(a_session("polisen:p3", 15))
    plan["operations"].append(twice)

    summary = judge(write_evidence(tmp_path, [(before, problem, plan)], []))

    assert summary["double_bookings"] == 1


def test_a_team_told_to_be_in_two_places_is_a_double_booking(tmp_path: Path) -> None:
    told = [
        an_operation_told("op:polisen:p1", "polisen:p1", inspections=["skatteverket:i1"], offset=1),
        an_operation_told("op:polisen:p2", "polisen:p2", inspections=["skatteverket:i2"], offset=2),
    ]

    summary = judge(a_good_run(tmp_path, *told))

    assert summary["double_bookings"] == 1
    assert "team skatteverket:t1 is used by both op:polisen:p1 and op:polisen:p2" in summary["broken"]


def test_what_happened_in_one_centre_is_not_counted_in_another(tmp_path: Path) -> None:
    summary = judge(write_evidence(a_good_run(tmp_path), [first_plan()], [], centre="akc-stockholm"))

    assert {code: figures["num_replans"] for code, figures in summary["centres"].items()} == {
        "akc-vast": 2,
        "akc-stockholm": 1,
    }
    assert summary["centres"]["akc-stockholm"]["cancellations"] == 0
    assert (summary["cancellations"], summary["num_replans"]) == (1, 3)


def test_what_was_said_over_https_and_admitted_is_among_the_admitted(tmp_path: Path) -> None:
    _, answer, _ = said_and_admitted("e3", "CapacityOffered", {"capacity_id": "polisen:p9"})

    summary = judge(a_good_run(tmp_path, answer))

    assert "event polisen e3 was admitted and is not among the admitted records" in summary["broken"]


def test_an_event_without_an_answer_is_lost(tmp_path: Path) -> None:
    said, _, _ = said_and_admitted("e2", "CapacityOffered", {"capacity_id": "polisen:p9"})

    summary = judge(a_good_run(tmp_path, said))

    assert summary["lost_events"] == 1
    assert "event polisen e2 got no answer" in summary["broken"]


def test_a_cancellation_that_hit_inspections_and_changed_no_plan_is_told(tmp_path: Path) -> None:
    summary = judge(write_evidence(tmp_path, [a_replan()], said_and_admitted("e1", body=CANCELLED)))

    assert summary["broken"] == ["akc-vast: cancellation e1 hit inspections and no published plan names it"]
    assert summary["num_cancellations_unanswered"] == 1


def test_a_plan_before_that_is_not_the_problems_is_told(tmp_path: Path) -> None:
    before, problem, plan = a_replan()
    empty = before | {"operations": []}

    summary = judge(write_evidence(tmp_path, [(empty, problem, plan)], said_and_admitted("e1", body=CANCELLED)))

    assert "akc-vast: replan 1: before.json and problem.published differ on a lost session" in summary["broken"]


def test_the_seconds_from_admission_to_plan_come_with_their_number(tmp_path: Path) -> None:
    assert judge(a_good_run(tmp_path))["replan_seconds"] == {"n": 1, "p50": 0.4, "p95": 0.4, "max": 0.4}


def test_the_exit_status_is_nought_when_every_invariant_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(a_good_run(tmp_path))]) == 0
    assert "Every invariant held." in capsys.readouterr().out


def test_the_exit_status_is_one_when_an_invariant_broke(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said, _, _ = said_and_admitted("e2")

    assert main([str(a_good_run(tmp_path, said))]) == 1
    assert "BROKEN INVARIANTS: 1" in capsys.readouterr().out


def test_the_summary_is_kept_beside_the_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(a_good_run(tmp_path))])

    assert json.loads((tmp_path / "summary.json").read_text("utf-8"))["seed"] == 1


def test_evidence_that_is_not_there_cannot_be_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "run.json" in capsys.readouterr().err


def test_a_line_of_events_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = a_good_run(tmp_path)
    with (folder / "events.ndjson").open("a", encoding="utf-8") as events:
        events.write("{}\n")

    with pytest.raises(EvidenceError, match=r"events\.ndjson, line 5: KeyError\('topic'\)"):
        judge(folder)
