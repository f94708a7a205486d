"""Tables of an own system's codes, data beside the adapter: a code that is not in them is named, never guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_LONGEST_SHOWN = 40


class UnknownCodeError(LookupError):
    """No table translates a code of the own system; the text names table and code, and is safe to log."""


class CodeTable:
    """One table from the own system's codes to Samsyn's."""

    def __init__(self, name: str, meanings: Mapping[str, Any]) -> None:
        self._name = name
        self._meanings = meanings

    def __getitem__(self, code: str) -> Any:
        """What a code means; raises UnknownCodeError."""
        if code in self._meanings:
            return self._meanings[code]
        shown = str(code)[:_LONGEST_SHOWN]
        raise UnknownCodeError(f"{self._name} {shown if shown.isprintable() else '(not printable)'}")


def load_tables(package: str) -> dict[str, CodeTable]:
    """The tables in a package's `codes.json`, by their names."""
    tables = json.loads(files(package).joinpath("codes.json").read_text("utf-8"))
    return {name: CodeTable(name, meanings) for name, meanings in tables.items() if isinstance(meanings, dict)}
