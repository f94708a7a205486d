"""Reads fields of JSON objects and says by pointer and remedy which one is wrong."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from samsyn_planning.domain.planner.errors import ProblemError
from samsyn_planning.domain.said import STOCKHOLM

_MISSING: Any = object()
# No figure of a real plan comes near; beyond it sums would not fit in 64 bits.
LARGEST = 10**18


def moment_from(value: Any, pointer: str) -> int:
    """An ISO text with offset as whole epoch seconds."""
    remedy = 'write it like "2025-05-05T08:00:00+02:00"'
    if not isinstance(value, str):
        raise ProblemError(pointer, "is no ISO instant", remedy)
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        raise ProblemError(pointer, "is no ISO instant", remedy) from None
    if read.utcoffset() is None:
        raise ProblemError(pointer, "has no offset from UTC", remedy)
    try:
        in_sweden = read.astimezone(STOCKHOLM)
    except OverflowError:
        raise ProblemError(pointer, "is beyond the calendar", "give a year from 2 to 9998") from None
    if in_sweden.microsecond:
        raise ProblemError(pointer, "has parts of seconds", "give whole seconds")
    return int(in_sweden.timestamp())


def whole_from(value: Any, pointer: str, low: int | None = None, high: int | None = None) -> int:
    """A whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProblemError(pointer, "is no whole number", "give an integer")
    if (low is not None and value < low) or (high is not None and value > high):
        raise ProblemError(pointer, f"is {value}", f"give an integer from {low} to {'any' if high is None else high}")
    if abs(value) > LARGEST:
        raise ProblemError(pointer, "is beyond all bounds", "give an integer of at most 18 digits")
    return value


def text_from(value: Any, pointer: str) -> str:
    """A text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise ProblemError(pointer, "is no text", "give a text of at least one character")
    return value


def list_from(value: Any, pointer: str) -> Sequence[Any]:
    """A list."""
    if not isinstance(value, list | tuple):
        raise ProblemError(pointer, "is no list", "give a list")
    return value


def _inside(pointer: str, key: object) -> str:
    escaped = str(key).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{escaped}"


class Fields:
    """The fields of one JSON object; a key outside `known` is an error that names it."""

    def __init__(self, value: Any, pointer: str, known: Collection[str]) -> None:
        if not isinstance(value, Mapping):
            raise ProblemError(pointer, "is no object", "give a JSON object")
        for key in value:
            if key not in known:
                raise ProblemError(_inside(pointer, key), "is unknown", f"leave it out; known are {', '.join(known)}")
        self._value = value
        self._pointer = pointer

    def at(self, key: str) -> str:
        """The JSON pointer of a field."""
        return _inside(self._pointer, key)

    def given(self, key: str, default: Any = _MISSING) -> Any:
        """The field as it stands; mandatory unless a default is named."""
        if key in self._value:
            return self._value[key]
        if default is _MISSING:
            raise ProblemError(self.at(key), "is missing", "give it: it is mandatory")
        return default

    def text(self, key: str, default: Any = _MISSING) -> str:
        """A text."""
        return text_from(self.given(key, default), self.at(key))

    def text_or_none(self, key: str) -> str | None:
        """A text, or None where it is null or absent."""
        value = self.given(key, None)
        return None if value is None else text_from(value, self.at(key))

    def choice(self, key: str, options: Sequence[str], default: str) -> str:
        """One of a few words."""
        value = self.given(key, default)
        if value not in options:
            raise ProblemError(self.at(key), f"is {value!r}", f"give one of {', '.join(options)}")
        return str(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.given(key, default)
        if not isinstance(value, bool):
            raise ProblemError(self.at(key), "is neither true nor false", "give true or false")
        return value

    def whole(self, key: str, default: Any = _MISSING, low: int | None = None, high: int | None = None) -> int:
        """A whole number."""
        return whole_from(self.given(key, default), self.at(key), low, high)

    def whole_or_none(self, key: str, low: int | None = None) -> int | None:
        """A whole number, or None where it is null or absent."""
        value = self.given(key, None)
        return None if value is None else whole_from(value, self.at(key), low)

    def number(self, key: str, default: float, low: float) -> float:
        """A finite number of at least `low`."""
        value = self.given(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= LARGEST:
            raise ProblemError(self.at(key), f"is {value!r}", f"give a number of at least {low}")
        return value

    def moment(self, key: str) -> int:
        """An instant, in epoch seconds."""
        return moment_from(self.given(key), self.at(key))

    def moment_or_none(self, key: str) -> int | None:
        """An instant, or None where it is null or absent."""
        value = self.given(key, None)
        return None if value is None else moment_from(value, self.at(key))

    def items(self, key: str, default: Any = ()) -> list[tuple[str, Any]]:
        """The members of a list, each with its pointer."""
        value = list_from(self.given(key, default), self.at(key))
        return [(f"{self.at(key)}/{place}", member) for place, member in enumerate(value)]

    def any_text(self, key: str) -> str:
        """A text that may be empty, and is so where it is null or absent."""
        value = self.given(key, None)
        if value is None:
            return ""
        return value if isinstance(value, str) else text_from(value, self.at(key))

    def ids(self, key: str) -> tuple[str, ...]:
        """A list of ids named once each, sorted, empty where absent."""
        named = [(pointer, text_from(member, pointer)) for pointer, member in self.items(key)]
        for place, (pointer, id_) in enumerate(named):
            if id_ in [before for _, before in named[:place]]:
                raise ProblemError(pointer, f"{id_!r} is named twice", "name each once")
        return tuple(sorted(id_ for _, id_ in named))

    def words(self, key: str, default: Sequence[str] = ()) -> frozenset[str]:
        """A list of texts as a set, empty where absent unless told otherwise."""
        return frozenset(text_from(member, pointer) for pointer, member in self.items(key, default))

    def words_or_none(self, key: str) -> frozenset[str] | None:
        """A list of texts as a set, or None where it is null or absent."""
        return None if self.given(key, None) is None else self.words(key)

    def points(self, key: str, low: int | None = None, high: int | None = None) -> dict[str, int]:
        """An object of whole numbers by name, sorted by name."""
        value = self.given(key, {})
        if not isinstance(value, Mapping):
            raise ProblemError(self.at(key), "is no object", "give an object of whole numbers by name")
        return {name: whole_from(value[name], _inside(self.at(key), name), low, high) for name in sorted(value)}
