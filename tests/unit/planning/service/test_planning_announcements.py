"""What planning says of a new plan version: causes, reasons, and the chain of hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from samsyn_contracts.operations import OperationRescheduled
from samsyn_planning.domain.announcements import announcement, hash_of, started
from samsyn_planning.domain.code_names import NAMES, free_names

from tests.support.planned_centre import Planned, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import AV, a_cause, a_snapshot, a_wanted, at, the_centre


def storm() -> Planned:
    """Two operations lose their sessions in one go; a week later each finds another."""
    own = [a_wanted(f"{AV}:I{day}", time_windows=[open_on(day), open_on(day + 7)]) for day in (13, 14)]
    before = with_values(a_day_of_work(*own, days=(13, 14)), a_wanted(is_withdrawn=True))
    later = a_day_of_work(days=(20, 21)).capacities
    hit = with_values(planned(before).snapshot, *later)
    hit = without(without(hit, "polisen:P13", "c13"), "polisen:P14", "c14")
    return replanned(hit, a_cause("c13"), a_cause("c14", subject="polisen:P14"))


def open_on(day: int) -> dict[str, datetime]:
    return {"from_at": at(day), "until_at": at(day + 1)}


def test_each_change_names_the_event_that_took_its_own_session() -> None:
    told = storm().said(OperationRescheduled)

    assert {m.operation_id: m.cause_event_ids for m in told} == {
        "op:polisen:P13": ("c13",),
        "op:polisen:P14": ("c14",),
    }


def published(hash_prev: str = "", **plan: Any) -> str:
    after = storm()
    changed = after.replan.model_copy(update={"plan": {**after.replan.plan, **plan}})
    return announcement(changed, after.publication, "akc-vast", hash_prev).hash


def test_a_plan_published_names_its_causes_changes_and_the_version_before() -> None:
    after = storm()

    told = announcement(after.replan, after.publication, "akc-vast", "f" * 64)

    assert (told.plan_version, told.previous_version, told.hash_prev) == (2, 1, "f" * 64)
    assert told.cause_event_ids == ("c13", "c14")
    assert {c.operation_id for c in told.changes} == {"op:polisen:P13", "op:polisen:P14"}
    assert all(c.reasons and c.ladder_step for c in told.changes)


def test_the_hash_stands_for_the_plan_and_for_every_plan_before_it() -> None:
    assert published() == published()
    assert len({published(), published("f" * 64), published(objective=1)}) == 3


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert hash_of("", {"a": 1, "b": 2}, {}) == hash_of("", {"b": 2, "a": 1}, {})


def test_a_replan_that_starts_names_what_set_it_off() -> None:
    told = started("replan:akc-vast:7", "queued", (a_cause("c1"),), a_snapshot(centre=the_centre(plan_version=4)))

    assert (told.trigger_event_ids, told.base_plan_version, told.scope) == (("c1",), 4, "queued")


def test_a_change_whose_plan_names_no_cause_has_the_causes_of_the_replan() -> None:
    after = storm()
    silent = after.replan.model_copy(update={"plan": {**after.replan.plan, "changes": []}})

    assert silent.cause_events_of("op:polisen:P13") == ("c13", "c14")


def test_code_names_are_the_first_that_nobody_has_used() -> None:
    assert free_names({NAMES[0], NAMES[2]}, 2) == (NAMES[1], NAMES[3])


def test_when_every_name_is_used_they_are_numbered_and_still_unique() -> None:
    names = free_names(set(NAMES[5:]), len(NAMES) + 10)

    assert len(set(names)) == len(names)
    assert not set(names) & set(NAMES[5:])
