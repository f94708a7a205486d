"""The form by which a centre publishes its annual wheel: groups of fields, a group a period or a fixed day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from pydantic import ValidationError
from samsyn_contracts.periods import AnnualWheelPublished, FixedDay, Period

from samsyn_adapter_desk import moments
from samsyn_adapter_desk.domain.cards_of_the_year import WheelCard
from samsyn_adapter_desk.domain.choices import indications
from samsyn_adapter_desk.domain.forms import (
    OTHERWISE,
    OWN_RULES,
    REMEDIES,
    Asked,
    Draft,
    Fault,
    Field,
    Form,
    FormError,
    Option,
    Values,
    instant,
    number,
    present,
    written_day,
)
from samsyn_adapter_desk.domain.wheel import DEADLINES, in_order
from samsyn_adapter_desk.marks import msgid

GroupKind = Literal["period", "day"]
LEAST: Mapping[GroupKind, int] = {"period": 8, "day": 4}
MOST: Mapping[GroupKind, int] = {"period": 60, "day": 200}  # of the contract
SPARE = 2  # empty groups behind the last that is filled in
OF_MESSAGE: Mapping[str, GroupKind] = {"periods": "period", "fixed_days": "day"}
OTHER = "other"
FIXED_DAYS = (
    Option("training", "utbildning", "training"),
    Option("meeting", "nätverksmöte", "network meeting"),
    Option("report", "dag för rapport", "day for reports"),
    Option(OTHER, "annat", "other"),
)
VERSION = Field("version", msgid("Version"), "hidden")
PERIOD_FIELDS = (
    Field("period_id", msgid("Called"), hint=msgid("Small letters, digits, - and _, such as 2026-q1.")),
    Field("from_day", msgid("First day"), "day"),
    Field("until_day", msgid("Last day"), "day"),
    Field("theme", msgid("Theme"), "select", is_required=False),
    Field(
        "points",
        msgid("Points for the theme"),
        "number",
        msgid("0 to 1000: how much more an inspection of the theme is worth."),
        is_required=False,
    ),
    *(Field(name, label, "instant", is_required=False) for name, label in DEADLINES.items()),
)
DAY_FIELDS = (
    Field("day", msgid("Day"), "day"),
    Field("code", msgid("Kind"), "select"),
    Field("sv", msgid("Name in Swedish"), hint=msgid("Empty: the name of the kind."), is_required=False),
    Field("en", msgid("Name in English"), hint=msgid("Empty: the name of the kind."), is_required=False),
)
ANEW = msgid("The wheel was published by somebody else meanwhile. Open the form anew: it begins from that version.")
STANDS_TWICE = msgid("Another period is called the same. Give each period a name of its own.")
OVERLAPS = msgid("The period begins before another one has ended. Let them lie apart.")
OUT_OF_ORDER = msgid("This must not be earlier than the deadline above it.")
NO_DAY = REMEDIES["date_from_datetime_parsing"]
# The contract's sentences about the whole wheel, and the field that is at fault.
TWICE = re.compile(r"the period (?P<period>\S+) stands twice")
OVERLAP = re.compile(r"the periods \S+ and (?P<period>\S+) must not overlap")
EARLIER = re.compile(r"(?P<later>\w+) must not be earlier than \w+")


@dataclass(frozen=True)
class Group:
    """The fields of one period or fixed day, named "period-1-from_day"; groups count from 1."""

    kind: GroupKind
    number: int
    fields: tuple[Field, ...]

    def name_of(self, field: str) -> str:
        """The name of a field in this group."""
        return f"{self.kind}-{self.number}-{field}"

    def given(self, values: Values) -> dict[str, str]:
        """What is filled in of the group, by the names of the message."""
        told = {each.of: values.get(each.name, "").strip() for each in self.fields}
        return {name: value for name, value in told.items() if value}

    def is_filled(self, values: Values) -> bool:
        """Whether anything is; a group that is not is left out."""
        return bool(self.given(values))


@dataclass(frozen=True)
class Filled:
    """The groups that are filled in, in the order in which the message has them."""

    period: tuple[Group, ...]
    day: tuple[Group, ...]


def groups_of(values: Values, known: WheelCard | None) -> tuple[Group, ...]:
    """So many groups that all that is filled in has its place, and some more; what is known is among the choices."""
    themes, days = tuple(_themes(known).values()), tuple(_kinds(known).values())
    options = {"theme": tuple(each.option for each in themes), "code": days}
    fields: dict[GroupKind, tuple[Field, ...]] = {"period": PERIOD_FIELDS, "day": DAY_FIELDS}
    return tuple(
        Group(kind, n, tuple(_named(each, kind, n, options) for each in fields[kind]))
        for kind in fields
        for n in range(1, _num_groups(values, kind) + 1)
    )


def wheel_form(groups: Sequence[Group], year: int, known: WheelCard | None) -> Form:
    """The form of a centre's wheel of a year, which takes the place of the version that is known."""
    title = msgid("Publish the annual wheel") if known is None else msgid("Change the annual wheel")
    # Whether a field must be filled in depends on its group; the page marks it, the statement is built by `publish`.
    fields = tuple(replace(each, is_required=False) for group in groups for each in group.fields)
    return Form(
        "wheel",
        "wheel",
        title,
        msgid("Publish"),
        (replace(VERSION, is_required=False), *fields),
        partial(publish, groups=groups, year=year, known=known),
        msgid("Everybody at the centre is told. Planning tells of each period when it opens and when it is frozen."),
        f"/wheel?year={year}",
    )


def values_of(card: WheelCard) -> dict[str, str]:
    """The newest version, as it stands in the form."""
    found: dict[str, str] = {}
    for n, period in enumerate(in_order(card), 1):
        found |= {f"period-{n}-{name}": value for name, value in _of_period(period).items()}
    for n, fixed in enumerate(sorted(card.fixed_days, key=lambda each: each.day), 1):
        found |= {f"day-{n}-{name}": value for name, value in _of_day(fixed).items()}
    return found


def next_version(known: WheelCard | None) -> int:
    """The version that is published next."""
    return 1 if known is None else known.version + 1


def publish(values: Values, asked: Asked, groups: Sequence[Group], year: int, known: WheelCard | None) -> Draft:
    """The wheel that is filled in; FormError that names each field that is at fault, and its remedy."""
    if values.get("version") != str(next_version(known)):
        raise FormError([Fault("", ANEW)])
    filled = Filled(
        tuple(group for group in groups if group.kind == "period" and group.is_filled(values)),
        tuple(group for group in groups if group.kind == "day" and group.is_filled(values)),
    )
    faults = [fault for group in (*filled.period, *filled.day) for fault in _missing(group, values)]
    periods = [_period_told(group, values, known, faults) for group in filled.period]
    if faults:
        raise FormError(faults)
    told = {
        "wheel_id": f"{asked.party}:wheel-{year}" if known is None else known.wheel_id,
        "year": year,
        "version": next_version(known),
        "periods": periods,
        "fixed_days": [_day_told(group, values, known) for group in filled.day],
    }
    try:
        return Draft(AnnualWheelPublished.model_validate(told))
    except ValidationError as error:
        errors: list[dict[str, Any]] = [dict(e) for e in error.errors(include_url=False, include_input=False)]
        # A list with a member that is refused counts as too short, too: what is told of the member is enough.
        inside = [each for each in errors if len(each["loc"]) > 1]
        raise FormError([_fault(each, filled, values) for each in inside or errors]) from None


@dataclass(frozen=True)
class _Theme:
    """A theme to choose, and what it favours."""

    option: Option
    tag: str


def _themes(known: WheelCard | None) -> dict[str, _Theme]:
    """What sites are suspected of, and the themes that the wheel has already, by their codes."""
    found = {each.value: _Theme(each, each.value) for each in indications() if each.value != OTHER}
    for period in () if known is None else known.periods:
        if (theme := period.theme) is not None:
            found[theme.code] = _Theme(Option(theme.code, theme.sv, theme.en), theme.tag)
    return found


def _kinds(known: WheelCard | None) -> dict[str, Option]:
    """Kinds of fixed days, and those that the wheel has already."""
    found = {each.value: each for each in FIXED_DAYS}
    for fixed in () if known is None else known.fixed_days:
        found.setdefault(fixed.code, Option(fixed.code, fixed.sv, fixed.en))
    return found


def _named(field: Field, kind: GroupKind, n: int, options: Mapping[str, Sequence[Option]]) -> Field:
    return replace(field, name=f"{kind}-{n}-{field.name}", of=field.name, options=options.get(field.name, ()))


def _num_groups(values: Values, kind: GroupKind) -> int:
    """By the names that are filled in; a number beyond what the contract takes is none."""
    named = re.compile(rf"{kind}-([1-9]\d{{0,2}})-\w+", re.ASCII)
    numbers = [int(found[1]) for name, value in values.items() if value.strip() and (found := named.fullmatch(name))]
    last = max((n for n in numbers if n <= MOST[kind]), default=0)
    return min(MOST[kind], max(LEAST[kind], last + SPARE))


def _missing(group: Group, values: Values) -> list[Fault]:
    """What must be filled in where anything is; points with a theme, and both names of a day of no kind."""
    given = group.given(values)
    needed = [each.of for each in group.fields if each.is_required]
    needed += ["points"] if "theme" in given else []
    needed += ["theme"] if "points" in given else []
    needed += ["sv", "en"] if given.get("code") == OTHER else []
    return [Fault(group.name_of(name), REMEDIES["missing"]) for name in needed if name not in given]


def _period_told(group: Group, values: Values, known: WheelCard | None, faults: list[Fault]) -> dict[str, Any]:
    """A period's facts; what is no instant or number is added to the faults."""
    given = group.given(values)
    told: dict[str, Any] = {name: written_day(given[name]) for name in ("from_day", "until_day") if name in given}
    told |= {"period_id": given["period_id"]} if "period_id" in given else {}
    read: dict[str, Callable[[Values, str], object]] = {**dict.fromkeys(DEADLINES, instant), "points": number}
    for name, how in read.items():
        try:
            told[name] = how(values, group.name_of(name))
        except FormError as error:
            faults += error.faults
    points = told.pop("points", None)
    if "theme" in given:
        theme = _themes(known)[given["theme"]]
        names = {"sv": theme.option.sv, "en": theme.option.en}
        told["theme"] = {"code": theme.option.value, **names, "tag": theme.tag, "points": points}
    return present(**told)


def _day_told(group: Group, values: Values, known: WheelCard | None) -> dict[str, Any]:
    given = group.given(values)
    kind = _kinds(known)[given["code"]]
    days = {"day": written_day(given["day"])} if "day" in given else {}
    return {"sv": kind.sv, "en": kind.en, **given, **days}


def _fault(error: Mapping[str, Any], filled: Filled, values: Values) -> Fault:
    """Where in the form an error of the contract is, and what to do about it."""
    place = error["loc"]
    if len(place) < 2:
        return _fault_of_wheel(error, filled, values)
    groups = getattr(filled, OF_MESSAGE[str(place[0])])
    group: Group = groups[place[1]]
    if len(place) == 2:
        return _fault_of_order(group, str(error["ctx"]["error"]))
    # What is in a theme is told by its own field where the form has one.
    names = {each.of for each in group.fields}
    name = next((str(part) for part in reversed(place[2:]) if part in names), group.fields[0].of)
    is_no_day = error["type"] == "value_error" and name.endswith("day")
    return Fault(group.name_of(name), NO_DAY if is_no_day else REMEDIES.get(error["type"], OTHERWISE))


def _fault_of_order(group: Group, sentence: str) -> Fault:
    found = EARLIER.fullmatch(sentence)
    if found is None:
        return Fault(group.name_of(group.fields[0].of), OTHERWISE)
    return Fault(group.name_of(found["later"]), OWN_RULES.get(sentence, OUT_OF_ORDER))


def _fault_of_wheel(error: Mapping[str, Any], filled: Filled, values: Values) -> Fault:
    if error["type"] == "too_short":
        return Fault("period-1-period_id", REMEDIES["too_short"])
    sentence = str(error.get("ctx", {}).get("error", ""))
    for pattern, name, text in ((TWICE, "period_id", STANDS_TWICE), (OVERLAP, "from_day", OVERLAPS)):
        if found := pattern.fullmatch(sentence.partition(";")[0]):
            called = [g for g in filled.period if values.get(g.name_of("period_id"), "").strip() == found["period"]]
            return Fault(called[-1].name_of(name), text)
    return Fault("", OTHERWISE)


def _of_period(period: Period) -> dict[str, str]:
    told = {
        "period_id": period.period_id,
        "from_day": period.from_day.isoformat(),
        "until_day": period.until_day.isoformat(),
    }
    if period.theme is not None:
        told |= {"theme": period.theme.code, "points": str(period.theme.points)}
    for name in DEADLINES:
        if (at := getattr(period, name)) is not None:
            told[name] = moments.local(at).strftime("%Y-%m-%dT%H:%M")
    return told


def _of_day(fixed: FixedDay) -> dict[str, str]:
    return {"day": fixed.day.isoformat(), "code": fixed.code, "sv": fixed.sv, "en": fixed.en}
