"""The annual wheel of a centre: kept by its version, told when its periods open and freeze, and its themes weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.periods import AnnualWheelPublished, Period, PlanningPeriodFrozen, PlanningPeriodOpened

from samsyn_planning.domain.facts import Centre, Decision, Operation, Value, Wheel, refused
from samsyn_planning.domain.ladder import STOCKHOLM
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.snapshot import Snapshot

DAY = timedelta(days=1)


class Turning(Value):
    """A wheel of which something is to be told, and the centre's operations that their participants know of."""

    wheel: Wheel
    operations: tuple[Operation, ...]


def publish_wheel(
    known: Wheel | None, published: AnnualWheelPublished, centre: Centre, policy: Policy, envelope: Envelope
) -> Decision:
    """A wheel, or a higher version in place of the one known; what lies ahead again is told again when its time comes.

    The plan is made anew where its themes are others.
    """
    if published.owner != envelope.centre:
        return refused("unknown_id", "/headers/ce_centre")
    if known is not None and published.version <= known.told.version:
        return refused("superseded", "/version")
    wheel = Wheel(id=published.wheel_id, centre=envelope.centre, told=published)
    if known is not None:
        wheel = wheel.model_copy(update=_still_told(known, published, centre.now_at, policy))
    is_same = _themes(wheel) == (() if known is None else _themes(known))
    kept = wheel.model_copy(update={"due_at": _due_at(wheel, centre.now_at, policy)})
    return Decision(keep=(kept,), changed=None if is_same else "period", cause_code="annual_wheel")


def turn_wheels(turning: Iterable[Turning], centre: Centre, until: datetime, policy: Policy) -> Decision:
    """Tell which periods have opened and which are frozen, each once; what is over is not told any more."""
    keep: list[Value] = []
    say: list[Message] = []
    for one in turning:
        wheel = one.wheel
        opened = [p for p in _ahead(wheel, until) if opens_at(p, policy) <= until and p.period_id not in wheel.opened]
        frozen = [
            p for p in _ahead(wheel, until) if _is_reached(p.freeze_at, until) and p.period_id not in wheel.frozen
        ]
        say += [_opened(period, wheel) for period in opened]
        say += [_frozen(period, one, centre.plan_version) for period in frozen]
        told = {"opened": _with(wheel.opened, opened), "frozen": _with(wheel.frozen, frozen)}
        turned = wheel.model_copy(update=told)
        keep.append(turned.model_copy(update={"due_at": _due_at(turned, until, policy)}))
    return Decision(keep=tuple(keep), say=tuple(say))


def opens_at(period: Period, policy: Policy) -> datetime:
    """When a period is told to be open: so long before its first deadline, or its first day where it has none."""
    deadlines = (period.capacity_call_by, period.information_by, period.freeze_at)
    first = next((at for at in deadlines if at is not None), start_of(period.from_day))
    return first - policy.period_opens_before


def themed(problem: dict[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """The problem with the themes of periods that are not over; without any, the problem as it is, to the byte.

    An inspection has its programme as a tag; of its indications those that a theme favours.
    """
    now = snapshot.centre.now_at
    rows = [row for wheel in snapshot.wheels for row in _theme_rows(wheel, now)]
    if not rows:
        return problem
    favoured = {row["tag"] for row in rows}
    inspections = [
        {**row, "tags": sorted({*row["tags"], *(favoured & {*snapshot.wanted_by_id[row["id"]].proposal.indications})})}
        for row in problem["inspections"]
    ]
    weights = {**problem.get("weights", {}), "theme": sorted(rows, key=lambda row: (row["from"], row["tag"]))}
    return {**problem, "inspections": inspections, "weights": weights}


def start_of(day: date) -> datetime:
    """The first instant of a day of people in Sweden."""
    return datetime.combine(day, time.min, STOCKHOLM)


def _end_of(period: Period) -> datetime:
    return start_of(period.until_day + DAY)


def _ahead(wheel: Wheel, now: datetime | None) -> list[Period]:
    """Its periods that are not over, in their order."""
    ahead = [period for period in wheel.told.periods if now is None or _end_of(period) > now]
    return sorted(ahead, key=lambda period: period.from_day)


def _still_told(
    known: Wheel, published: AnnualWheelPublished, now: datetime | None, policy: Policy
) -> dict[str, tuple[str, ...]]:
    """What has been told of a wheel's periods and lies, by the new version too, behind."""
    opened = [p.period_id for p in published.periods if now is None or opens_at(p, policy) <= now]
    frozen = [p.period_id for p in published.periods if now is None or _is_reached(p.freeze_at, now)]
    return {
        "opened": tuple(period for period in known.opened if period in opened),
        "frozen": tuple(period for period in known.frozen if period in frozen),
    }


def _due_at(wheel: Wheel, now: datetime | None, policy: Policy) -> datetime | None:
    ahead = _ahead(wheel, now)
    opening = [opens_at(period, policy) for period in ahead if period.period_id not in wheel.opened]
    freezing = [p.freeze_at for p in ahead if p.freeze_at is not None and p.period_id not in wheel.frozen]
    return min([*opening, *freezing], default=None)


def _is_reached(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def _with(told: tuple[str, ...], periods: Iterable[Period]) -> tuple[str, ...]:
    return (*told, *(period.period_id for period in periods))


def _opened(period: Period, wheel: Wheel) -> PlanningPeriodOpened:
    return PlanningPeriodOpened(
        period_id=period.period_id,
        wheel_id=wheel.id,
        centre=wheel.centre,
        from_day=period.from_day,
        until_day=period.until_day,
        capacity_call_by=period.capacity_call_by,
        information_by=period.information_by,
        freeze_at=period.freeze_at,
    )


def _frozen(period: Period, turning: Turning, plan_version: int) -> PlanningPeriodFrozen:
    begins, ends = start_of(period.from_day), _end_of(period)
    held = sorted((o for o in turning.operations if begins <= o.start_at < ends), key=lambda o: (o.start_at, o.id))
    return PlanningPeriodFrozen(
        period_id=period.period_id,
        wheel_id=turning.wheel.id,
        centre=turning.wheel.centre,
        plan_version=plan_version,
        frozen_operation_ids=tuple(operation.id for operation in held),
    )


def _themes(wheel: Wheel) -> tuple[dict[str, Any], ...]:
    return tuple(_theme_rows(wheel, None))


def _theme_rows(wheel: Wheel, now: datetime | None) -> Iterator[dict[str, Any]]:
    for period in _ahead(wheel, now):
        theme = period.theme
        if theme is not None and theme.points:
            span = {"from": start_of(period.from_day).isoformat(), "to": _end_of(period).isoformat()}
            yield {"tag": theme.tag, **span, "points": theme.points}
