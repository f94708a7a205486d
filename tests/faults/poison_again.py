"""Dead letters through `samsyn dlq`: a mended fault, a superseded fact, what can never be read, and what is dropped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from samsyn_contracts.bus import ADMITTED
from samsyn_local.cli import app
from samsyn_local.failure import StartError
from typer.testing import CliRunner

from tests.faults.poison_evidence import Found
from tests.faults.poison_kinds import Record, new_id
from tests.faults.poison_place import PARTITION, Place, an_offer, said_by

# A fault of ours, for as long as it is there: planning cannot keep some capacities.
BREAK = """
create function is_broken() returns trigger language plpgsql as $$ begin
  if new.id like 'polisen:broken-%' then raise exception 'a fault of ours with %', new.id; end if; return new;
end $$;
create trigger is_broken before insert on capacity for each row execute function is_broken()
"""
MEND = "drop function is_broken cascade"
LETTERS = "select count(*) from outbox where topic like 'samsyn.dlq.%' and headers -> 0 ->> 1 = any($1::text[])"
KEPT = "select count(*) from capacity where id = $1"
NUM_LETTERS = "select count(*) from outbox where topic like 'samsyn.dlq.%'"
NUM_LOOKS = 300


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit status."""

    status: int
    said: str

    def has(self, status: int, *texts: str) -> bool:
        """Whether it ended so and said all of this."""
        return self.status == status and all(text in self.said for text in texts)


@dataclass(frozen=True)
class Case:
    """Two offers that planning had a fault with, what the police said of the second one since, and garbage."""

    mended: Record
    superseded: Record
    newer: Record
    garbage: Record


async def reprocessed(place: Place) -> list[Found]:
    """Set letters aside by a fault, mend it, and have them processed again."""
    case = _a_case()
    connection = await asyncpg.connect(place.databases["planning"])
    try:
        await connection.execute(BREAK)
        await _write(place, case.mended, case.superseded, case.newer, case.garbage)
        await _until_set_aside(connection, [id_of(one) for one in (case.mended, case.superseded, case.garbage)])
        await connection.execute(MEND)
        checks = {name: is_so async for name, is_so in _checks(place, case, connection)}
    finally:
        await connection.close()
    broken = [name for name, is_so in checks.items() if not is_so]
    return [Found("answers of samsyn dlq that are not as they should be", len(checks), broken)]


async def _checks(place: Place, case: Case, planning: asyncpg.Connection) -> AsyncIterator[tuple[str, bool]]:
    num_letters = await planning.fetchval(NUM_LETTERS)
    letters = {one["id"]: one["name"] for one in await listed(place) if one.get("id") is not None}
    mended, superseded = letters[id_of(case.mended)], letters[id_of(case.superseded)]
    yield "a mended fault is retried", (await dlq(place, "retry", mended)).has(0, "has had its effect")
    yield "it has its effect", await planning.fetchval(KEPT, case.mended.facts["capacity_id"]) == 1
    yield "and not once more", (await dlq(place, "retry", mended)).has(1, "was retried already")
    newer = f"superseded by CapacityWithdrawn {id_of(case.newer)}"
    yield "a superseded fact is refused", (await dlq(place, "retry", superseded)).has(1, newer, "--force")
    yield "without effect", await planning.fetchval(KEPT, case.superseded.facts["capacity_id"]) == 0
    yield "force asks why", (await dlq(place, "retry", superseded, "--force")).has(1, "--reason")
    forced = await dlq(place, "retry", superseded, "--force", "--reason", "the newer one is a mistake", "--by", "anna")
    yield "a superseded fact is taken when forced", forced.has(0, "has had its effect")
    shown = await dlq(place, "show", superseded)
    yield "who forced it and why is kept", shown.has(0, "anna: retried", "the newer one is a mistake", "refused")
    yield "its contents are not shown", "capacity_id" not in shown.said
    opened = await dlq(place, "show", superseded, "--open", "--reason", "two of us look", "--by", "bo")
    yield "opened, they are", opened.has(0, case.superseded.facts["capacity_id"])
    yield "who opened it and why is kept", (await dlq(place, "show", superseded)).has(0, "bo: opened", "two of us look")
    yield "drop asks why", (await dlq(place, "drop", mended)).has(1, "--reason")
    yield (
        "a name of no letter is told",
        (await dlq(place, "drop", "quay-1", "--reason", "x")).has(1, "NAME", "dlq list"),
    )
    unreadable = _unreadable(await listed(place))
    yield "what can never be read fails again", (await dlq(place, "retry", unreadable)).has(1, "failed, again")
    dropped = await dlq(place, "drop", unreadable, "--reason", "its sender has mended it")
    yield "a letter is dropped", dropped.has(0, "dropped")
    names = {one["name"] for one in await listed(place)}
    yield "what is retried or dropped is not open", not names & {mended, superseded, unreadable}
    yield "no letter is gone", await planning.fetchval(NUM_LETTERS) == num_letters


async def listed(place: Place) -> list[dict[str, Any]]:
    """The letters that are open, as the command tells them."""
    told: list[dict[str, Any]] = json.loads((await dlq(place, "list", "--json")).said)["letters"]
    return told


async def dlq(place: Place, *words: str) -> Answer:
    """Run the command, in a thread: it has a loop of its own."""
    words = ("dlq", *words, "--dir", str(place.infrastructure.run.path))
    result = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    if isinstance(result.exception, StartError):
        return Answer(1, str(result.exception))
    return Answer(result.exit_code, result.output)


def id_of(record: Record) -> str:
    """The event's id."""
    return next(value.decode() for name, value in record.headers if name == "ce_id" and value is not None)


def _a_case() -> Case:
    mended, superseded = (_an_offer() for _ in range(2))
    withdrawn = {"capacity_id": superseded.facts["capacity_id"], "reason_code": "other"}
    newer = said_by("polisen", "CapacityWithdrawn", new_id("newer"), withdrawn, sequence=2)
    garbage = said_by("polisen", "CapacityOffered", new_id("garbage"), an_offer()).but(b"garbage")
    return Case(mended, superseded, newer, garbage)


def _an_offer() -> Record:
    id_ = new_id("broken")
    return said_by("polisen", "CapacityOffered", id_, {**an_offer(), "capacity_id": f"polisen:{id_}"}, sequence=1)


def _unreadable(letters: Sequence[dict[str, Any]]) -> str:
    """A letter that no handler could ever take."""
    return next(str(one["name"]) for one in letters if "not_json" in one["reason"])


async def _write(place: Place, *records: Record) -> None:
    async with AIOKafkaProducer(bootstrap_servers=place.kafka, acks="all") as producer:
        for one in records:
            headers = list(one.headers)
            await producer.send_and_wait(ADMITTED, one.body, key=one.key, headers=headers, partition=PARTITION)


async def _until_set_aside(connection: asyncpg.Connection, ids: Sequence[str]) -> None:
    for _ in range(NUM_LOOKS):
        if await connection.fetchval(LETTERS, list(ids)) == len(ids):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("planning has not set aside what it had a fault with")
