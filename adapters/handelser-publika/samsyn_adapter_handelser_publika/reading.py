"""What the feed says that is new: events of the types that drain police resources, once, and again when they change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samsyn_adapter_sdk import Saying, Skipped, Statement
from samsyn_adapter_sdk.codes import UnknownCodeError, load_tables
from samsyn_contracts.capacity import DisturbanceReported

from samsyn_adapter_handelser_publika.places import Municipality, municipality_of

AGENCY = "handelser-publika"
# So many ids are remembered, the highest: some times what the feed holds.
MAX_REMEMBERED = 2000
_TYPES = load_tables("samsyn_adapter_handelser_publika")["typ"]
_NOWHERE = "?"
# The feed leaves out the nought of a single hour: "2025-05-05 8:03:02 +02:00".
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d{1,2})(:\d\d:\d\d) ?([+-]\d\d:\d\d)", re.ASCII)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One event of the feed: what of it is said; `place` None where its municipality is not known."""

    number: int
    at: datetime
    kind: str
    severity: str
    place: Municipality | None
    place_name: str

    @property
    def said(self) -> str:
        """What is compared to tell whether an event has changed."""
        return _NOWHERE if self.place is None else f"{self.kind} {self.severity} {self.place.code}"


class Seen:
    """What has been said of each event, by its id; the cursor is that, as text."""

    def __init__(self, cursor: str | None) -> None:
        self._said: dict[str, list[Any]] = json.loads(cursor) if cursor else {}

    def sayings(self, rows: Sequence[Row]) -> Iterator[Saying]:
        """What is new in the feed's rows, in the order of their ids; what left the feed says nothing."""
        for found in sorted(filter(None, map(_found, rows)), key=lambda found: found.number):
            version, said = self._said.get(str(found.number), (0, ""))
            if said == found.said:
                continue
            version += found.place is not None
            self._said[str(found.number)] = [version, found.said]
            yield _saying(found, version, self._cursor())

    def _cursor(self) -> str:
        highest = sorted(self._said, key=int)[-MAX_REMEMBERED:]
        self._said = {number: self._said[number] for number in highest}
        return json.dumps(self._said, separators=(",", ":"))


def _found(row: Row) -> Found | None:
    """The event of a row; None for types that are not told of, and for rows of another form."""
    try:
        meaning = _TYPES[row["type"]]
        place_name = str(row["location"]["name"])
        return Found(
            number=int(row["id"]),
            at=_instant(row["datetime"]),
            kind=meaning["kind"],
            severity=meaning["severity"],
            place=municipality_of(place_name, str(row["location"].get("gps", ""))),
            place_name=place_name,
        )
    except (UnknownCodeError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _saying(found: Found, version: int, cursor: str) -> Saying:
    if found.place is None:
        name = found.place_name[:40]
        return Skipped(cursor, unknown=f"place {name if name.isprintable() else '(not printable)'}")
    reported = DisturbanceReported.model_validate(
        {
            "disturbance_id": f"{AGENCY}:{found.number}",
            "kind": found.kind,
            "severity": found.severity,
            "municipality": found.place.code,
        }
    )
    key = f"handelse:{found.number}:{version}"
    return Statement(reported, found.at, key, centre=found.place.centre, cursor=cursor)


def _instant(text: str) -> datetime:
    written = _TIME.fullmatch(text)
    if written is None:
        raise ValueError("no time of the feed's form")
    day, hour, rest, offset = written.groups()
    return datetime.fromisoformat(f"{day}T{hour:0>2}{rest}{offset}")
