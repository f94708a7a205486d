"""Drives a world through its weeks: sets the clock, lets agencies act, waits until all is quiet, keeps the evidence."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from samsyn_demo.agencies.hosting import Agencies
from samsyn_demo.barrier import Barrier
from samsyn_demo.records import World

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TICK = timedelta(hours=4)
PROGRESS_SECONDS = 15
Say = Callable[[str], None]


@dataclass
class Drive:
    """One run of a world."""

    world: World
    agencies: Agencies
    barrier: Barrier
    exchange: str
    planning: str
    folder: Path
    say: Say
    num_versions: int = 0
    num_ticks: int = 0

    async def run(self) -> None:
        """Until the world ends; each plan version is written down as soon as it is published."""
        began = shown = time.monotonic()
        async with httpx.AsyncClient(timeout=30) as client:
            now = self.world.starts_at
            while True:
                await self._tick(client, now)
                centre = await self._centre(client)
                await self._note_versions(client, centre.get("plan_version", 0), now)
                if now >= self.world.ends_at:
                    return
                if time.monotonic() - shown > PROGRESS_SECONDS:
                    shown = time.monotonic()
                    self.say(f"  … {_local(now)}, {self.num_ticks} ticks, {shown - began:.0f} s")
                now = min(self._next(centre, now), self.world.ends_at)

    async def _tick(self, client: httpx.AsyncClient, now: datetime) -> None:
        told = {"now": now.isoformat(), "centres": [self.world.centre]}
        answer = await client.post(f"{self.exchange}/v1/clock", json=told)
        answer.raise_for_status()
        self.agencies.advance(now)
        await self.barrier.quiet()
        self.num_ticks += 1

    async def _centre(self, client: httpx.AsyncClient) -> dict[str, Any]:
        """How planning stands with the centre; empty before it has heard of it."""
        answer = await client.get(f"{self.planning}/v1/centres/{self.world.centre}")
        found: dict[str, Any] = answer.json() if answer.is_success else {}
        return found

    def _next(self, centre: dict[str, Any], now: datetime) -> datetime:
        """The next instant at which anything can happen: in an agency, in planning, or a tick."""
        candidates = [_next_tick(now)]
        due_at = self.agencies.next_due_at()
        if due_at is not None:
            candidates.append(due_at)
        if centre.get("due_at"):
            candidates.append(datetime.fromisoformat(centre["due_at"]))
        return max(min(candidates), now + timedelta(seconds=1))

    async def _note_versions(self, client: httpx.AsyncClient, newest: int, now: datetime) -> None:
        while self.num_versions < newest:
            number = self.num_versions + 1
            answer = await client.get(f"{self.planning}/v1/plans/{self.world.centre}/{number}")
            answer.raise_for_status()
            self._write(answer.json())
            self._tell(answer.json(), now)
            self.num_versions = number

    def _write(self, version: dict[str, Any]) -> None:
        folder = self.folder / "replans" / str(version["version"])
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("before", "problem", "plan"):
            text = json.dumps(version[name], ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{name}.json").write_text(text + "\n", "utf-8")

    def _tell(self, version: dict[str, Any], now: datetime) -> None:
        losses = [cause for cause in version["causes"] if cause["kind"] == "PoliceCancelled"]
        if losses:
            found = f"plan {version['version']}, solved in {version['solve_seconds']:.2f} s"
            self.say(f"{_local(now)}  the police cancel {len(losses)} session(s): {found}")
            for change in version["changes"]:
                self.say(f"    {_sentence(change)}")
        elif version["version"] == 1 or self.num_versions == 0:
            self.say(f"{_local(now)}  {_size(version['plan'])}")


def _size(plan: dict[str, Any]) -> str:
    num_inspections = sum(len(operation["inspections"]) for operation in plan["operations"])
    return f"first plan: {len(plan['operations'])} operations with {num_inspections} inspections"


def _sentence(change: dict[str, Any]) -> str:
    """One change of the plan: the operation's code name, the ladder's name of what happened, and why."""
    step = change.get("ladder_step") or ", ".join(change["kinds"])
    why = " ".join(reason["en"] for reason in change.get("reasons", ())[:2])
    return f"{change['code_name']}: {step.replace('_', ' ')}. {why}"


def _next_tick(now: datetime) -> datetime:
    local = now.astimezone(STOCKHOLM)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = int((local - midnight) / TICK)
    return (midnight + (passed + 1) * TICK).astimezone(now.tzinfo)


def _local(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).strftime("%a %d %b %H:%M")
