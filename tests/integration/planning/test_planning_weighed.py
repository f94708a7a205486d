"""What is read from the database to be weighed or told: what was done, what has happened, who is designated."""

from __future__ import annotations

from datetime import timedelta

from samsyn_contracts.cancellation_risk import CancellationRiskAssessed, DisturbanceEnded
from samsyn_contracts.capacity import DisturbanceReported
from samsyn_contracts.inspections import InterestDeclared
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired
from samsyn_planning.domain.fairness import Account, accounts
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.store import Store

from tests.integration.planning.planning_at_work import Town
from tests.support.planning_facts import AV, SKV, at

MIGRATION = "migrationsverket"


async def snapshot_of(town: Town, cap: int = 0, risk: int = 0) -> Snapshot:
    policy = DEFAULT.model_copy(update={"fairness_cap": cap, "risk": risk})
    async with town.planning.service.database.transaction() as transaction:
        return await Store(transaction, "test", policy).snapshot(town.code)


async def a_day_done(town: Town) -> None:
    """One inspection that all three wanted to take part in, done by two of them."""
    await town.planning.hear(*town.wanted(1))
    wanted = town.id(f"{AV}:I1")
    agencies = (AV, SKV, MIGRATION)
    await town.hears(*(InterestDeclared(inspection_id=wanted, agency=a, interest="high") for a in agencies))
    await town.works((13,), num_inspections=0)
    await town.passes(at(13, 17))


async def test_an_inspection_done_this_year_counts_for_those_who_took_part(town: Town) -> None:
    await a_day_done(town)

    weighed = await snapshot_of(town, cap=5)

    assert [one.id for one in weighed.done_this_year] == [town.id(f"{AV}:I1")]
    assert accounts(weighed) == {AV: Account(90, 90), SKV: Account(90, 90), MIGRATION: Account(90, 0)}


async def test_what_was_done_is_not_read_where_fairness_is_not_weighed(town: Town) -> None:
    await a_day_done(town)

    assert (await snapshot_of(town, cap=0)).done_this_year == ()


async def test_a_new_year_begins_with_nothing_done(town: Town) -> None:
    await a_day_done(town)

    await town.passes(at(2, 8, month=12).replace(year=2026))

    assert (await snapshot_of(town, cap=5)).done_this_year == ()


async def test_what_has_happened_of_late_is_read_where_risk_is_weighed(town: Town) -> None:
    await town.works((13,))
    await town.passes(at(12, 20))
    told = {"disturbance_id": town.id("polisen:D1"), "kind": "shooting", "severity": "heavy", "municipality": "1480"}
    end = {"expected_end_at": town.now_at + timedelta(hours=1)}
    await town.hears(DisturbanceReported.model_validate({**told, **end}))

    weighed = await snapshot_of(town, risk=100)
    assert [(one.id, one.severity) for one in weighed.disturbances] == [(town.id("polisen:D1"), "heavy")]
    assert (await snapshot_of(town)).disturbances == ()

    await town.passes(town.now_at + timedelta(minutes=59))
    assert [one.p for one in town.said(CancellationRiskAssessed)] == [0.167, 1.0]
    await town.passes(town.now_at + timedelta(minutes=1))
    await town.tells(CancellationRiskAssessed, 3)
    await town.hears(DisturbanceReported.model_validate(told))
    await town.hears(DisturbanceEnded(disturbance_id=town.id("polisen:D1"), ended_at=town.now_at))
    await town.tells(CancellationRiskAssessed, 5)
    assert [one.p for one in town.said(CancellationRiskAssessed)] == [0.167, 1.0, 0.167, 1.0, 0.167]

    await town.passes(town.now_at + timedelta(hours=13))
    assert (await snapshot_of(town, risk=100)).disturbances == ()


async def test_designated_officers_are_read_as_they_were_told_last_and_start_no_plan(town: Town) -> None:
    await town.works((13,))
    slot_id, version = town.id("polisen:O1"), town.published.plan_version
    told = {"slot_id": slot_id, "area": "lpo-goteborg-city", "experience_band": "4+", "valid_from": "2025-05-01"}
    await town.hears(OperationOfficerDesignated.model_validate(told))
    await town.hears(OperationOfficerRetired.model_validate({"slot_id": slot_id, "valid_to": "2025-06-01"}))

    (slot,) = (await snapshot_of(town)).officer_slots

    assert (slot.id, slot.experience_band, str(slot.valid_to)) == (slot_id, "4+", "2025-06-01")
    assert town.published.plan_version == version
