"""What may be asked: centres, a period of Swedish days, and the form of the answer."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BeforeValidator
from samsyn_contracts.message import END_YEAR, FIRST_YEAR, PartyCode

from samsyn_reporting.api.errors import WrongParameterError
from samsyn_reporting.domain.ledger import Period

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONGEST = timedelta(days=5 * 366)
ALL = "all"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written_out(value: object) -> date:
    """A day as YYYY-MM-DD and nothing else; years near the ends of the calendar survive no conversion."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day is written as YYYY-MM-DD")
    day = date.fromisoformat(value)
    if not FIRST_YEAR <= day.year < END_YEAR:
        raise ValueError(f"a day lies between the years {FIRST_YEAR} and {END_YEAR}")
    return day


Day = Annotated[date, BeforeValidator(_written_out)]
Centres = Annotated[
    list[PartyCode],
    Query(description="Party code of a centre; repeated for several, `all` for every centre that was heard of"),
]
FromDay = Annotated[Day, Query(alias="from", description="First Swedish day on which operations were planned to start")]
ToDay = Annotated[Day, Query(alias="to", description="Last such day, included; at most five years later")]
Year = Annotated[int, Query(ge=FIRST_YEAR, lt=END_YEAR, description="The year of the targets")]
Form = Annotated[
    Literal["json", "csv"] | None,
    Query(alias="format", description="Form of the answer; without it the header Accept decides, and else it is JSON"),
]


def period_of(centres: frozenset[str], from_day: date, to_day: date) -> Period:
    """The period of the days asked for; raises WrongParameterError."""
    if to_day < from_day:
        raise WrongParameterError("before_from", "to")
    if to_day - from_day > LONGEST:
        raise WrongParameterError("too_long", "to")
    return Period(centres=centres, from_at=_begin(from_day), until_at=_begin(to_day + timedelta(days=1)))


def prefers_csv(accept: str) -> bool:
    """Whether a header Accept names text/csv, and would not rather have something else."""
    wanted = {"text/csv": 0.0, "application/json": 0.0, "*/*": 0.0}
    for part in accept.split(","):
        media_type, *parameters = (text.strip().lower() for text in part.split(";"))
        if media_type in wanted:
            wanted[media_type] = _weight(parameters)
    return wanted["text/csv"] > wanted["application/json"] and wanted["text/csv"] >= wanted["*/*"]


def _weight(parameters: list[str]) -> float:
    weights = [text.removeprefix("q=") for text in parameters if text.startswith("q=")]
    try:
        return float(weights[0]) if weights else 1.0
    except ValueError:
        return 0.0


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, STOCKHOLM)
