"""Wheels, targets and ended operations as the desk's tests need them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_the_year import FiguresCard, TargetCard, WheelCard, WorkCard
from samsyn_contracts.periods import AnnualWheelPublished

CENTRE = "akc-vast"
NOW = datetime(2026, 5, 8, 12, 0, tzinfo=UTC)
SPRING: dict[str, Any] = {"period_id": "2026-q2", "from_day": "2026-03-30", "until_day": "2026-06-28"}
AUTUMN: dict[str, Any] = {"period_id": "2026-q3", "from_day": "2026-08-31", "until_day": "2026-11-29"}
BUILDING = {"code": "bygge", "sv": "Byggsäsongen", "en": "Building season", "tag": "risk_sector", "points": 15}
TRAINING = {"day": "2026-10-01", "code": "training", "sv": "Gemensam utbildning", "en": "Joint training"}


def a_message(*periods: dict[str, Any], **changed: Any) -> AnnualWheelPublished:
    own = {"wheel_id": f"{CENTRE}:wheel-2026", "year": 2026, "version": 1, "periods": periods or (SPRING, AUTUMN)}
    return AnnualWheelPublished.model_validate({**own, **changed})


def a_wheel(*periods: dict[str, Any], **changed: Any) -> WheelCard:
    of_card = {name: changed.pop(name) for name in ("centre", "at", "opened", "frozen") if name in changed}
    told = a_message(*periods, **changed)
    facts = {name: getattr(told, name) for name in ("wheel_id", "year", "version", "periods", "fixed_days")}
    return WheelCard.model_validate({"centre": CENTRE, "at": NOW, **facts, **of_card})


def a_target(**changed: Any) -> TargetCard:
    own = {"centre": CENTRE, "at": NOW, "year": 2026, "unit": "inspections", "baseline": 90, "target": 120}
    return TargetCard.model_validate({**own, **changed})


def some_figures(**changed: Any) -> FiguresCard:
    """What reporting has counted of inspections; `changed` are figures, by the last part of their code."""
    values = {"target": 120, "to_date": 48, "forecast": 139, **changed}
    told = {f"targets.inspections.{name}": number for name, number in values.items() if number is not None}
    own = {"centre": CENTRE, "at": NOW, "year": 2026, "as_of": "2026-05-07"}
    return FiguresCard.model_validate({**own, "values": {**told, "evaluations.share": 0.758}})


def some_work() -> WorkCard:
    """What reporting has counted by agency and area, for the centre alone."""
    agencies = [
        {"agency": "skatteverket", "joined_operations": 9, "initiated_operations": 5, "initiated_inspections": 7},
        {"agency": "arbetsmiljoverket", "joined_operations": 4, "initiated_operations": 0, "initiated_inspections": 0},
    ]
    areas = [
        {"wanted_inspections": 6, "planned_inspections": 3, "inspections_done": 2, "counting_operations": 1},
        {
            "area": "1480",
            "wanted_inspections": 31,
            "planned_inspections": 22,
            "inspections_done": 14,
            "counting_operations": 8,
        },
    ]
    own = {"centre": CENTRE, "at": NOW, "year": 2026, "as_of": "2026-05-07"}
    return WorkCard.model_validate({**own, "agencies": agencies, "areas": areas})


def an_ended_operation(
    *done: str, day: str = "2026-05-06", counts: bool | None = True, **changed: Any
) -> OperationCard:
    start, end = f"{day}T09:00:00+02:00", f"{day}T13:00:00+02:00"
    own = {
        "centre": CENTRE,
        "at": start,
        "operation_id": f"op:{CENTRE}:{day}",
        "code_name": "Granit",
        "state": "completed",
        "slot": {"session_id": "polisen:s1", "start_at": start, "end_at": end},
        "plan_version": 4,
        "told_event": "e1",
        "done_inspection_ids": done,
        "counts_as_operation": counts,
    }
    return OperationCard.model_validate({**own, **changed})
