"""How far a centre has come towards its targets of a year, how far it will come at this pace, and what of that is news.

The forecast is what is done, times the days of the year over the days that have passed, to the nearest whole; it has
neither seasons nor plans in it. From which day of the year on there is one is dated data (`forecast_rules.json`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.indicators import AgencyWork, AreaWork, Kpi, KpiSnapshotTaken, TargetRiskRaised, WorkCounted
from samsyn_contracts.periods import AnnualTargetSet

from samsyn_reporting.domain.accounts import Fact, Operation, accounts_of
from samsyn_reporting.domain.agencies import OfAgency, agencies_of
from samsyn_reporting.domain.areas import OfArea, areas_of
from samsyn_reporting.domain.carried_out import Ending, carried_out_of, days_of
from samsyn_reporting.domain.counted import counted, work_counted
from samsyn_reporting.domain.evaluations import Evaluation, evaluations_of
from samsyn_reporting.domain.ledger import Known, Period, wanted_in
from samsyn_reporting.domain.programmes import OfProgramme, programmes_of
from samsyn_reporting.domain.told import ToldInSequence, Value, newest_by_thing, said
from samsyn_reporting.domain.units import Proposal

STOCKHOLM = ZoneInfo("Europe/Stockholm")
Unit = Literal["inspections", "operations"]
UNITS: tuple[Unit, ...] = ("inspections", "operations")
DEFINITION_VERSION = 1  # of what is counted; the forecast has a version of its own


Said = KpiSnapshotTaken | TargetRiskRaised | WorkCounted


class ForecastRule(Value):
    """From which day of the year on there is a forecast, from a day on."""

    definition_version: int
    fewest_days: int
    valid_from: date


class Target(ToldInSequence):
    """What a centre means to reach in a year, and from where it starts."""

    year: int
    unit: Unit
    baseline: int
    target: int


class Reached(Value):
    """How far one unit is."""

    unit: Annotated[Unit, Field(description="`inspections` (kontroller) or `operations` (insatser); never added")]
    target: Annotated[int, Field(description="What the centre means to reach in the year")]
    baseline: Annotated[int, Field(description="From where it starts, as the centre says")]
    to_date: Annotated[int, Field(description="Done in operations of the year up to the day, as the ledger counts")]
    last_year: Annotated[int | None, Field(description="Done in the whole year before; absent where none was heard of")]
    last_year_to_date: Annotated[int | None, Field(description="Done in as many days of the year before")]
    forecast: Annotated[int | None, Field(description="to_date × days of the year ÷ days passed; none early in a year")]
    gap: Annotated[int | None, Field(description="target less forecast; negative where more is to be expected")]
    definition_version: Annotated[int, Field(description="Version of the forecast's definition")]

    @property
    def is_at_risk(self) -> bool | None:
        """Whether the forecast is below the target; None where there is no forecast."""
        return None if self.gap is None else self.gap > 0


class Standing(Value):
    """Where a centre stands when a day has ended; `evaluated` is the share of evaluations of the year that are in."""

    centre: Annotated[str, Field(description="Party code of the centre")]
    day: Annotated[date, Field(description="Last Swedish day counted")]
    reached: Annotated[tuple[Reached, ...], Field(description="Per unit that has a target")]
    evaluated: Annotated[float | None, Field(description="Share of the evaluations of the year that are in")] = None
    programmes: Annotated[tuple[OfProgramme, ...], Field(description="By programme; none while unknown")] = ()
    agencies: Annotated[tuple[OfAgency, ...], Field(description="What each agency joined and initiated")] = ()
    areas: Annotated[tuple[OfArea, ...], Field(description="What was wanted, planned and done in each area")] = ()


class SaidSoFar(Value):
    """What has been said of a centre: up to which day, the figures of the last snapshots, which targets are at risk."""

    centre: str
    day: date | None = None
    kpis: tuple[Kpi, ...] = ()
    at_risk: tuple[Unit, ...] = ()
    agencies: tuple[AgencyWork, ...] = ()
    areas: tuple[AreaWork, ...] = ()


class News(Value):
    """What is to be said, and what has been said then."""

    messages: tuple[Said, ...]
    so_far: SaidSoFar


def target_of(message: AnnualTargetSet, envelope: Envelope) -> Target:
    """A target of the centre that says it."""
    return Target.model_validate(said(envelope) | {"sequence": envelope.sequence} | message.model_dump())


def last_whole_day(until: datetime) -> date:
    """The last Swedish day that has ended by an instant."""
    return until.astimezone(STOCKHOLM).date() - timedelta(days=1)


def day_ended(until: datetime, so_far: SaidSoFar) -> date | None:
    """The last day that has ended, where nothing has been said of it yet."""
    day = last_whole_day(until)
    return None if so_far.day is not None and day <= so_far.day else day


def years_of(centre: str, day: date) -> Period:
    """The operations that the standing on a day hangs on: all of the year, and those of the year before."""
    return _period(centre, date(day.year - 1, 1, 1), date(day.year, 12, 31))


def year_of(centre: str, day: date) -> Period:
    """All of the year in which a day is."""
    return _period(centre, date(day.year, 1, 1), date(day.year, 12, 31))


def standing_of(known: Known, centre: str, day: date) -> Standing:
    """Where the centre stands; `known` are the facts of `years_of` that day, and the centre's targets of the year."""
    newest = {
        each.unit: each
        for each in sorted(known.of(Target), key=lambda one: one.place)
        if (each.centre, each.year) == (centre, day.year)
    }
    operations = [account.operation for account in accounts_of(known.of(Fact)).values()]
    endings, first, passed = known.of(Ending), date(day.year, 1, 1), day.timetuple().tm_yday
    this_year = _within(operations, _period(centre, first, day))
    its_first = date(day.year - 1, 1, 1)
    before = _within(operations, _period(centre, its_first, first - timedelta(days=1)))
    so_far = _within(before, _period(centre, its_first, its_first + timedelta(days=passed - 1)))
    done, last, last_so_far = (_done(each, endings) for each in (this_year, before, so_far))
    told = evaluations_of(days_of(this_year, (), (), (), endings), known.of(Evaluation))
    # What is planned is of the whole year; what is done, as above, of the operations up to the day.
    planned = _within(operations, year_of(centre, day))
    days = days_of(
        planned, (), (), (), [each for each in endings if each.operation_id in {o.operation_id for o in this_year}]
    )
    proposals = newest_by_thing(known.of(Proposal), "inspection_id")
    expected = told.ended.expected + told.cancelled.expected
    return Standing(
        centre=centre,
        day=day,
        reached=tuple(
            _reached(newest[unit], day, done[unit], (last[unit], last_so_far[unit]) if before else (None, None))
            for unit in UNITS
            if unit in newest
        ),
        evaluated=round((told.ended.returned + told.cancelled.returned) / expected, 4) if expected else None,
        programmes=programmes_of(days, proposals),
        agencies=agencies_of(days),
        areas=areas_of(days, proposals, wanted_in(known, _period(centre, first, day))),
    )


def forecast_of(to_date: int, day: date, rule: ForecastRule) -> int | None:
    """What the year comes to at this pace, to the nearest whole, half up; None before the rule's first day."""
    passed, num_days = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    return None if passed < rule.fewest_days else (2 * to_date * num_days + passed) // (2 * passed)


def kpis_of(standing: Standing) -> tuple[Kpi, ...]:
    """The figures as they are said: what has no value is left out; none at all where the year has no target."""
    figures = [
        Kpi(code=f"targets.{each.unit}.{name}", value=number, unit=each.unit, definition_version=version)
        for each in standing.reached
        for name in ("target", "baseline", "to_date", "last_year_to_date", "forecast")
        for version in [each.definition_version if name == "forecast" else DEFINITION_VERSION]
        if (number := getattr(each, name)) is not None
    ]
    if figures and standing.evaluated is not None:
        share = {"value": standing.evaluated, "unit": "share", "definition_version": DEFINITION_VERSION}
        figures.append(Kpi.model_validate({"code": "evaluations.share", **share}))
    if figures:
        figures += [
            Kpi(code=f"programmes.{row.code}.{name}", value=number, unit=unit, definition_version=DEFINITION_VERSION)
            for row in standing.programmes
            for name, number, unit in row.carried_out
        ]
    return tuple(figures)


def news(standing: Standing, so_far: SaidSoFar) -> News:
    """What is to be said when a day has ended: figures that have changed, and each target that falls below now."""
    centre, day, kpis = standing.centre, standing.day, kpis_of(standing)
    is_same_year = so_far.day is not None and so_far.day.year == day.year
    was = so_far.at_risk if is_same_year else ()
    risks = [each for each in standing.reached if each.is_at_risk and each.unit not in was]
    # Without a forecast nothing has been crossed: what was below stays so.
    unknown = [each.unit for each in standing.reached if each.is_at_risk is None and each.unit in was]
    below = tuple(each.unit for each in standing.reached if each.is_at_risk or each.unit in unknown)
    messages: list[Said] = []
    if kpis and kpis != so_far.kpis:
        messages.append(
            KpiSnapshotTaken(
                snapshot_id=f"kpi:{centre}:{day.isoformat()}", centre=centre, year=day.year, as_of=day, kpis=kpis
            )
        )
    messages += [_risk(each, centre, day) for each in risks]
    # As the figures above: of a year without a target nothing is said.
    work = counted(standing.agencies, standing.areas) if kpis else ((), ())
    messages += work_counted(centre, day, work, (so_far.agencies, so_far.areas) if is_same_year else ((), ()))
    told = {"kpis": kpis or so_far.kpis, "at_risk": below, "agencies": work[0], "areas": work[1]}
    return News(messages=tuple(messages), so_far=SaidSoFar.model_validate({"centre": centre, "day": day, **told}))


def key_of(message: Said, so_far: SaidSoFar, restored_at: datetime | None) -> tuple[str, ...]:
    """What the id of something said of a day is made of; after a restore nothing that may have been used before it.

    A day of the lost time is told again, perhaps with other figures, for other facts may have been heard by then.
    """
    told = (type(message).__name__, so_far.centre, str(so_far.day), getattr(message, "unit", ""))
    return told if restored_at is None else (*told, f"restored-{restored_at.isoformat()}")


@cache
def load_forecast_rules() -> tuple[ForecastRule, ...]:
    """The rules that ship with the service."""
    rows = json.loads(files("samsyn_reporting").joinpath("forecast_rules.json").read_text("utf-8"))["rules"]
    return tuple(ForecastRule.model_validate(row) for row in rows)


def rule_on(day: date, rules: Iterable[ForecastRule]) -> ForecastRule | None:
    """The newest rule in force that day."""
    holding = [rule for rule in rules if rule.valid_from <= day]
    return max(holding, key=lambda rule: rule.valid_from, default=None)


def _reached(target: Target, day: date, to_date: int, last_year: tuple[int | None, int | None]) -> Reached:
    rule = rule_on(day, load_forecast_rules())
    forecast = None if rule is None else forecast_of(to_date, day, rule)
    return Reached(
        unit=target.unit,
        target=target.target,
        baseline=target.baseline,
        to_date=to_date,
        last_year=last_year[0],
        last_year_to_date=last_year[1],
        forecast=forecast,
        gap=None if forecast is None else target.target - forecast,
        definition_version=DEFINITION_VERSION if rule is None else rule.definition_version,
    )


def _risk(each: Reached, centre: str, day: date) -> TargetRiskRaised:
    told = {"centre": centre, "year": day.year, "as_of": day}
    return TargetRiskRaised.model_validate(told | each.model_dump(exclude={"baseline", "last_year"}))


def _done(operations: Sequence[Operation], endings: Iterable[Ending]) -> Mapping[Unit, int]:
    counted = carried_out_of(days_of(operations, (), (), (), endings), {})
    return {"inspections": counted.inspections_done, "operations": counted.counting_operations}


def _within(operations: Iterable[Operation], period: Period) -> list[Operation]:
    return [each for each in operations if period.holds(each.centre, each.occasion.start_at)]


def _period(centre: str, first: date, last: date) -> Period:
    """From the first day to the last, both included, in Swedish time."""
    from_at, until_at = (datetime.combine(day, time.min, STOCKHOLM) for day in (first, last + timedelta(days=1)))
    return Period(centres=frozenset({centre}), from_at=from_at, until_at=until_at)
