"""Planning is killed in the middle of a replan: started again it gives one plan version, said once, in its chain."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psutil
import pytest
from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.inspections import TimeWindow

from tests.e2e.centre_at_work import AV, SKV, CentreAtWork, centre_at_work
from tests.support.samsyn import Samsyn
from tests.support.trail import once

# Tried until so many kills have hit the solve; each takes another session.
NUM_HITS, FEWEST_KILLS = 2, 3
NUM_SESSIONS, NUM_INSPECTIONS = 8, 24
# Facts are left to settle for 80 ms before the solve; a kill comes somewhere in what follows.
EARLIEST_SECONDS, LATEST_SECONDS = 0.08, 0.3
# That it was behind is over as soon as the plan is kept: on a busy machine that is before anybody looks.
NOTED = "select 1 from centre where id = $1 and facts_version > $2"
FACTS = "select facts_version from centre where id = $1"
STATE = "select value->>'plan_version' as version, facts_version > planned_version as behind from centre where id = $1"
VERSIONS = "select version, hash_prev, hash, problem, plan from plan_version where centre = $1 order by version"


@dataclass(frozen=True)
class Kill:
    """What a kill met: whether the plan was still to be made, and how long the worker had been computing it."""

    after_seconds: float
    is_behind: bool
    computed_seconds: float

    @property
    def hit_the_solve(self) -> bool:
        """Whether the worker was computing an answer that never came."""
        return self.is_behind and self.computed_seconds > 0

    def __str__(self) -> str:
        met = "in the solve" if self.hit_the_solve else "before the solve" if self.is_behind else "after the commit"
        return f"{self.after_seconds:.3f} s after the fact, {met} (worker computed {self.computed_seconds:.2f} s)"


def num_hits(kills: Sequence[Kill]) -> int:
    """How many kills met a solve at work."""
    return sum(kill.hit_the_solve for kill in kills)


async def kill_in_a_replan(centre: CentreAtWork, session: CapacityOffered, after_seconds: float) -> Kill:
    """Cancel a session, kill planning so long after it has noted the loss, and start it again."""
    samsyn, pid = centre.samsyn, centre.samsyn.services.pid("planning")
    assert pid is not None
    before, _ = await state_of(centre)
    known = (await samsyn.rows("planning", FACTS, centre.code))[0]["facts_version"]
    worked = seconds_of_children(pid)
    said = await centre.police.say(centre.loss(session))
    await samsyn.row_comes("planning", NOTED, centre.code, known)
    await asyncio.sleep(after_seconds)  # a random moment is what is tried here: nothing is waited for
    computed = seconds_of_children(pid) - worked
    samsyn.kill("planning")
    after, is_behind = await state_of(centre)
    # All or nothing: either the version is there and answers the facts, or nothing of it is there.
    assert is_behind == (after == before)
    await samsyn.start("planning")
    await centre.plan_after(said.id)
    return Kill(after_seconds, is_behind, computed)


async def state_of(centre: CentreAtWork) -> tuple[int, bool]:
    """The version of the plan that is kept, and whether the facts are ahead of it."""
    (row,) = await centre.samsyn.rows("planning", STATE, centre.code)
    return int(row["version"]), row["behind"]


def seconds_of_children(pid: int) -> float:
    """How long the processes that a process has started have computed so far: planning's worker."""
    times = [child.cpu_times() for child in psutil.Process(pid).children(recursive=True)]
    return float(sum(spent.user + spent.system for spent in times))


async def a_large_plan(centre: CentreAtWork) -> list[CapacityOffered]:
    """A session a day, with teams and sites enough for a solve that takes a while."""
    days = [timedelta(days=number) for number in range(NUM_SESSIONS)]
    sessions = [centre.session(f"s{n}", late=day) for n, day in enumerate(days)]
    teams = [centre.team(f"{n}", agency, late=day) for n, day in enumerate(days) for agency in (AV, SKV)]
    windows = (TimeWindow(from_at=centre.friday_at, until_at=centre.friday_at + len(days) * timedelta(days=1)),)
    wanted = [centre.inspection(f"{n}", AV if n % 2 else SKV, time_windows=windows) for n in range(NUM_INSPECTIONS)]
    await centre.tell(*sessions, *teams, *wanted)
    await centre.samsyn.quiet()
    await centre.settle()
    return sessions


def hash_of(hash_prev: str, problem: Any, plan: Any) -> str:
    """The hash that a plan version must have, computed here anew from what is kept of it."""
    canonical = json.dumps([hash_prev, problem, plan], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def assert_chain_is_whole(rows: Sequence[Any]) -> None:
    """Versions without a gap, each with the hash of the one before, each hash that of its contents."""
    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["hash_prev"] for row in rows] == ["", *(row["hash"] for row in rows)][:-1]
    kept = [(row["hash_prev"], json.loads(row["problem"]), json.loads(row["plan"])) for row in rows]
    assert [row["hash"] for row in rows] == [hash_of(*parts) for parts in kept]


@pytest.mark.scenario(8)
async def test_a_killed_replan_gives_one_plan_version_after_the_restart(samsyn: Samsyn, measured: list[str]) -> None:
    centre = await centre_at_work(samsyn, "akc-stockholm")
    sessions = await a_large_plan(centre)
    dice = secrets.SystemRandom()

    kills: list[Kill] = []
    while len(kills) < FEWEST_KILLS or num_hits(kills) < NUM_HITS:
        assert sessions, f"no more sessions to lose; kills so far: {[str(kill) for kill in kills]}"
        after_seconds = dice.uniform(EARLIEST_SECONDS, LATEST_SECONDS)
        kills.append(await kill_in_a_replan(centre, sessions.pop(0), after_seconds))
    await samsyn.quiet()

    measured.extend(f"planning killed {kill}" for kill in kills)
    # Each cancellation is answered by one plan version, and no version is said under two ids.
    said = once(centre.published())
    assert max(Counter(one.message.plan_version for one in said).values()) == 1
    assert max(Counter(cause for one in said for cause in one.message.cause_event_ids).values()) == 1
    # What is kept is a whole chain, and it is what was said.
    rows = await samsyn.rows("planning", VERSIONS, centre.code)
    assert_chain_is_whole(rows)
    hashes = {row["version"]: (row["hash_prev"], row["hash"]) for row in rows}
    assert [hashes[one.message.plan_version] for one in said] == [(o.message.hash_prev, o.message.hash) for o in said]
    assert [one.message.plan_version for one in said][-1] == len(rows)
