"""Drives centres through their weeks: sets the clock, lets agencies act, waits until all is quiet, keeps evidence."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from samsyn_demo.agencies.hosting import Agencies
from samsyn_demo.barrier import Barrier
from samsyn_demo.records import World

STOCKHOLM = ZoneInfo("Europe/Stockholm")
GRID = timedelta(hours=4)
HEARD_WITHIN = timedelta(minutes=30)
PROGRESS_SECONDS = 15
Say = Callable[[str], None]


@dataclass
class Drive:
    """One run of the worlds of several centres, which begin and end together."""

    worlds: Sequence[World]
    agencies: Agencies
    barrier: Barrier
    exchange: str
    planning: str
    folder: Path
    say: Say
    num_versions: Counter[str] = field(default_factory=Counter)
    num_ticks: int = 0

    async def run(self) -> None:
        """Until the worlds end; each plan version is written down as soon as it is published."""
        began = shown = time.monotonic()
        ends_at = max(world.ends_at for world in self.worlds)
        async with httpx.AsyncClient(timeout=30) as client:
            now = min(world.starts_at for world in self.worlds)
            while True:
                await self._tick(client, now)
                centres = [await self._look(client, world.centre, now) for world in self.worlds]
                if now >= ends_at:
                    return
                if time.monotonic() - shown > PROGRESS_SECONDS:
                    shown = time.monotonic()
                    self.say(f"  … {_local(now)}, {self.num_ticks} ticks, {shown - began:.0f} s")
                now = min(self._next(centres, now), ends_at)

    async def _tick(self, client: httpx.AsyncClient, now: datetime) -> None:
        told = {"now": now.isoformat(), "centres": [world.centre for world in self.worlds]}
        answer = await client.post(f"{self.exchange}/v1/clock", json=told)
        answer.raise_for_status()
        self.agencies.advance(now)
        await self.barrier.quiet()
        self.num_ticks += 1

    async def _look(self, client: httpx.AsyncClient, code: str, now: datetime) -> dict[str, Any]:
        """How planning stands with a centre (empty before it has heard of it); new plan versions are written down."""
        answer = await client.get(f"{self.planning}/v1/centres/{code}")
        found: dict[str, Any] = answer.json() if answer.is_success else {}
        while self.num_versions[code] < found.get("plan_version", 0):
            number = self.num_versions[code] + 1
            version = await client.get(f"{self.planning}/v1/plans/{code}/{number}")
            version.raise_for_status()
            self._write(code, version.json())
            self._tell(code, version.json(), now)
            self.num_versions[code] = number
        return found

    def _next(self, centres: Sequence[dict[str, Any]], now: datetime) -> datetime:
        """The next instant at which anything can happen: in planning, in the police's system, in an agency, or a tick.

        The police are heard at once, whatever they say; what the other agencies do is heard within half an hour.
        """
        candidates = [_next_of(GRID, now)]
        due_at, police_at = self.agencies.next_due_at(), self.agencies.police.diary.next_due_at()
        if due_at is not None:
            candidates.append(_next_of(HEARD_WITHIN, due_at - timedelta(seconds=1)))
        candidates += [at for at in (police_at, *map(_due_at, centres)) if at is not None]
        return max(min(candidates), now + timedelta(seconds=1))

    def _write(self, code: str, version: dict[str, Any]) -> None:
        folder = self.folder / "replans" / code / str(version["version"])
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("before", "problem", "plan"):
            text = json.dumps(version[name], ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{name}.json").write_text(text + "\n", "utf-8")

    def _tell(self, code: str, version: dict[str, Any], now: datetime) -> None:
        losses = [cause for cause in version["causes"] if cause["kind"] == "PoliceCancelled"]
        if losses:
            found = f"plan {version['version']}, solved in {version['solve_seconds']:.2f} s"
            self.say(f"{_local(now)}  {code}: the police cancel {len(losses)} session(s): {found}")
            for change in version["changes"]:
                self.say(f"    {_sentence(change)}")
        elif version["version"] == 1:
            self.say(f"{_local(now)}  {code}: {_size(version['plan'])}")


def _due_at(centre: dict[str, Any]) -> datetime | None:
    """When a centre's ordinary planning is due."""
    return datetime.fromisoformat(centre["due_at"]) if centre.get("due_at") else None


def _size(plan: dict[str, Any]) -> str:
    num_inspections = sum(len(operation["inspections"]) for operation in plan["operations"])
    return f"first plan: {len(plan['operations'])} operations with {num_inspections} inspections"


def _sentence(change: dict[str, Any]) -> str:
    """One change of the plan: the operation's code name, the ladder's name of what happened, and why."""
    step = change.get("ladder_step") or ", ".join(change["kinds"])
    why = " ".join(reason["en"] for reason in change.get("reasons", ())[:2])
    return f"{change['code_name']}: {step.replace('_', ' ')}. {why}"


def _next_of(step: timedelta, now: datetime) -> datetime:
    """The first instant after `now` that is a whole number of steps from midnight in Sweden."""
    local = now.astimezone(STOCKHOLM)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = int((local - midnight) / step)
    return (midnight + (passed + 1) * step).astimezone(now.tzinfo)


def _local(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).strftime("%a %d %b %H:%M")
