"""The four units that are counted apart: operations, inspections, the sites and the companies of those inspections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.inspections import InspectionProposed, Site

from samsyn_reporting.domain.accounts import Entry
from samsyn_reporting.domain.told import ToldInSequence, Value, said

CompanyKnownBy = Literal["number", "reference", "site"]
ELSEWHERE = "other_operation"


class Proposal(ToldInSequence):
    """Which site and company an inspection is of; `company_key` says nothing to a reader and is on no page.

    `programme` and `municipality` are None where they were heard before they were kept.
    """

    inspection_id: str
    site_id: str
    company_key: str
    company_known_by: CompanyKnownBy
    programme: str | None = None
    municipality: str | None = None


class Count(Value):
    """How many of one unit were planned, hit, rescued (by the ladder's names), wait for an occasion, or are lost."""

    planned: Annotated[int, Field(description="In operations of the period, or hit in it")]
    hit: Annotated[int, Field(description="Of those planned: hit by a loss")]
    rescued: Annotated[
        dict[str, int],
        Field(description="Of those hit: with an occasion again, by ladder step; `other_operation` took some over"),
    ]
    waiting: Annotated[int, Field(description="Of those hit: postponed, with no occasion yet")]
    lost: Annotated[int, Field(description="Of those hit: without an occasion")]


class Units(Value):
    """The four units, never added together, and how sites and companies were told apart."""

    operations: Annotated[Count, Field(description="Operations (insatser, as planned)")]
    inspections: Annotated[Count, Field(description="Inspections (kontroller), each of one site")]
    sites: Annotated[Count, Field(description="Sites (objekt), by the site id of the agency that proposed it")]
    companies: Annotated[Count, Field(description="Companies, by organisation number, else by site")]
    inspections_without_site: Annotated[
        int, Field(description="Planned inspections whose proposal is not known: each a site and company of its own")
    ]
    companies_by_site: Annotated[
        int, Field(description="Planned companies that are told apart by their site alone, for want of a number")
    ]


def proposal_of(message: InspectionProposed, envelope: Envelope) -> Proposal:
    """The site, the company and the programme of an inspection."""
    key, known_by = _company(message.site)
    about = {
        "sequence": envelope.sequence,
        "inspection_id": message.inspection_id,
        "site_id": message.site.site_id,
        "company_key": key,
        "company_known_by": known_by,
        "programme": message.programme,
        "municipality": message.site.municipality,
    }
    return Proposal.model_validate(said(envelope) | about)


def units_of(
    operation_ids: Collection[str],
    inspection_ids: Collection[str],
    hits: Sequence[Entry],
    standing: Collection[str],
    proposals: Mapping[str, Proposal],
) -> Units:
    """The four counts; `hits` with the last one last, each operation and inspection counted once by its last hit.

    `operation_ids` and `inspection_ids` are those of the period; `standing` the inspections that have an occasion.
    """
    operation_fates = {entry.operation_id: entry.fate for entry in hits}
    inspection_fates: dict[str, str] = {}
    for entry in hits:
        for id_, fate in fates(entry, standing).items():
            inspection_fates.pop(id_, None)  # so that what was hit last stands last
            inspection_fates[id_] = fate
    planned = inspection_fates.keys() | set(inspection_ids)
    sites = {id_: proposals[id_].site_id if id_ in proposals else id_ for id_ in planned}
    companies = {id_: proposals[id_].company_key if id_ in proposals else id_ for id_ in planned}
    by_site = {
        proposals[id_].company_key for id_ in planned & proposals.keys() if proposals[id_].company_known_by == "site"
    }
    return Units(
        operations=_count(operation_ids, operation_fates),
        inspections=_count(planned, inspection_fates),
        sites=_count(sites.values(), _gathered(inspection_fates, sites)),
        companies=_count(companies.values(), _gathered(inspection_fates, companies)),
        inspections_without_site=len(planned - proposals.keys()),
        companies_by_site=len(by_site),
    )


def fates(entry: Entry, standing: Collection[str]) -> Mapping[str, str]:
    """Each inspection hit, and what became of it: a ladder step, `other_operation`, `waiting` or `lost`."""
    return {id_: _fate(entry, id_, standing) for id_ in entry.inspection_ids}


def _fate(entry: Entry, inspection_id: str, standing: Collection[str]) -> str:
    if inspection_id in entry.kept_ids:
        return entry.ladder_step
    if inspection_id in standing:
        return ELSEWHERE
    return "waiting" if entry.outcome == "waiting" else "lost"


def _gathered(fates_by_id: Mapping[str, str], things: Mapping[str, str]) -> Mapping[str, str]:
    """The fate of each site or company: rescued by its last inspection that was, else waiting, else lost."""
    gathered: dict[str, str] = {}
    for id_, fate in fates_by_id.items():
        former = gathered.get(things[id_], "lost")
        is_worse = fate == "lost" or (fate == "waiting" and former != "lost")
        gathered[things[id_]] = former if is_worse else fate
    return gathered


def _count(planned_ids: Iterable[str], fates_by_id: Mapping[str, str]) -> Count:
    """Hit is planned, even where the operation has since left the period."""
    tally = Counter(fates_by_id.values())
    rescued = {fate: number for fate, number in sorted(tally.items()) if fate not in ("waiting", "lost")}
    return Count(
        planned=len(fates_by_id.keys() | set(planned_ids)),
        hit=len(fates_by_id),
        rescued=rescued,
        waiting=tally["waiting"],
        lost=tally["lost"],
    )


def _company(site: Site) -> tuple[str, CompanyKnownBy]:
    """A number with or without hyphen is one company; a sole trader's is a personal number and stays a reference."""
    if site.organisation_number is not None:
        return site.organisation_number.replace("-", ""), "number"
    if site.identity_ref is not None:
        return site.identity_ref, "reference"
    return site.site_id, "site"
