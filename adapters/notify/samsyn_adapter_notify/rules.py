"""Who is told what, and what is asked of them: rules as data, read and checked before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from samsyn_adapter_sdk import SettingsError
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Code

from samsyn_adapter_notify.news import News, Part
from samsyn_adapter_notify.quiet_hours import soonest
from samsyn_adapter_notify.recipients import Function
from samsyn_adapter_notify.row import Row, read_rows, rows_of

Calendar = Literal["issue", "update", "cancel"]
Channel = Literal["mail", "sms"]
CHANNELS: tuple[Channel, ...] = ("mail", "sms")
Step = Literal["reminder", "deputy"]
SHORT_NOTICE = timedelta(hours=24)


class When(Row):
    """What must hold of the news; what is left out may be anything.

    `part` is the party's own part, `notice` is short where it starts, or would have started, within 24 hours, `moved`
    tells another time.
    """

    part: Part | None = None
    notice: Literal["short", "long"] | None = None
    moved: bool | None = None

    def holds(self, news: News) -> bool:
        """Whether the news is such."""
        told = {"part": news.part, "notice": _notice(news), "moved": news.is_moved}
        return all(wanted is None or wanted == told[name] for name, wanted in self)


class Acknowledgement(Row):
    """Asked for until so many minutes after sending (never later than the start); then the steps, so far apart.

    Where an answer is due, each step comes at the latest halfway to it: the reminder when half of the time is left,
    the deputy when a quarter is.
    """

    within_minutes: Annotated[int, Field(ge=1, le=14 * 24 * 60)]
    every_minutes: Annotated[int, Field(ge=1, le=14 * 24 * 60)]
    steps: tuple[Step, ...] = ("reminder", "deputy")


class Rule(Row):
    """Of a message, in such a party and case, functions of these kinds are told in this template.

    `calendar`: `issue` sends an invitation or changes the one that stands, `update` only changes one, `cancel` takes
    it back. `hold_minutes` waits for something newer about the same operation, which takes its place.
    """

    id: Code
    on: str
    party: Literal["agency", "centre"]
    when: When = When()
    to: Annotated[tuple[Code, ...], Field(min_length=1)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    template: Code
    calendar: Calendar | None = None
    hold_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 0
    acknowledge: Acknowledgement | None = None


class Watch(Row):
    """A centre tells these functions of its own when a party has not acknowledged in time what it must have seen."""

    id: Code
    on: str
    when: When = When()
    within_minutes: Annotated[int, Field(ge=1, le=14 * 24 * 60)]
    to: Annotated[tuple[Code, ...], Field(min_length=1)]
    template: Code


class DiaryRule(Row):
    """Each day at a time by Swedish clocks: a diary of so many hours to functions of these kinds."""

    at: time
    hours: Annotated[int, Field(ge=1, le=14 * 24)]
    to: Annotated[tuple[Code, ...], Field(min_length=1)]
    template: Code


class KindName(Row):
    """What functions of a kind are called."""

    sv: str
    en: str


class RuleBook(Row):
    """All rules, and the kinds of functions that they know."""

    about: str = ""
    kinds: Mapping[Code, KindName]
    rules: tuple[Rule, ...]
    watches: tuple[Watch, ...] = ()
    diary: DiaryRule | None = None

    def telling(self, news: News, function: Function, *, is_centre: bool) -> Iterator[tuple[Rule, Channel]]:
        """By which rule and channel a function is told of the news: of several rules the first."""
        if not function.hears_of(news.centre, news.capacity_ids):
            return
        party = "centre" if is_centre else "agency"
        told: set[Channel] = set()
        for rule in self.rules:
            if (rule.on, rule.party) == (news.kind, party) and function.kind in rule.to and rule.when.holds(news):
                for channel in rule.channels:
                    if channel not in told and _reaches(function, channel):
                        told.add(channel)
                        yield rule, channel

    def watching(self, news: News) -> Iterator[Watch]:
        """What a centre waits for after the news."""
        return (watch for watch in self.watches if watch.on == news.kind and watch.when.holds(news))


def read_rules(path: Path | None, templates: Sequence[str]) -> RuleBook:
    """The rules of a file, or those that come with the adapter; SettingsError names the entry and what to do."""
    name = "rules.json" if path is None else path.name
    if path is None:
        told = json.loads(files("samsyn_adapter_notify").joinpath("rules.json").read_text("utf-8"))
        found = rows_of(RuleBook, told, name)
    else:
        found = read_rows(RuleBook, path)
    faults = list(_faults(found, templates))
    if faults:
        raise SettingsError("\n".join(f"{name}: {fault}" for fault in faults))
    return found


def _faults(book: RuleBook, templates: Sequence[str]) -> Iterator[str]:
    names = {cls.__name__ for cls in MESSAGES.values()}
    rows: list[Rule | Watch] = [*book.rules, *book.watches]
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            yield f"{row.id}: stands twice: give each rule an id of its own."
        seen.add(row.id)
        if row.on not in names:
            yield f"{row.id} on: there is no message {row.on}: use a name of the contracts."
        yield from _faults_of(row.id, row.to, row.template, book, templates)
    if book.diary is not None:
        yield from _faults_of("diary", book.diary.to, book.diary.template, book, templates)


def _faults_of(
    row_id: str, to: Sequence[str], template: str, book: RuleBook, templates: Sequence[str]
) -> Iterator[str]:
    for kind in to:
        if kind not in book.kinds:
            yield f"{row_id} to: {kind} is not under kinds: add it there, or use one of {', '.join(book.kinds)}."
    if template not in templates:
        yield f"{row_id} template: there is no {template} in both languages: use one of {', '.join(templates)}."


def _reaches(function: Function, channel: Channel) -> bool:
    return channel == "mail" or function.sms


def _notice(news: News) -> Literal["short", "long"]:
    at = soonest(news.start_at, news.before_at, news.at)
    is_short = at is not None and at - news.at < SHORT_NOTICE
    return "short" if is_short else "long"
