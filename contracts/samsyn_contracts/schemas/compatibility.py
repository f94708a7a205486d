"""Whether a changed schema can replace the released one under the same major version, and if not, why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples", "x-type"})
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LEVELS = ("P0", "P1", "P2", "P3", "P4", "PV")
MISSING = object()


@dataclass(frozen=True)
class Break:
    """One reason why a change needs a new major version."""

    pointer: str
    why: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.why}"


@dataclass(frozen=True)
class Comparison:
    """Two versions of the same place in a schema.

    What was said before must always be readable, for the log is kept for good. What is said from now on must be
    readable by yesterday's readers only where parties hear the message (`is_heard`): services are renewed before
    anybody says anything new, agencies in their own time.
    """

    old: Schema
    new: Schema
    old_root: Schema
    new_root: Schema
    is_heard: bool
    pointer: str = ""

    def deeper(self, old: Schema, new: Schema, step: str) -> Comparison:
        """The comparison of a place inside this one."""
        return Comparison(old, new, self.old_root, self.new_root, self.is_heard, f"{self.pointer}/{step}")

    def resolved(self) -> Comparison:
        """The same with references replaced by what they point to."""
        old, new = _resolved(self.old, self.old_root), _resolved(self.new, self.new_root)
        return Comparison(old, new, self.old_root, self.new_root, self.is_heard, self.pointer)

    def values(self, keyword: str) -> tuple[Any, Any]:
        """Old and new value of a keyword, MISSING where it is absent."""
        return self.old.get(keyword, MISSING), self.new.get(keyword, MISSING)


def breaks(old: Schema, new: Schema, *, is_heard: bool) -> list[Break]:
    """Every reason why `new` cannot replace `old` without a new major version."""
    return list(_compared(Comparison(old, new, old, new, is_heard)))


def _compared(comparison: Comparison) -> Iterator[Break]:
    place = comparison.resolved()
    for rule in RULES:
        for why in rule(place):
            yield Break(place.pointer, why)
    yield from _inside(place)


def _inside(place: Comparison) -> Iterator[Break]:
    old, new = place.old.get("properties", {}), place.new.get("properties", {})
    for name in sorted(old.keys() & new.keys()):
        yield from _compared(place.deeper(old[name], new[name], name))
    if "items" in place.old and "items" in place.new:
        yield from _compared(place.deeper(place.old["items"], place.new["items"], "*"))


def _removed_fields(place: Comparison) -> Iterator[str]:
    for name in sorted(place.old.get("properties", {}).keys() - place.new.get("properties", {}).keys()):
        yield f"the field {name} is removed: what is said in it would be lost without a word"


def _mandatory_fields(place: Comparison) -> Iterator[str]:
    old, new = set(place.old.get("required", ())), set(place.new.get("required", ()))
    known = place.old.get("properties", {}).keys()
    for name in sorted(new - old):
        kind = "became mandatory" if name in known else "is new and mandatory"
        yield f"the field {name} {kind}: events that were said without it could no longer be read"
    if place.is_heard:
        for name in sorted((old - new) & place.new.get("properties", {}).keys()):
            yield f"the field {name} became optional: parties that count on it would miss it"


def _type(place: Comparison) -> Iterator[str]:
    old, new = place.values("type")
    if old == new:
        return
    if (old, new) != ("integer", "number"):
        yield f"the type changes from {_shown(old)} to {_shown(new)}: what was said before could no longer be read"
    elif place.is_heard:
        yield "the type widens from integer to number: parties that read whole numbers could no longer read it"


def _choices(place: Comparison) -> Iterator[str]:
    old, new = _allowed(place.old), _allowed(place.new)
    if old is None or new is None:
        yield from _choices_given_or_freed(place, old, new)
        return
    for value in sorted(map(str, old - new)):
        yield f"the value {value} is removed: those who say it would be refused, and the log holds it"
    if place.is_heard:
        for value in sorted(map(str, new - old)):
            yield f"the value {value} is added: parties that know only the old values could not read it"


def _choices_given_or_freed(place: Comparison, old: set[Any] | None, new: set[Any] | None) -> Iterator[str]:
    if new is not None:
        yield "the values are limited to a list: other values that were said could no longer be read"
    elif old is not None and place.is_heard:
        yield "the list of values is dropped: parties that know only those could not read others"


def _pattern(place: Comparison) -> Iterator[str]:
    old, new = place.values("pattern")
    if old == new:
        return
    if old is MISSING:
        yield "a pattern is added: text that was said without it could no longer be read"
    elif new is not MISSING:
        yield "the pattern changes: nobody can tell whether all that was said still follows it"
    elif place.is_heard:
        yield "the pattern is dropped: parties that check it would refuse what is said"


def _format(place: Comparison) -> Iterator[str]:
    old, new = place.values("format")
    if old == new:
        return
    if old is MISSING:
        yield f"the format {new} is added: text that was said without it could no longer be read"
    else:
        yield f"the format {old} is dropped or changed: programs made from the schema would get another type"


def _bounds(place: Comparison) -> Iterator[str]:
    for keywords, is_lower in ((LOWER_BOUNDS, True), (UPPER_BOUNDS, False)):
        for keyword in keywords:
            yield from _bound(place, keyword, is_lower=is_lower)


def _bound(place: Comparison, keyword: str, *, is_lower: bool) -> Iterator[str]:
    old, new = place.values(keyword)
    if old == new:
        return
    is_tighter = old is MISSING or (new is not MISSING and (new > old) == is_lower)
    change = f"{keyword} changes from {_shown(old)} to {_shown(new)}"
    if is_tighter:
        yield f"{change}: values that were said could no longer be read"
    elif place.is_heard:
        yield f"{change}: parties that check the old limit would refuse what is said"


def _closed(place: Comparison) -> Iterator[str]:
    if ("items" in place.old) != ("items" in place.new):
        yield "what the list holds is described in one version only: nobody can compare them"
    old, new = (place.old.get("additionalProperties", True), place.new.get("additionalProperties", True))
    if old != new:
        yield "what unknown fields may hold changes: readers ignore unknown fields, always"


def _default(place: Comparison) -> Iterator[str]:
    old, new = place.values("default")
    if old != new:
        yield f"the default changes from {_shown(old)} to {_shown(new)}: events without it change meaning"


def _sensitivity(place: Comparison) -> Iterator[str]:
    old, new = place.values("x-class")
    if old != new and (new is MISSING or (old is not MISSING and LEVELS.index(new) < LEVELS.index(old))):
        yield f"the class falls from {_shown(old)} to {_shown(new)}: more would read what was said under the old one"
    if place.old.get("x-after-acceptance") and not place.new.get("x-after-acceptance"):
        yield "the field is no longer kept until acceptance: more would read what was said in confidence"


def _unjudged(place: Comparison) -> Iterator[str]:
    for keyword in sorted((place.old.keys() | place.new.keys()) - ANNOTATIONS - JUDGED):
        if place.old.get(keyword, MISSING) != place.new.get(keyword, MISSING):
            yield f"{keyword} changes, and no rule says what that means to readers"


RULES: tuple[Callable[[Comparison], Iterator[str]], ...] = (
    _removed_fields,
    _mandatory_fields,
    _type,
    _choices,
    _pattern,
    _format,
    _bounds,
    _closed,
    _default,
    _sensitivity,
    _unjudged,
)
JUDGED = frozenset(
    {
        *("properties", "required", "items", "type", "enum", "const", "pattern", "format", "additionalProperties"),
        *("default", "x-class", "x-after-acceptance", *LOWER_BOUNDS, *UPPER_BOUNDS),
    }
)


def _allowed(schema: Schema) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None


def _resolved(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**root["$defs"][str(reference).rpartition("/")[2]], **beside}


def _shown(value: object) -> str:
    return "none" if value is MISSING else str(value)
