"""The police's simulated page of published events: rows of the data file, up to the driven time, in the feed's form."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response

from samsyn_demo.places import STOCKHOLM, municipalities, rows_of
from samsyn_demo.records import World

MAX_SHOWN = 500
_COUNTRY = ("Sverige", "")


@dataclass(frozen=True)
class PublishedEvent:
    """One event: from when, and until when, it stands on the page (None: for good), in the feed's form."""

    event_id: str
    published_at: datetime
    withdrawn_at: datetime | None
    row: dict[str, Any]


class PublishedEvents:
    """What stands on the page: the newest of the whole country, driven by `advance`; nothing of it is planned."""

    def __init__(self, worlds: Sequence[World], events: Path | None = None) -> None:
        self.now = min(world.starts_at for world in worlds)
        first_at, last_at = self.now, max(world.ends_at for world in worlds)
        published = (event for event in _published(events) if first_at <= event.published_at < last_at)
        self._events = sorted(published, key=lambda event: (event.published_at, event.event_id))
        self._read: tuple[str, frozenset[str]] = ("", frozenset())

    def advance(self, now: datetime) -> None:
        """Let the page be that of an instant."""
        self.now = max(self.now, now)

    def shown(self) -> list[PublishedEvent]:
        """What stands on the page, the newest first."""
        there = [event for event in self._events if event.published_at <= self.now]
        return [e for e in reversed(there) if e.withdrawn_at is None or e.withdrawn_at > self.now][:MAX_SHOWN]

    def has_read(self, cursor: str | None) -> bool:
        """Whether somebody with this cursor (JSON by event ids) has read all that stands on the page."""
        if cursor != self._read[0]:
            self._read = (cursor or "", frozenset(json.loads(cursor)) if cursor else frozenset())
        return {event.event_id for event in self.shown()} <= self._read[1]


class PublishedEventsApi:
    """The page over HTTP; who does not tell its name is refused, as by the police."""

    def __init__(self, published: PublishedEvents) -> None:
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/api/events", self.events, methods=["GET"])
        self._published = published

    async def events(self, request: Request) -> Response:
        """The newest events."""
        if not request.headers.get("user-agent", "").startswith("samsyn"):
            return Response(status_code=403)
        rows = [event.row for event in self._published.shown()]
        return Response(json.dumps(rows, ensure_ascii=False), media_type="application/json")


@cache
def _published(events: Path | None) -> Sequence[PublishedEvent]:
    return tuple(_read(events))


def _read(events: Path | None) -> Iterator[PublishedEvent]:
    if events is None:
        rows = rows_of("disturbances.csv")
    else:
        rows = list(csv.DictReader(events.read_text("utf-8-sig").splitlines()))
    for row in rows:
        at = _instant(row.get("published") or row["occurred"])
        minutes = row.get("withdrawn_after_min")
        name, gps = _place(row["kommunkod"])
        told = {
            "id": int(row["id"]),
            "datetime": _as_told(_instant(row["occurred"])),
            "type": row["type"],
            "location": {"name": name, "gps": gps},
        }
        yield PublishedEvent(row["id"], at, at + timedelta(minutes=float(minutes)) if minutes else None, told)


def _place(code: str) -> tuple[str, str]:
    known = municipalities().get(code)
    return (known.name, f"{known.lat},{known.lon}") if known else _COUNTRY


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=STOCKHOLM)


def _as_told(at: datetime) -> str:
    """The feed's way of writing a time: without the nought of a single hour."""
    local = at.astimezone(STOCKHOLM)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d} {local.hour}:{local:%M:%S} {offset[:3]}:{offset[3:]}"
