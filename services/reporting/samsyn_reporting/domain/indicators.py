"""The totals of a period as one flat table of indicators (nyckeltal): code, value, unit, version of the definition."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field
from samsyn_contracts.operations import LadderStep

from samsyn_reporting.domain.findings import SHARED, Masked
from samsyn_reporting.domain.ledger import Totals
from samsyn_reporting.domain.told import Value
from samsyn_reporting.domain.units import ELSEWHERE

DEFINITION_VERSION = 1
Unit = Literal[
    "operations",
    "inspections",
    "sites",
    "companies",
    "person-hours",
    "minutes",
    "share",
    "parts",
    "pairs",
    "findings",
    "evaluations",
]
RESCUES = tuple(step for step in get_args(LadderStep) if step != "cancelled")
HAND_INS = ("done", "closed", "not_found")


class Indicator(Value):
    """One figure; the README of the service defines each code."""

    code: Annotated[str, Field(description="Dotted code; what stands in all tables comes first, in a fixed order")]
    value: Annotated[Masked | float | None, Field(description="A number, `<5`, or absent where there is none")]
    unit: Annotated[Unit, Field(description="What is counted; different units are never added")]
    definition_version: Annotated[int, Field(description="Version of the definition of this code")]


def indicators_of(totals: Totals) -> tuple[Indicator, ...]:
    """The table: a fixed part, then rows per agency, cause, category and pair of agencies, sorted."""
    fixed = (*_units(totals), *_notice(totals), *_carried_out(totals), *_evaluations(totals), *_programmes(totals))
    rows = (*fixed, *_hours(totals), *_work(totals), *_details(totals))
    return tuple(
        Indicator(code=code, value=value, unit=unit, definition_version=DEFINITION_VERSION)
        for code, value, unit in rows
    )


def as_csv(indicators: Iterable[Indicator]) -> str:
    """The table as CSV (RFC 4180): commas, a heading, UTF-8; an absent value is an empty field."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(Indicator.model_fields)
    table.writerows(row.model_dump().values() for row in indicators)
    return text.getvalue()


Row = tuple[str, Masked | float | None, Unit]


def _units(totals: Totals) -> Iterator[Row]:
    units: tuple[Unit, ...] = ("operations", "inspections", "sites", "companies")
    for unit in units:
        count = getattr(totals, unit)
        yield from ((f"{unit}.{name}", getattr(count, name), unit) for name in ("planned", "hit"))
        steps = RESCUES if unit == "operations" else (*RESCUES, ELSEWHERE)
        yield f"{unit}.rescued", sum(count.rescued.values()), unit
        yield from ((f"{unit}.rescued.{step}", count.rescued.get(step, 0), unit) for step in steps)
        yield from ((f"{unit}.{name}", getattr(count, name), unit) for name in ("waiting", "lost"))
    yield "inspections.without_site", totals.inspections_without_site, "inspections"
    yield "companies.by_site", totals.companies_by_site, "companies"


def _notice(totals: Totals) -> Iterator[Row]:
    notice, seen = totals.notice, totals.acknowledgements
    yield "notice.under_1_day", notice.under_1_day, "operations"
    yield "notice.from_1_to_3_days", notice.from_1_to_3_days, "operations"
    yield "notice.over_3_days", notice.over_3_days, "operations"
    yield "notice.median", notice.median_minutes, "minutes"
    yield "acknowledgements.expected", seen.expected, "pairs"
    yield "acknowledgements.acknowledged", seen.acknowledged, "pairs"
    yield "acknowledgements.share", seen.share, "share"
    yield "acknowledgements.median", seen.median_minutes, "minutes"


UNITS_OF_THE_DAY: Mapping[str, Unit] = {
    "inspections_done": "inspections",
    "handed_in": "pairs",
    "missing": "pairs",
    "inspections_back": "inspections",
}


def _carried_out(totals: Totals) -> Iterator[Row]:
    told = dict(totals.carried_out)
    hand_ins = told.pop("hand_ins")
    yield from (
        (f"carried_out.{name}", number, UNITS_OF_THE_DAY.get(name, "operations")) for name, number in told.items()
    )
    yield from ((f"carried_out.hand_ins.{name}", hand_ins.get(name, 0), "pairs") for name in HAND_INS)


def _evaluations(totals: Totals) -> Iterator[Row]:
    for fate in ("ended", "cancelled"):
        told = getattr(totals.evaluations, fate)
        yield f"evaluations.{fate}.expected", told.expected, "pairs"
        yield f"evaluations.{fate}.returned", told.returned, "pairs"
        yield f"evaluations.{fate}.share", told.share, "share"


def _programmes(totals: Totals) -> Iterator[Row]:
    for row in totals.programmes:
        counts = row.model_dump(exclude={"programme"})
        yield from ((f"programmes.{row.code}.{name}", number, _unit_of(name)) for name, number in counts.items())


def _hours(totals: Totals) -> Iterator[Row]:
    hours = totals.hours
    for name in ("total", "police", "other_agencies"):
        yield from ((f"hours.{use}.{name}", number, "person-hours") for use, number in getattr(hours, name))
    yield "hours.parts_of_unknown_staff", hours.parts_of_unknown_staff, "parts"
    for row in hours.agencies:
        sums = dict(row)
        agency = sums.pop("agency")
        yield from ((f"hours.{use}.agency.{agency}", number, "person-hours") for use, number in sums.items())


def _work(totals: Totals) -> Iterator[Row]:
    for each in totals.agencies:
        counts = each.model_dump(exclude={"agency"})
        yield from ((f"agencies.{each.agency}.{name}", number, _unit_of(name)) for name, number in counts.items())
    for one in totals.areas:
        counts = one.model_dump(exclude={"area"})
        yield from ((f"areas.{one.code}.{name}", number, _unit_of(name)) for name, number in counts.items())


def _unit_of(name: str) -> Unit:
    return "operations" if name.endswith("operations") else "inspections"


def _details(totals: Totals) -> Iterator[Row]:
    for cause in totals.causes:
        code = f"causes.{cause.cause_code}"
        yield from (
            (f"{code}.{name}", getattr(cause, name), "operations") for name in ("hit", "rescued", "waiting", "lost")
        )
    for found in totals.findings.recorded:
        code = f"findings.recorded.{found.category}.{found.agency}"
        yield f"{code}.about_others", found.about_others, "findings"
        yield f"{code}.about_persons", found.about_persons, "findings"
    for told in totals.findings.disclosed:
        outcome = SHARED if told.outcome == SHARED else f"withheld.{told.outcome}"
        code = f"findings.{outcome}.{told.sender}.{told.receiver}"
        yield f"{code}.about_others", told.about_others, "findings"
        yield f"{code}.about_persons", told.about_persons, "findings"
    for lesson in totals.evaluations.lessons:
        yield f"evaluations.lessons.{lesson.code}", lesson.evaluations, "evaluations"
