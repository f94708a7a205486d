"""Rows of the files that are written by hand: read strictly, with errors that name the entry and the remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from samsyn_adapter_sdk import SettingsError


class Row(BaseModel):
    """One entry of such a file: frozen, and a field that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


R = TypeVar("R", bound=Row)

_REMEDIES = {
    "extra_forbidden": "take the field away: there is none of that name (and nothing about persons)",
    "missing": "write the field",
}


def read_rows(kind: type[R], path: Path) -> R:
    """The file as a row; SettingsError tells file, entry, field and remedy."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({type(error).__name__}): write it, see adapters/notify."
        ) from error
    except ValueError as error:
        raise SettingsError(f"{path} is not JSON ({error}): mend it there.") from error
    return rows_of(kind, told, path.name)


def rows_of(kind: type[R], told: Any, name: str) -> R:
    """What was read as a row; SettingsError names every wrong entry of the file `name`."""
    try:
        return kind.model_validate(told)
    except ValidationError as error:
        raise SettingsError("\n".join(_told(found, told, name) for found in error.errors())) from error


def _told(found: Mapping[str, Any], told: Any, name: str) -> str:
    place = list(found["loc"])
    remedy = _REMEDIES.get(found["type"], "give the field such a value")
    return f"{name}: {_shown(place, told)}: {found['msg']}: {remedy}."


def _shown(place: Sequence[str | int], told: Any) -> str:
    """The way to a field; an entry of a list is called by its own name too: `functions[2] (duty-officer) mail`."""
    words: list[str] = []
    for step in place:
        told = _inner(told, step)
        if isinstance(step, int):
            own = _own_name(told)
            words[-1:] = [f"{words[-1] if words else ''}[{step}]{own}"]
        else:
            words.append(step)
    return " ".join(words) or "the file"


def _inner(told: Any, step: str | int) -> Any:
    try:
        return told[step]
    except (KeyError, IndexError, TypeError):
        return None


def _own_name(entry: Any) -> str:
    found = [entry[key] for key in ("function", "id") if isinstance(entry, dict) and key in entry]
    return f" ({found[0]})" if found else ""
