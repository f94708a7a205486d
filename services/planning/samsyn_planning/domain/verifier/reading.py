"""Reads fields of a JSON-decoded form and says by JSON pointer what is wrong and how to mend it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# The largest whole number that is read; no figure of a real plan comes near.
LARGEST = 10**18

T = TypeVar("T")


class ProblemError(ValueError):
    """A form that cannot be judged: where (JSON pointer), why, the remedy, and the command's exit status (2 or 3)."""

    def __init__(self, pointer: str, reason: str, remedy: str, status: int = 2) -> None:
        super().__init__(f"{pointer or '/'}: {reason}; {remedy}")
        self.pointer = pointer
        self.reason = reason
        self.remedy = remedy
        self.status = status


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON value and the pointer to it; each method reads it as one kind of thing or raises ProblemError."""

    value: Any
    pointer: str

    def error(self, reason: str, remedy: str) -> ProblemError:
        """Give the error of this place, to be raised by the caller."""
        return ProblemError(self.pointer, reason, remedy)

    def fields(self, *known: str) -> "Fields":
        """Read an object that has no other keys than those known."""
        if not isinstance(self.value, Mapping):
            raise self.error(f"is {_kind(self.value)}, not an object", "give an object")
        for key in self.value:
            if key not in known:
                raise self.at(key).error(f'unknown key "{key}"', f"remove it or use one of: {', '.join(known)}")
        return Fields(self)

    def at(self, key: object) -> "Node":
        """Point at a key of an object or an index of a list, whether or not it is there."""
        escaped = str(key).replace("~", "~0").replace("/", "~1")
        inside = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Node(inside, f"{self.pointer}/{escaped}")

    def items(self) -> Iterator["Node"]:
        """Read a list."""
        if not isinstance(self.value, list | tuple):
            raise self.error(f"is {_kind(self.value)}, not a list", "give a list")
        for index, item in enumerate(self.value):
            yield Node(item, f"{self.pointer}/{index}")

    def text(self, *choices: str) -> str:
        """Read a text that is not empty and is one of the choices, if there are any."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error(f"is {_kind(self.value)}, not a text", "give a text that is not empty")
        if choices and self.value not in choices:
            raise self.error(f'"{self.value}" is not known', f"use one of: {', '.join(choices)}")
        return self.value

    def any_text(self) -> str:
        """Read a text that may be empty."""
        return self.value if isinstance(self.value, str) else self.text()

    def texts(self) -> frozenset[str]:
        """Read a list of texts whose order and repetitions do not matter."""
        return frozenset(item.text() for item in self.items())

    def integer(self, low: int | None = None, high: int | None = None) -> int:
        """Read a whole number within closed limits."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error(f"is {_kind(self.value)}, not a whole number", "give a whole number")
        if (low is not None and self.value < low) or (high is not None and self.value > high):
            limits = f"{'' if low is None else low}..{'' if high is None else high}"
            raise self.error(f"{self.value} is outside {limits}", f"give a whole number within {limits}")
        if abs(self.value) > LARGEST:
            raise self.error("is beyond all bounds", "give a whole number of at most 18 digits")
        return self.value

    def number(self) -> float:
        """Read a finite number."""
        is_number = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        if not is_number or not abs(self.value) <= LARGEST:
            raise self.error(f"is {_kind(self.value)}, not a finite number", "give a number")
        return float(self.value)

    def flag(self) -> bool:
        """Read true or false."""
        if not isinstance(self.value, bool):
            raise self.error(f"is {_kind(self.value)}, not true or false", "give true or false")
        return self.value

    def instant(self) -> datetime:
        """Read an ISO time with offset and whole seconds, as UTC."""
        text = self.text()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.error(f'"{text}" is no ISO time', "write it as 2025-05-06T08:00:00+02:00") from None
        if moment.utcoffset() is None:
            raise self.error(f'"{text}" has no offset', "add the offset from UTC, as in 2025-05-06T08:00:00+02:00")
        try:
            in_utc = moment.astimezone(UTC)
            moment.astimezone(STOCKHOLM)
        except OverflowError:
            raise self.error(f'"{text}" is beyond the calendar', "give a year from 2 to 9998") from None
        if in_utc.microsecond:
            raise self.error(f'"{text}" has parts of a second', "round it to whole seconds")
        return in_utc

    def points(self, low: int | None = None, high: int | None = None) -> dict[str, int]:
        """Read an object of whole numbers by party."""
        if not isinstance(self.value, Mapping):
            raise self.error(f"is {_kind(self.value)}, not an object", "give an object of whole numbers")
        return {str(key): self.at(key).integer(low, high) for key in self.value}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one JSON object."""

    node: Node

    def __getitem__(self, key: str) -> Node:
        if key not in self.node.value:
            raise self.node.at(key).error("is missing", "add it")
        return self.node.at(key)

    def given(self, key: str, default: Any) -> Node:
        """Read a field that has a default."""
        return self.node.at(key) if key in self.node.value else Node(default, self.node.at(key).pointer)

    def maybe(self, key: str, read: Callable[[Node], T]) -> T | None:
        """Read a field that may be null or absent."""
        node = self.node.at(key)
        return None if node.value is None else read(node)


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), f"{value!r}")
