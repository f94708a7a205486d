"""Before the day: each agency is asked for what it knows of the sites, once; those who take part are briefed, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from samsyn_contracts.message import Message
from samsyn_contracts.site_information import (
    BriefingPublished,
    SiteInformationCompleted,
    SiteInformationProvided,
    SiteInformationRequested,
)
from samsyn_inspection.domain.plans import Told
from samsyn_inspection.domain.preparation import Wanted, wanted
from samsyn_inspection.domain.preparing import Prepared, by_answer, by_time, by_word
from samsyn_inspection.domain.record import Record, told
from samsyn_inspection.domain.sayings import Saying

from tests.support.day_of_operation import (
    AV,
    FIRST,
    POLICE,
    SECOND,
    SKV,
    as_said,
    parts,
    rescheduled,
    route,
    scheduled,
    takes_place,
)
from tests.support.told_operations import CENTRE, OPERATION, START_AT, a_slot, cancelled, envelope, postponed

CITY = "kommun-goteborg"
DAY = timedelta(days=1)
TWO_WEEKS_BEFORE = START_AT - 14 * DAY
EVERY = ("access", "opening_hours", "languages", "safety", "businesses", "dwelling")
REF = f"contents:{AV}:0196a1b2-0000-4000-8000-00000000f088"
M = TypeVar("M", bound=Message)


class Preparation:
    """An operation as it is prepared, step by step, and all that is said of it."""

    def __init__(self) -> None:
        self.record = Record(OPERATION, CENTRE)
        self.answers: dict[Wanted, SiteInformationProvided] = {}
        self.sayings: list[Saying] = []
        self.lessons: tuple[str, ...] = ()
        self._num = 0

    def plans(self, *words: Told, at: datetime = TWO_WEEKS_BEFORE) -> Preparation:
        for word in words:
            self._num += 1
            said = envelope(word, f"p{self._num}", at=at)
            self._keep(by_word(told(self.record, word), self.answers, self.lessons, said))
        return self

    def answer(self, *asked: Wanted, at: datetime = TWO_WEEKS_BEFORE, **changed: Any) -> Preparation:
        for one in asked:
            self._num += 1
            own: dict[str, Any] = {"operation_id": OPERATION, "agency": one.agency, "section": one.section}
            own |= {"inspection_id": one.inspection_id, "as_of": at, "answer": "nothing_known"}
            message = SiteInformationProvided.model_validate({**own, **changed})
            self.answers[one] = message
            said = as_said(message, f"a{self._num}", at)
            self._keep(by_answer(self.record, self.answers, self.lessons, said))
        return self

    def passes(self, until: datetime) -> Preparation:
        self._keep(by_time(self.record, self.answers, self.lessons, until))
        return self

    def said(self, kind: type[M]) -> list[M]:
        return [saying.message for saying in self.sayings if isinstance(saying.message, kind)]

    @property
    def all_wanted(self) -> tuple[Wanted, ...]:
        return wanted(self.record.plans[-1])

    def _keep(self, prepared: Prepared) -> None:
        self.record = prepared.record
        self.sayings += prepared.sayings


def confirmed(**changed: Any) -> Preparation:
    return Preparation().plans(scheduled(), takes_place(**changed))


def pairs(request: SiteInformationRequested) -> dict[str, tuple[str, ...]]:
    return {site.inspection_id: site.sections for site in request.sites}


def test_nothing_is_asked_before_an_operation_takes_place() -> None:
    assert Preparation().plans(scheduled()).sayings == []


def test_who_proposed_a_site_is_asked_for_all_and_others_for_what_is_their_ordinary_work() -> None:
    requests = {one.agency: pairs(one) for one in confirmed().said(SiteInformationRequested)}

    assert requests == {
        AV: {FIRST: EVERY},
        SKV: {FIRST: ("businesses",), SECOND: EVERY},
        POLICE: {FIRST: ("safety",), SECOND: ("safety",)},
    }


def test_a_municipality_that_takes_part_is_asked_who_lives_there_and_one_that_is_invited_is_not() -> None:
    joined = confirmed(participants=parts(POLICE, AV, CITY)).said(SiteInformationRequested)
    invited = confirmed(participants=parts(POLICE, AV, invited=(CITY,))).said(SiteInformationRequested)

    assert {one.agency: pairs(one) for one in joined}[CITY] == {FIRST: ("dwelling",), SECOND: ("dwelling",)}
    assert CITY not in {one.agency for one in invited}


def test_it_is_due_five_days_before_or_at_once() -> None:
    late = START_AT - 2 * DAY
    in_time = confirmed().said(SiteInformationRequested)
    at_once = Preparation().plans(scheduled(), takes_place(), at=late).said(SiteInformationRequested)

    assert {one.due_at for one in in_time} == {START_AT - 5 * DAY}
    assert {one.due_at for one in at_once} == {late}


def test_a_change_that_asks_for_nothing_new_asks_nobody_again() -> None:
    story = confirmed()
    num = len(story.sayings)

    story.plans(rescheduled(2), takes_place(2))

    assert len(story.sayings) == num


def test_a_site_that_is_added_is_asked_about_and_what_is_answered_is_not() -> None:
    story = confirmed(inspections=route(FIRST)).answer(Wanted(AV, FIRST, "access"))
    num = len(story.said(SiteInformationRequested))

    story.plans(takes_place(2, inspections=route(FIRST, f"{AV}:A2")))

    again = {one.agency: pairs(one) for one in story.said(SiteInformationRequested)[num:]}
    assert again[AV] == {FIRST: EVERY[1:], f"{AV}:A2": EVERY}


def test_a_new_day_is_told_to_those_who_still_have_something_to_answer() -> None:
    story = confirmed(participants=parts(POLICE, AV), inspections=route(FIRST))
    story.answer(Wanted(POLICE, FIRST, "safety"))
    num, slot = len(story.sayings), a_slot(START_AT + 7 * DAY)

    story.plans(rescheduled(2, to_slot=slot, inspections=route(FIRST), participants=parts(POLICE, AV)))

    (again,) = story.sayings[num:]
    assert isinstance(again.message, SiteInformationRequested)
    assert (again.message.agency, again.message.slot) == (AV, slot)


def test_an_operation_that_is_off_and_on_again_is_asked_about_anew() -> None:
    story = confirmed()
    num = len(story.said(SiteInformationRequested))

    story.plans(postponed(version=2), takes_place(3))

    asked = [one for one in story.said(SiteInformationRequested) if one.sites]
    assert len(asked) == 2 * num


def test_when_it_takes_place_is_told_to_who_takes_part_and_not_to_who_only_proposed_a_site() -> None:
    requests = confirmed(participants=parts(POLICE, AV)).said(SiteInformationRequested)

    assert {one.agency: one.slot for one in requests} == {POLICE: a_slot(), AV: a_slot(), SKV: None}


def test_who_only_proposed_a_site_is_asked_again_for_another_day_and_not_while_it_is_overdue() -> None:
    story = confirmed(participants=parts(POLICE, AV))
    num, slot = len(story.sayings), a_slot(START_AT + 7 * DAY)
    story.plans(takes_place(2, participants=parts(POLICE, AV)), at=TWO_WEEKS_BEFORE + DAY)
    assert len(story.sayings) == num

    story.plans(rescheduled(3, to_slot=slot, participants=parts(POLICE, AV)))
    again = {one.agency: one.due_at for one in story.said(SiteInformationRequested)[num:]}
    assert again[SKV] == slot.start_at - 5 * DAY

    num = len(story.sayings)
    for days in (3, 2):
        story.plans(takes_place(4, slot=slot, participants=parts(POLICE, AV)), at=slot.start_at - days * DAY)
    assert story.sayings[num:] == []


@pytest.mark.parametrize("off", [postponed, cancelled])
def test_an_operation_that_is_off_takes_back_what_is_asked_once(off: Any) -> None:
    story = confirmed()
    num = len(story.sayings)

    story.plans(off(version=2), off(version=2))

    back = [saying.message for saying in story.sayings[num:]]
    assert all(isinstance(one, SiteInformationRequested) and one.sites == () for one in back)
    assert [one.agency for one in back if isinstance(one, SiteInformationRequested)] == sorted([AV, SKV, POLICE])


def test_who_is_asked_no_more_is_told_so_and_who_has_answered_is_not() -> None:
    story = confirmed(participants=parts(POLICE, CITY), inspections=route(FIRST))
    story.answer(Wanted(CITY, FIRST, "dwelling"))
    num = len(story.sayings)

    story.plans(takes_place(2, participants=parts(POLICE), inspections=route(SECOND)))

    said = {one.agency: pairs(one) for one in story.said(SiteInformationRequested)[num:]}
    assert said == {AV: {}, POLICE: {SECOND: ("safety",)}, SKV: {SECOND: EVERY}}


def test_once_everything_is_answered_it_is_told_and_briefed_once() -> None:
    story = confirmed()
    *others, last = story.all_wanted
    story.answer(*others)
    assert story.said(SiteInformationCompleted) == []

    story.answer(last).answer(last).passes(START_AT - DAY).plans(takes_place(1))

    (account,), (briefing,) = story.said(SiteInformationCompleted), story.said(BriefingPublished)
    assert (account.completeness, {site.missing_sections for site in account.sites}) == (100, {()})
    assert (account.version, briefing.version) == (1, 1)


def test_a_day_before_the_briefing_is_told_with_what_is_missing() -> None:
    story = confirmed().answer(Wanted(AV, FIRST, "access"), answer="known", content_ref=REF)
    story.passes(START_AT - DAY - timedelta(minutes=1))
    assert story.said(BriefingPublished) == []

    story.passes(START_AT - DAY).passes(START_AT - DAY + timedelta(minutes=5))

    (account,), (briefing,) = story.said(SiteInformationCompleted), story.said(BriefingPublished)
    first = account.sites[0]
    assert account.completeness == 100 * 1 // len(story.all_wanted)
    assert first.missing_sections == EVERY[1:]
    assert [(one.section, one.agency, one.content_ref) for one in first.answered] == [("access", AV, REF)]
    assert {need.agency: need.sections for need in briefing.information_needs}[POLICE] == ("safety",)


def test_what_comes_late_raises_the_account_and_not_the_briefing() -> None:
    story = confirmed().passes(START_AT - DAY)

    story.answer(Wanted(AV, FIRST, "access"), at=START_AT - timedelta(hours=3))

    assert [one.version for one in story.said(SiteInformationCompleted)] == [1, 2]
    assert [one.version for one in story.said(BriefingPublished)] == [1]


def test_a_change_of_who_takes_part_raises_the_briefing() -> None:
    story = confirmed().passes(START_AT - DAY)

    story.plans(rescheduled(2, participants=parts(POLICE, AV)), at=START_AT - timedelta(hours=5))

    first, second = story.said(BriefingPublished)
    assert (first.version, second.version) == (1, 2)
    assert {part.agency for part in second.participants} == {POLICE, AV}


def test_those_who_are_only_invited_are_told_of_neither() -> None:
    story = confirmed(participants=parts(POLICE, AV, invited=(SKV,))).passes(START_AT - DAY)

    (account,), (briefing,) = story.said(SiteInformationCompleted), story.said(BriefingPublished)
    for told_to in (account.participants, briefing.participants):
        assert {part.agency for part in told_to} == {POLICE, AV}


def test_what_is_said_by_a_stranger_of_a_site_counts_for_nothing() -> None:
    story = confirmed().answer(Wanted(CITY, FIRST, "access")).passes(START_AT - DAY)

    (account,) = story.said(SiteInformationCompleted)
    assert account.completeness == 0
    assert all(site.answered == () for site in account.sites)


def test_lessons_are_told_in_the_next_briefing_and_raise_none() -> None:
    story = confirmed()
    story.lessons = ("late_site_information",)
    story.passes(START_AT - DAY)
    story.lessons = ("too_few",)

    story.passes(START_AT - timedelta(hours=2))

    (briefing,) = story.said(BriefingPublished)
    assert briefing.lesson_codes == ("late_site_information",)


def test_nothing_is_asked_or_told_once_it_should_have_begun_or_is_off() -> None:
    begun = Preparation().plans(scheduled(), takes_place(), at=START_AT).passes(START_AT + timedelta(hours=1))
    off = confirmed().plans(postponed(version=2))
    num = len(off.sayings)

    assert begun.sayings == []
    asked = confirmed()
    assert asked.plans(takes_place(2), at=START_AT).sayings == confirmed().sayings
    assert len(off.passes(START_AT - DAY).sayings) == num


def test_after_a_restore_versions_go_on_beyond_all_that_was_told() -> None:
    story, told_before = confirmed().passes(START_AT - DAY), confirmed()
    for one in (story, told_before):
        one.record = replace(one.record, versions_from=3000)

    story.answer(Wanted(AV, FIRST, "access"), at=START_AT - timedelta(hours=3))
    told_before.passes(START_AT - DAY)

    assert [one.version for one in story.said(SiteInformationCompleted)] == [1, 3001]
    assert [one.version for one in told_before.said(BriefingPublished)] == [3001]


def test_everything_said_has_a_key_of_its_own_and_a_cause() -> None:
    story = confirmed().passes(START_AT - DAY).answer(*confirmed().all_wanted[:3], at=START_AT - timedelta(hours=3))
    keys = [(saying.message.type_name(), saying.key) for saying in story.sayings]

    assert len(keys) == len(set(keys)) > 5
    assert {saying.cause.id for saying in story.sayings} == {"p2", "a3", "a4", "a5"}
