"""How long before their start operations were hit (framförhållning), and by which causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Annotated

from pydantic import Field
from samsyn_contracts.register import cause_names

from samsyn_reporting.domain.accounts import Entry
from samsyn_reporting.domain.losses import Loss
from samsyn_reporting.domain.told import Value

MINUTES_OF_A_DAY = 24 * 60


class Notice(Value):
    """Operations hit, by the notice of their last hit: from the first answer to its cause until the planned start."""

    under_1_day: Annotated[int, Field(description="Hit operations with less than 24 hours' notice")]
    from_1_to_3_days: Annotated[int, Field(description="Hit operations with 24 to 72 hours' notice, both included")]
    over_3_days: Annotated[int, Field(description="Hit operations with more than 72 hours' notice")]
    median_minutes: Annotated[float | None, Field(description="Median notice, minutes; absent where nothing was hit")]


class CauseCount(Value):
    """Operations whose last hit had a cause, and what became of them."""

    cause_code: Annotated[str, Field(description="Code of the cause or reason, as the party that lost it said")]
    name_sv: Annotated[str, Field(description="Its name in Swedish; a code without a name is shown as it is")]
    name_en: Annotated[str, Field(description="Its name in English")]
    hit: Annotated[int, Field(description="Operations hit")]
    rescued: Annotated[int, Field(description="Of those hit: with an occasion again")]
    waiting: Annotated[int, Field(description="Of those hit: postponed, with no occasion yet")]
    lost: Annotated[int, Field(description="Of those hit: without an occasion")]


def notice_of(last_hits: Sequence[Entry]) -> Notice:
    """The bands and the median of the operations' last hits."""
    minutes = [entry.notice_minutes for entry in last_hits if entry.notice_minutes is not None]
    days = [each / MINUTES_OF_A_DAY for each in minutes]
    return Notice(
        under_1_day=sum(day < 1 for day in days),
        from_1_to_3_days=sum(1 <= day <= 3 for day in days),
        over_3_days=sum(day > 3 for day in days),
        median_minutes=float(median(minutes)) if minutes else None,
    )


def causes_of(last_hits: Sequence[Entry], losses: Mapping[tuple[str, str], Loss]) -> tuple[CauseCount, ...]:
    """A row per cause code, sorted; `losses` by operation and cause of each hit."""
    by_code: dict[str, list[Entry]] = {}
    for entry in last_hits:
        by_code.setdefault(losses[entry.operation_id, entry.cause_event_id].cause_code, []).append(entry)
    return tuple(_count(code, by_code[code]) for code in sorted(by_code))


def _count(code: str, hits: Sequence[Entry]) -> CauseCount:
    name_sv, name_en = cause_names().get(code, (code, code))
    return CauseCount(
        cause_code=code,
        name_sv=name_sv,
        name_en=name_en,
        hit=len(hits),
        rescued=sum(entry.outcome == "rescued" for entry in hits),
        waiting=sum(entry.outcome == "waiting" for entry in hits),
        lost=sum(entry.outcome == "lost" for entry in hits),
    )
