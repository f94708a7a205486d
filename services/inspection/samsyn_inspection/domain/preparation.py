"""Before the day: what each agency is asked of the sites, what has been answered, and what the briefing says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Slot
from samsyn_contracts.operations import Participant
from samsyn_contracts.register import SiteSection, checklist_names, load_register, site_sections
from samsyn_contracts.site_information import (
    BriefingPublished,
    InformationNeed,
    SectionAnswered,
    SectionsAsked,
    SiteAccount,
    SiteInformationCompleted,
    SiteInformationProvided,
    SiteInformationRequested,
)

from samsyn_inspection.domain.periods import BRIEFED_BEFORE, INFORMATION_DUE
from samsyn_inspection.domain.plans import Plan

Answers = Mapping["Wanted", SiteInformationProvided]


@dataclass(frozen=True, order=True)
class Wanted:
    """That an agency is asked for a section of one inspection's site."""

    agency: str
    inspection_id: str
    section: str


@dataclass(frozen=True)
class Preparation:
    """What has been said of an operation before its day: the newest request to each agency, account and briefing.

    `word` is how planning's newest word came, which what is said follows from. `look_at` is when the briefing falls
    due, None where nothing is waited for.
    """

    word: Envelope | None = None
    requests: tuple[SiteInformationRequested, ...] = ()
    account: SiteInformationCompleted | None = None
    briefing: BriefingPublished | None = None
    look_at: datetime | None = None


NOT_PREPARED = Preparation()


def is_prepared(plan: Plan, at: datetime) -> bool:
    """Whether anything is asked and told of an operation: it takes place, and has not begun by its plan."""
    return plan.is_confirmed and at < plan.start_at


def has_begun(plan: Plan, at: datetime) -> bool:
    """Whether an operation that takes place should have begun by its plan."""
    return plan.is_confirmed and at >= plan.start_at


def is_ripe(plan: Plan, answers: Answers, at: datetime) -> bool:
    """Whether account and briefing are told: everything is answered, or tomorrow is the day."""
    return at >= plan.start_at - BRIEFED_BEFORE or all(one in answers for one in wanted(plan))


def wanted(plan: Plan, sections: Sequence[SiteSection] | None = None) -> tuple[Wanted, ...]:
    """Who is asked for what: who proposed an inspection for every section, who takes part for what is its own work.

    In the order of the route and of the sections; each agency is waited for by itself: two may know different things.
    """
    named = site_sections() if sections is None else sections
    by_code = load_register().by_code
    parties = [by_code[agency] for agency in plan.accepted if agency in by_code]
    return tuple(
        Wanted(agency, inspection_id, section.code)
        for inspection_id in plan.route
        for section in named
        for agency in sorted({_proposer(inspection_id), *(p.code for p in parties if section.is_known_to(p))})
    )


def requests(
    operation_id: str, plan: Plan, answers: Answers, asked_at: datetime
) -> tuple[SiteInformationRequested, ...]:
    """A request to each agency that has something to answer; due some days before, or at once where that is past.

    When an operation takes place is told to who takes part: who only proposed a site hears when to answer by.
    """
    missing = [one for one in wanted(plan) if one not in answers]
    return tuple(
        SiteInformationRequested(
            operation_id=operation_id,
            code_name=plan.code_name,
            agency=agency,
            slot=_slot(plan) if agency in plan.accepted else None,
            due_at=max(plan.start_at - INFORMATION_DUE, asked_at),
            purpose="plan",
            sites=tuple(_asked(agency, missing, plan.route)),
        )
        for agency in sorted({one.agency for one in missing})
    )


def is_covered(request: SiteInformationRequested, earlier: Iterable[SiteInformationRequested], at: datetime) -> bool:
    """Whether an agency has been asked for all of it already, for the same slot and day; what is overdue stays so."""
    before = next((one for one in earlier if one.agency == request.agency), None)
    if before is None or before.slot != request.slot or not _pairs(request) <= _pairs(before):
        return False
    return max(before.due_at, at) == request.due_at


def taken_back(
    earlier: Iterable[SiteInformationRequested], asked: Iterable[SiteInformationRequested], answers: Answers
) -> tuple[SiteInformationRequested, ...]:
    """An empty request to each agency that has not answered all it was asked, and is asked for nothing any more."""
    still = {one.agency for one in asked}
    gone = (one for one in earlier if one.agency not in still and any(w not in answers for w in _wanted_by(one)))
    return tuple(one.model_copy(update={"slot": None, "sites": ()}) for one in gone)


def account(operation_id: str, plan: Plan, answers: Answers, version: int) -> SiteInformationCompleted:
    """What is answered of each site, and what is missing."""
    asked = wanted(plan)
    num_answered = sum(one in answers for one in asked)
    return SiteInformationCompleted(
        operation_id=operation_id,
        code_name=plan.code_name,
        version=version,
        completeness=100 * num_answered // len(asked) if asked else 100,
        participants=_participants(plan),
        sites=tuple(_site(inspection_id, asked, answers) for inspection_id in plan.route),
    )


def briefing(operation_id: str, plan: Plan, version: int, lessons: Sequence[str]) -> BriefingPublished:
    """Who brings what, what to go through, and what was learnt lately."""
    asked = wanted(plan)
    bring = [agency for agency in plan.accepted if any(one.agency == agency for one in asked)]
    return BriefingPublished(
        operation_id=operation_id,
        code_name=plan.code_name,
        version=version,
        slot=_slot(plan),
        participants=_participants(plan),
        information_needs=tuple(_need(agency, asked) for agency in bring),
        checklist_codes=tuple(checklist_names()),
        lesson_codes=tuple(lessons),
    )


def _proposer(inspection_id: str) -> str:
    return inspection_id.partition(":")[0]


def _slot(plan: Plan) -> Slot:
    return Slot(session_id=plan.session_id, start_at=plan.start_at, end_at=plan.end_at)


def _participants(plan: Plan) -> tuple[Participant, ...]:
    """Those who have accepted: the exchange tells nobody else."""
    taking = [part for part in plan.parts if part.status == "accepted"]
    return tuple(Participant(agency=p.agency, capacity_id=p.capacity_id, status="accepted") for p in taking)


def _asked(agency: str, missing: Sequence[Wanted], route: Sequence[str]) -> Iterable[SectionsAsked]:
    for inspection_id in route:
        sections = tuple(w.section for w in missing if w.agency == agency and w.inspection_id == inspection_id)
        if sections:
            yield SectionsAsked(inspection_id=inspection_id, sections=sections)


def _pairs(request: SiteInformationRequested) -> set[tuple[str, str]]:
    return {(site.inspection_id, section) for site in request.sites for section in site.sections}


def _wanted_by(request: SiteInformationRequested) -> Iterable[Wanted]:
    return (Wanted(request.agency, *pair) for pair in _pairs(request))


def _site(inspection_id: str, asked: Sequence[Wanted], answers: Answers) -> SiteAccount:
    here = [one for one in asked if one.inspection_id == inspection_id]
    missing = dict.fromkeys(one.section for one in here if one not in answers)
    told = (_answered(answers[one]) for one in here if one in answers)
    return SiteAccount(inspection_id=inspection_id, answered=tuple(told), missing_sections=tuple(missing))


def _answered(told: SiteInformationProvided) -> SectionAnswered:
    return SectionAnswered(
        section=told.section,
        agency=told.agency,
        answer=told.answer,
        as_of=told.as_of,
        content_ref=told.content_ref if told.answer == "known" else None,
    )


def _need(agency: str, asked: Sequence[Wanted]) -> InformationNeed:
    return InformationNeed(agency=agency, sections=tuple(dict.fromkeys(w.section for w in asked if w.agency == agency)))
