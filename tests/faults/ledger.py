"""The driver's own ledger: what it was about to say, and what came of it, on disk before it goes on.

Nothing of Samsyn's writes here, and the driver never takes a line back: `said` before a call, `ok`, `fail` or `unknown`
after it, `admitted` or `rejected` when the answer is heard.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["ok", "fail", "unknown"]
Line = dict[str, Any]


@dataclass
class Entry:
    """An event as the ledger knows it; times are seconds of the monotonic clock."""

    id: str
    source: str
    name: str
    centre: str
    body_hash: str
    first_said: float
    num_said: int = 0
    num_ok: int = 0
    admitted_at: float | None = None
    rejected: list[str] = field(default_factory=list)
    is_final: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether its sender knows what became of it."""
        return self.admitted_at is not None or bool(self.rejected)


class Ledger:
    """Lines on disk, and what they amount to; one process writes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("a", encoding="utf-8")
        self.entries: dict[str, Entry] = {}
        self.admissions: list[tuple[float, str]] = []

    def said(self, entries: Iterable[Entry]) -> None:
        """About to say these, for the first time or again."""
        lines = []
        for one in entries:
            known = self.entries.setdefault(one.id, one)
            known.num_said += 1
            told = {"id": one.id, "source": one.source, "name": one.name, "centre": one.centre}
            lines.append({"what": "said", **told, "sha256": one.body_hash})
        self._keep(lines)

    def came_of(self, outcomes: Iterable[tuple[str, Outcome]]) -> None:
        """What calls came to."""
        lines = []
        for id_, outcome in outcomes:
            self.entries[id_].num_ok += outcome == "ok"
            lines.append({"what": outcome, "id": id_})
        self._keep(lines)

    def admitted(self, ids: Iterable[str]) -> None:
        """The answer that an event is kept was heard."""
        now, lines = time.monotonic(), []
        for id_ in ids:
            entry = self.entries.get(id_)
            if entry is not None and entry.admitted_at is None:
                entry.admitted_at = now
                self.admissions.append((now, id_))
                lines.append({"what": "admitted", "id": id_})
        self._keep(lines)

    def rejected(self, id_: str, code: str, *, is_final: bool) -> None:
        """The answer that an event has no effect was heard."""
        entry = self.entries.get(id_)
        if entry is not None and (code not in entry.rejected or is_final != entry.is_final):
            entry.rejected.append(code)
            entry.is_final = entry.is_final or is_final
            self._keep([{"what": "rejected", "id": id_, "code": code}])

    def pending(self) -> list[Entry]:
        """Events said and not answered."""
        return [one for one in self.entries.values() if not one.is_answered]

    def acknowledged(self) -> list[Entry]:
        """Events whose sender has EventAdmitted: those that are promised never to be lost."""
        return [one for one in self.entries.values() if one.admitted_at is not None]

    def first_admission_since(self, at: float) -> float | None:
        """When the first answer after an instant came."""
        return next((when for when, _ in self.admissions if when >= at), None)

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def _keep(self, lines: list[Line]) -> None:
        if not lines:
            return
        now = time.time()
        self._file.writelines(json.dumps({"at": now, **line}) + "\n" for line in lines)
        self._file.flush()
        os.fsync(self._file.fileno())


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of a ledger as they stand on disk."""
    with path.open(encoding="utf-8") as kept:
        for line in kept:
            yield json.loads(line)
