"""The rebuild itself: replay beside the service, catch up, compare; on request put in place what was rebuilt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from samsyn_chassis.app import group_name
from samsyn_chassis.batches import Batches, dispatching
from samsyn_chassis.settings import Settings

from samsyn_reporting.handlers import KEEPING, TOPICS
from samsyn_reporting.rebuild.replaying import Offsets, Replay, Say, committed_offsets
from samsyn_reporting.rebuild.scratch import SCHEMA, Difference, Scratch
from samsyn_reporting.store import making_stores
from samsyn_reporting.tables import MIGRATIONS

NAME = "reporting"
NEAR = 1000  # so few records are read while the service's batches wait


@dataclass(frozen=True)
class Outcome:
    """What came of a rebuild."""

    differences: Sequence[Difference]
    is_replaced: bool

    @property
    def is_equal(self) -> bool:
        """Whether the live read models are those that the log gives."""
        return not any(one.num_different for one in self.differences)


async def rebuild(settings: Settings, say: Say, *, replace: bool = False, service: str = NAME) -> Outcome:
    """Rebuild the read models of the service; raises RebuildError.

    Without `replace` nothing of the service's is changed, and it never waits. With it the rebuilt rows are put in
    place in one transaction, inbox and positions with them; only its end is waited for by the service's next batch.
    """
    async with Scratch.opened(settings.async_database, MIGRATIONS) as scratch:
        batches = Batches(
            service, scratch.database, settings, dispatching(KEEPING, making_stores(settings.environment))
        )
        async with Replay.opened(settings, TOPICS, batches, say) as replay:
            again = Rebuilding(settings, scratch, replay, group_name(service, 0), say)
            outcome = await (again.replaced() if replace else again.compared())
        if outcome.is_replaced or outcome.is_equal:
            await scratch.drop()
        else:
            say(f"The rebuilt tables stand in the schema {SCHEMA} until the next rebuild.")
    return outcome


class Rebuilding:
    """One rebuild at work."""

    def __init__(self, settings: Settings, scratch: Scratch, replay: Replay, group: str, say: Say) -> None:
        self._settings, self._scratch, self._replay = settings, scratch, replay
        self._group, self._say = group, say

    async def compared(self) -> Outcome:
        """Replay as far as the service has read, and compare with its tables as they were then."""
        await self._replay.until(await self._read_by_service(await self._scratch.positions()))
        # Asked before the copy is made: what the service commits meanwhile is then never beyond its tables.
        committed = await self._read_by_service({})
        positions = await self._scratch.copy_live()
        await self._replay.until(_furthest(committed, positions))
        outcome = Outcome(await self._scratch.compare_copies(), is_replaced=False)
        _tell(outcome, self._say)
        return outcome

    async def replaced(self) -> Outcome:
        """Replay the whole log, hold the service's batches back, catch up, and put the rebuilt rows in place."""
        read = await self._read_by_service(await self._scratch.positions())
        await self._replay.until(_furthest(read, await self._replay.ends()))
        while sum((await self._replay.ends()).values()) - sum(self._replay.offsets.values()) > NEAR:
            await self._replay.until(await self._replay.ends())
        async with self._scratch.held() as held:
            # To the log's end, and so further than any batch of the service: what it reads again has had its effect.
            await self._replay.until(await self._replay.ends())
            differences = await self._scratch.compare_live(held)
            await self._scratch.put_in_place(held)
        outcome = Outcome(differences, is_replaced=True)
        _tell(outcome, self._say)
        return outcome

    async def _read_by_service(self, positions: Offsets) -> Offsets:
        """How far the service has read: by its tables, or by its group's word where those are gone."""
        committed = await committed_offsets(self._settings, self._group, TOPICS)
        return _furthest(committed, {place: at for place, at in positions.items() if place.topic in TOPICS})


def _furthest(*offsets: Offsets) -> Offsets:
    places = {place for each in offsets for place in each}
    return {place: max(each.get(place, 0) for each in offsets) for place in places}


def _tell(outcome: Outcome, say: Say) -> None:
    """Say of each table that differs how many rows do, and what all of it comes to."""
    for one in outcome.differences:
        if one.num_different:
            say(f"{one.table}: {one.num_different} differ ({one.num_live} live, {one.num_rebuilt} rebuilt)")
    live = _sha256(*(one.live_sha256 for one in outcome.differences))
    rebuilt = _sha256(*(one.rebuilt_sha256 for one in outcome.differences))
    num_rows = sum(one.num_rebuilt for one in outcome.differences)
    if outcome.is_equal:
        say(f"Equal: {num_rows} rows in {len(outcome.differences)} tables, sha256 {rebuilt}")
    else:
        say(f"Different: live {live}, rebuilt {rebuilt}")
    if outcome.is_replaced:
        say(f"Replaced: {num_rows} rows are those that the log gives")


def _sha256(*hashes: str) -> str:
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
