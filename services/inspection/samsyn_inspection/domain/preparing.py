"""What is said before an operation's day, each thing once: by planning's words, agencies' answers, and the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.site_information import BriefingPublished, SiteInformationCompleted

from samsyn_inspection.domain.periods import BRIEFED_BEFORE
from samsyn_inspection.domain.plans import Plan
from samsyn_inspection.domain.preparation import (
    Answers,
    Preparation,
    account,
    briefing,
    has_begun,
    is_covered,
    is_prepared,
    is_ripe,
    requests,
    taken_back,
)
from samsyn_inspection.domain.record import Record, later
from samsyn_inspection.domain.sayings import Saying


@dataclass(frozen=True)
class Prepared:
    """An operation's record after something that concerns its preparation, and what is to be said of it."""

    record: Record
    sayings: tuple[Saying, ...] = ()


def by_word(record: Record, answers: Answers, lessons: Sequence[str], word: Envelope) -> Prepared:
    """After a word of planning's: who has something new to answer is asked; who is asked no more is told so, once."""
    if not record.plans:
        return Prepared(record)
    plan, at = record.plans[-1], later(record.until, word.time)
    before = replace(record.preparation, word=word)
    if has_begun(plan, at):  # whichever came first, the word or the time: nobody is asked, nor told that it is not
        return Prepared(replace(record, preparation=before))
    asked = requests(record.operation_id, plan, answers, at) if is_prepared(plan, at) else ()
    back = taken_back(before.requests, asked, answers)
    fresh = [request for request in asked if not is_covered(request, before.requests, at)]
    still = {request.agency for request in asked} - {request.agency for request in fresh}
    kept = (*fresh, *(request for request in before.requests if request.agency in still))
    after = replace(record, preparation=replace(before, requests=tuple(sorted(kept, key=lambda one: one.agency))))
    said = [Saying(one, word, at, f"{record.operation_id}/{word.id}/{one.agency}") for one in (*back, *fresh)]
    told = _by(after, answers, lessons, at, word)
    return Prepared(told.record, (*said, *told.sayings))


def by_answer(record: Record, answers: Answers, lessons: Sequence[str], answer: Envelope) -> Prepared:
    """After an agency's answer: once nothing is missing, everybody is told and briefed."""
    at = later(record.until, answer.receivedtime or answer.time)
    return _by(record, answers, lessons, at, answer)


def by_time(record: Record, answers: Answers, lessons: Sequence[str], until: datetime) -> Prepared:
    """When the day is near: whoever takes part is briefed, and told what is missing."""
    return _by(record, answers, lessons, until, record.preparation.word)


def _by(record: Record, answers: Answers, lessons: Sequence[str], at: datetime, cause: Envelope | None) -> Prepared:
    """Nothing is said of an operation that planning has said nothing about since preparations are kept."""
    if cause is None or record.preparation.word is None or not record.plans:
        return Prepared(record)
    plan = record.plans[-1]
    if not is_prepared(plan, at):
        return Prepared(replace(record, preparation=replace(record.preparation, look_at=None)))
    return _told(record, plan, answers, lessons, at, cause)


def _told(
    record: Record, plan: Plan, answers: Answers, lessons: Sequence[str], at: datetime, cause: Envelope
) -> Prepared:
    """Account and briefing, where they are ripe and say something else than before."""
    before = record.preparation
    if not is_ripe(plan, answers, at):
        look_at = plan.start_at - BRIEFED_BEFORE
        return Prepared(replace(record, preparation=replace(before, look_at=look_at)))
    newest = account(record.operation_id, plan, answers, _next(record, before.account))
    brief = briefing(record.operation_id, plan, _next(record, before.briefing), lessons)
    after = replace(
        before,
        account=before.account if _says_the_same(newest, before.account) else newest,
        briefing=before.briefing if _says_the_same(brief, before.briefing) else brief,
        look_at=None,
    )
    said = tuple(Saying(one, cause, at, f"{record.operation_id}/{one.version}") for one in _new(before, after))
    return Prepared(replace(record, preparation=after), said)


def _new(before: Preparation, after: Preparation) -> Iterator[SiteInformationCompleted | BriefingPublished]:
    if after.account is not None and after.account is not before.account:
        yield after.account
    if after.briefing is not None and after.briefing is not before.briefing:
        yield after.briefing


def _next(record: Record, before: SiteInformationCompleted | BriefingPublished | None) -> int:
    return max(0 if before is None else before.version, record.versions_from) + 1


def _says_the_same(
    newest: SiteInformationCompleted | BriefingPublished, before: SiteInformationCompleted | BriefingPublished | None
) -> bool:
    """Apart from the version; a lesson that was learnt meanwhile is told in the next operation's briefing."""
    if before is None:
        return False
    own: dict[str, object] = {"version": before.version}
    if isinstance(before, BriefingPublished):
        own["lesson_codes"] = before.lesson_codes
    return newest.model_copy(update=own) == before
