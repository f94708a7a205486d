"""Backups without a database: which operations have one, which loss finds it, when it ends, and what is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from samsyn_planning.domain.backups import (
    Backup,
    agreements_missing,
    chosen,
    frozen_operations,
    holds_until,
    likeness,
    problem_with_everybody,
    problem_without,
    review,
    told_of,
)
from samsyn_planning.domain.facts import Operation, Value
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.restating import ASSUMED, restate
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import GIVEN, a_day_of_work, planned, with_values, without
from tests.support.planning_facts import (
    AV,
    SKV,
    a_cause,
    a_session,
    a_team,
    asking,
    at,
)

MINUTE = timedelta(minutes=1)
NAMES = {"c1": ("skottlossning", "a shooting")}


def at_work(*more: Value, days: tuple[int, ...] = (13, 14, 20), num_inspections: int = 4) -> Snapshot:
    """A planned centre on the 12th at nine: its first operation is in the frozen part."""
    snapshot = planned(a_day_of_work(*more, days=days, num_inspections=num_inspections)).snapshot
    return on(snapshot, at(12, 9))


def on(snapshot: Snapshot, now: Any, **centre: Any) -> Snapshot:
    told = snapshot.centre.model_copy(update={"now_at": now, "plan_version": 1, **centre})
    return Snapshot.model_validate({**dict(snapshot), "centre": told})


def the_operation(snapshot: Snapshot) -> Operation:
    return frozen_operations(snapshot, DEFAULT)[0]


def solved(problem: dict[str, Any]) -> dict[str, Any]:
    return solve(problem, Limit(seconds=None, work=None))


def a_backup(snapshot: Snapshot, **own: Any) -> Backup:
    """The backup of the centre's first operation of the frozen part, as preparing makes it."""
    operation = the_operation(snapshot)
    problem = problem_without(snapshot, operation, DEFAULT)
    until = holds_until(problem, operation, DEFAULT)
    told = {
        "id": operation.id,
        "centre": operation.centre,
        "session_id": operation.session_id,
        "status": "fresh",
        "facts_version": snapshot.centre.facts_version,
        "plan_version": snapshot.centre.plan_version,
        "likeness": likeness(problem),
        "plan": solved(problem),
        "valid_until": until.at,
        "expires_by": until.reason,
        "made_at": snapshot.centre.now_at,
    }
    return Backup.model_validate({**told, **own})


def hit(snapshot: Snapshot, minutes: int = 5, by: str = "c1", **part: Any) -> Snapshot:
    """The police have lost the operation's session, some minutes later."""
    operation = the_operation(snapshot)
    now = snapshot.centre.now_at
    assert now is not None
    after = without(snapshot, operation.session_id, by, **part)
    return on(after, now + minutes * MINUTE, causes=(a_cause(by, subject=operation.session_id),))


def asked(backups: list[Backup], snapshot: Snapshot) -> str | None:
    return chosen(backups, problem_of(snapshot, GIVEN, DEFAULT), snapshot, DEFAULT)[0]


def test_operations_of_the_frozen_part_have_backups_and_no_others() -> None:
    snapshot = at_work()
    (operation,) = snapshot.operations

    assert [o.id for o in frozen_operations(snapshot, DEFAULT)] == [operation.id]
    assert frozen_operations(on(snapshot, operation.start_at - DEFAULT.frozen), DEFAULT) == []
    assert frozen_operations(on(snapshot, operation.start_at), DEFAULT) == []


def test_an_operation_without_police_has_none_to_lose() -> None:
    snapshot = at_work()
    part = snapshot.part_by_key[the_operation(snapshot).police_key]

    released = with_values(snapshot, part.model_copy(update={"status": "released"}))

    assert frozen_operations(on(released, at(12, 9)), DEFAULT) == []


def test_a_loss_finds_the_backup_that_was_made_for_it() -> None:
    snapshot = at_work()

    assert asked([a_backup(snapshot)], hit(snapshot)) == "used"


def test_what_is_found_is_what_solving_anew_would_give() -> None:
    snapshot = at_work()
    backup, after = a_backup(snapshot), hit(snapshot)
    problem = problem_of(after, GIVEN, DEFAULT)

    told = restate(problem, backup.plan, backup.session_id, NAMES)

    assert told == solve(problem, Limit(seconds=None, work=None), names=NAMES)
    assert verify(problem, told).violations == ()
    assert "skottlossning" in str(told)
    assert ASSUMED not in str(told)


def test_no_backup_is_missing_where_none_could_be() -> None:
    snapshot = at_work()
    far = on(snapshot, the_operation(snapshot).start_at - DEFAULT.frozen - 9 * MINUTE)
    lost = without(far, "polisen:P20")

    assert asked([], hit(snapshot)) == "missing"
    assert asked([], on(lost, at(12, 9), causes=(a_cause(subject="polisen:P20"),))) is None
    assert asked([a_backup(snapshot, status="refused", plan={})], hit(snapshot)) == "missing"


@pytest.mark.parametrize(
    "more",
    [a_session("polisen:P15", 15), a_team(f"{AV}:T15", 15), a_team(f"{AV}:T14", 14, consent=asking())],
    ids=["a session", "a team", "a consent"],
)
def test_a_backup_is_stale_where_a_fact_differs(more: Value) -> None:
    snapshot = at_work()
    after = with_values(hit(snapshot), more)

    assert asked([a_backup(snapshot)], on(after, hit(snapshot).centre.now_at, causes=hit(snapshot).centre.causes)) == (
        "stale"
    )


def test_a_backup_is_stale_from_the_instant_at_which_it_ends() -> None:
    snapshot = at_work()
    backup = a_backup(snapshot, valid_until=at(12, 9, 5))

    assert asked([backup], hit(snapshot, 4)) == "used"
    assert asked([backup], hit(snapshot, 5)) == "stale"


def test_a_backup_found_wrong_before_is_stale() -> None:
    snapshot = at_work()

    assert asked([a_backup(snapshot, status="stale")], hit(snapshot)) == "stale"


def test_a_loss_in_part_is_another_loss() -> None:
    snapshot = at_work()

    assert asked([a_backup(snapshot)], hit(snapshot, available_until=at(13, 12))) is None


def test_two_losses_at_once_have_no_backup() -> None:
    snapshot = at_work()
    after = without(hit(snapshot), "polisen:P20", "c2")
    both = (*hit(snapshot).centre.causes, a_cause("c2", subject="polisen:P20"))

    assert asked([a_backup(snapshot)], on(after, at(12, 9, 5), causes=both)) == "missing"


def test_what_else_is_urgent_makes_no_backup_missing() -> None:
    snapshot = at_work()
    back = a_cause(kind="PoliceRestored", subject=the_operation(snapshot).session_id)

    assert asked([a_backup(snapshot)], on(snapshot, at(12, 9, 5), causes=(back,))) is None


def test_what_moves_with_time_and_who_took_it_make_no_other_problem() -> None:
    snapshot = at_work()
    problem = problem_without(snapshot, the_operation(snapshot), DEFAULT)
    real = problem_of(hit(snapshot, by="another"), GIVEN, DEFAULT)

    assert likeness(problem) == likeness(real)
    assert likeness({**problem, "seed": 2}) != likeness(real)
    assert likeness({**problem, "freeze_until": problem["now"]}) != likeness(real)


class TestReview:
    """What the pass finds that renews backups."""

    def test_an_operation_without_a_backup_wants_one(self) -> None:
        snapshot = at_work()

        found = review(snapshot, [], DEFAULT)

        assert [o.id for o in found.wanting] == [the_operation(snapshot).id]
        assert (found.kept, found.told, found.gone) == ((), (), ())

    def test_one_that_holds_is_left_alone_and_noted_under_todays_facts(self) -> None:
        snapshot = at_work()
        backup = a_backup(snapshot)

        found = review(on(snapshot, at(12, 9), facts_version=9), [backup], DEFAULT)

        assert [(one.facts_version, one.status) for one in found.kept] == [(9, "fresh")]
        assert (found.wanting, found.told) == ((), ())
        assert review(snapshot, [backup], DEFAULT).kept == ()

    def test_one_that_facts_have_made_wrong_is_told_of_once(self) -> None:
        snapshot = at_work()
        after = on(with_values(snapshot, a_session("polisen:P15", 15)), at(12, 9), changed_by="e7", facts_version=3)

        found = review(after, [a_backup(snapshot)], DEFAULT)
        again = review(after, found.kept, DEFAULT)

        assert [(m.reason_code, m.reason_event_id) for m in found.told] == [("facts_changed", "e7")]
        assert [one.status for one in found.kept] == ["stale"]
        assert [o.id for o in found.wanting] == [the_operation(snapshot).id]
        assert (again.told, again.kept) == ((), ())

    def test_one_of_another_plan_is_told_of_by_that(self) -> None:
        snapshot = at_work()
        after = on(with_values(snapshot, a_session("polisen:P15", 15)), at(12, 9), plan_version=2)

        assert [m.reason_code for m in review(after, [a_backup(snapshot)], DEFAULT).told] == ["plan_changed"]

    def test_one_whose_told_time_is_up_is_made_anew_and_nothing_is_told(self) -> None:
        snapshot = at_work()
        backup = a_backup(snapshot, valid_until=at(12, 9))

        found = review(snapshot, [backup], DEFAULT)

        assert (len(found.wanting), found.told) == (1, ())

    def test_one_of_an_operation_that_has_no_police_left_is_forgotten_and_told_of(self) -> None:
        snapshot = at_work()
        backup = a_backup(snapshot)

        found = review(hit(snapshot), [backup], DEFAULT)

        assert (found.gone, [m.operation_id for m in found.told]) == ((backup.id,), [backup.id])

    def test_one_that_the_verifier_refused_is_not_asked_for_again(self) -> None:
        snapshot = at_work()

        assert review(snapshot, [a_backup(snapshot, status="refused", plan={})], DEFAULT).wanting == ()


def test_capacities_to_be_asked_are_missing_consent() -> None:
    teams = [a_team(f"{agency}:T{day}", day, consent=asking()) for agency in (AV, SKV) for day in (14, 20)]
    snapshot = at_work(*teams, num_inspections=1)
    operation = the_operation(snapshot)
    at_best = solved(problem_with_everybody(snapshot, operation, DEFAULT))

    missing = agreements_missing(problem_with_everybody(snapshot, operation, DEFAULT), at_best, snapshot)

    assert {one.kind for one in missing} == {"consent"}
    assert {one.capacity_id for one in missing} <= {team.id for team in teams}
    assert missing


def test_an_agency_that_is_not_ready_counts_as_missing_consent() -> None:
    snapshot = at_work(days=(13, 14), num_inspections=1)
    (wanted,) = snapshot.wanted
    unready = on(with_values(snapshot, wanted.model_copy(update={"ready": {}})), at(12, 9))
    operation = the_operation(unready)
    at_best = solved(problem_with_everybody(unready, operation, DEFAULT))

    missing = agreements_missing(problem_with_everybody(unready, operation, DEFAULT), at_best, unready)

    assert solved(problem_without(unready, operation, DEFAULT))["operations"] == []
    assert {(one.kind, one.inspection_id) for one in missing} == {("readiness", wanted.id)}


def test_what_is_told_names_the_step_and_the_new_place() -> None:
    snapshot = at_work()
    operation = the_operation(snapshot)
    problem = problem_without(snapshot, operation, DEFAULT)

    backup, told = told_of(a_backup(snapshot), operation, problem, 40, snapshot, DEFAULT)

    assert (backup.ladder_step, told.ladder_step, told.value_loss) == ("postponed", "postponed", 40)
    assert told.to_slot is not None
    assert told.to_slot.session_id != operation.session_id == told.against
    assert told.valid_until == backup.valid_until <= operation.start_at
