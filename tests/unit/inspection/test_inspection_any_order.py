"""In whatever order inspection hears planning and agencies, the operation ends the same and the same is said of it.

Each topic keeps its own order: planning's words come as planning said them, agencies' statements and ticks as they were
admitted. What may differ is which of both is ahead, by less than a day after the session: later words of planning's
find statements already answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from samsyn_inspection.domain.plans import Told
from samsyn_inspection.domain.statements import Statement

from tests.support.day_of_operation import (
    AV,
    FIRST,
    MIGRATION,
    POLICE,
    SECOND,
    SKV,
    Story,
    as_said,
    broken_off,
    checked_in,
    found,
    given_up,
    handed_in,
    parts,
    rescheduled,
    route,
    scheduled,
    started,
    takes_place,
)
from tests.support.told_operations import START_AT, a_slot, cancelled, postponed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THIRD = "arbetsmiljoverket:A3"
Admitted = tuple[datetime, Statement | None, dict[str, Any]]  # when, what (None: time passes), how it is said


@st.composite
def plans(draw: st.DrawFn) -> list[Told]:
    """Planning's words about one operation, in an order in which planning may say them; mostly it takes place."""
    version, words = 1, list[Told]([scheduled(1, participants=draw(everybody()))])
    for step in ["confirm", *draw(st.lists(st.sampled_from(["confirm", "change", "change", "drop"]), max_size=5))]:
        last: Any = words[-1]
        has_occasion = hasattr(last, "participants")
        version += 0 if step == "confirm" else draw(st.integers(1, 2))
        if step == "confirm" and has_occasion:
            places = {"slot": getattr(last, "slot", None) or last.to_slot, "inspections": last.inspections}
            accepted = tuple(part.model_copy(update={"status": "accepted"}) for part in last.participants)
            words.append(takes_place(version, participants=accepted, **places))
        elif step == "change":
            slot = a_slot(START_AT + draw(st.sampled_from([timedelta(0), HOUR])))
            way = route(*draw(st.sampled_from([(FIRST, SECOND), (FIRST,), (SECOND, THIRD)])))
            words.append(rescheduled(version, to_slot=slot, inspections=way, participants=draw(everybody())))
        elif step == "drop" and has_occasion:
            words.append(postponed(version=version) if draw(st.booleans()) else cancelled(version=version))
    return words


@st.composite
def everybody(draw: st.DrawFn) -> Any:
    """The police and some agencies, some of them only invited."""
    agencies = draw(st.sampled_from([(AV,), (AV, SKV), (AV, SKV), (AV, SKV, MIGRATION), (SKV,)]))
    num_invited = draw(st.integers(0, len(agencies)))
    return parts(POLICE, *agencies[num_invited:], invited=agencies[:num_invited])


VERSIONS = st.sampled_from([1, 1, 1, 2, 2, 3, 4])


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Something that an agency says, by a version that may never come."""
    agency, version = draw(st.sampled_from([AV, AV, SKV, SKV, POLICE, MIGRATION])), draw(VERSIONS)
    inspection = draw(st.sampled_from([FIRST, FIRST, SECOND, THIRD]))
    kinds: list[Statement] = [
        started(agency, version=version, police_present=draw(st.booleans())),
        *[handed_in(agency, inspection, version=version)] * 4,
        checked_in(agency, version=version),
        broken_off(agency, [inspection], version=version),
        given_up(agency, version=version),
        found(agency, inspection, version=version, finding_id=f"{agency}:F{draw(st.integers(1, 2))}"),
    ]
    return draw(st.sampled_from(kinds))


@st.composite
def admissions(draw: st.DrawFn, since: datetime, until: datetime, max_size: int) -> list[Admitted]:
    """Statements and ticks in the order of admission."""
    num_minutes = int((until - since).total_seconds() // 60)
    times = sorted(draw(st.lists(st.integers(0, num_minutes), max_size=max_size)))
    said: list[Admitted] = []
    for minutes in times:
        is_tick = draw(st.integers(0, 5)) == 0
        how = draw(st.sampled_from([{}, {}, {}, {"sequence": 1}, {"sequence": 2}]))
        said.append((since + timedelta(minutes=minutes), None if is_tick else draw(statements()), how))
    return said


@st.composite
def days(draw: st.DrawFn) -> list[Admitted]:
    """What is admitted around the session; mostly somebody begins it first."""
    begins = draw(st.lists(st.tuples(st.sampled_from([AV, SKV, POLICE]), VERSIONS), min_size=1, max_size=2))
    starts: list[Admitted] = [(START_AT, started(agency, version=version), {}) for agency, version in begins]
    return starts + draw(admissions(START_AT, START_AT + 20 * HOUR, 10))


def told_in(behind: Sequence[int], words: Sequence[Told], said: Sequence[Admitted], later: Sequence[Admitted]) -> Story:
    """The story as heard when before each of planning's words so many admitted events have been heard."""
    story, num_heard, admitted = Story(), 0, [*said, *later]
    for word, num_before in zip(words, behind, strict=True):
        while num_heard < min(num_before, len(said)):
            hear(story, num_heard, admitted[num_heard])
            num_heard += 1
        story.plans(word)
    for number in range(num_heard, len(admitted)):
        hear(story, number, admitted[number])
    return story


def hear(story: Story, number: int, admitted: Admitted) -> None:
    at, statement, how = admitted
    if statement is None:
        story.passes(at)
    else:
        story.hears(statement, as_said(statement, f"a{number}", at, **how))


def as_a_set(story: Story) -> dict[tuple[str, str], Any]:
    return {(s.message.type_name(), s.key): (s.message, s.cause.id, s.at) for s in story.sayings}


@settings(max_examples=300, deadline=None)
@given(
    words=plans(),
    said=days(),
    later=admissions(START_AT + 21 * HOUR, START_AT + 4 * DAY, 6),
    numbers=st.lists(st.integers(0, 12), min_size=7, max_size=7).map(sorted),
)
def test_the_order_of_hearing_makes_no_difference(
    words: list[Told], said: list[Admitted], later: list[Admitted], numbers: list[int]
) -> None:
    planning_first = told_in([0] * len(words), words, said, later)

    story = told_in(numbers[: len(words)], words, said, later)

    assert story.record == planning_first.record
    assert (story.life, story.record.course) == (planning_first.life, planning_first.record.course)
    assert as_a_set(story) == as_a_set(planning_first)
    assert len(story.sayings) == len(as_a_set(story))
