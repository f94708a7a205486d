"""Dead letters: sealed to a key that the service does not have, and never the end of trying without one."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from nacl.public import PrivateKey, SealedBox
from samsyn_chassis.batches import Batches, Record
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.dead_letters import opened
from samsyn_chassis.settings import Settings

from tests.support.kafka_and_postgres import FreshDatabase

PATIENCE_SECONDS = 120
SECRET = b"Kanariefagel"


@dataclass
class Poison:
    """A record that no try helps."""

    value: bytes | None = SECRET
    headers: Sequence[tuple[str, bytes | None]] = (("ce_id", b"poison"),)
    topic: str = "samsyn.admitted.v1"
    partition: int = 0
    offset: int = 7
    key: bytes | None = b"akc-vast"


async def letters_of(dsn: str, folder: Path, key: PrivateKey) -> list[bytes]:
    """The dead letters that a batch of poison leads to."""
    settings = Settings(
        kafka="127.0.0.1:1",
        database=dsn,
        http_port=1,
        environment="test",
        dead_letter_key=bytes(key.public_key).hex(),
    )

    async def fail(_transaction: Transaction, _records: Sequence[Record]) -> None:
        raise ZeroDivisionError

    database = Database(settings.async_database)
    await database.migrate(folder)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await Batches("reporting", database, settings, fail).take([Poison()])
        async with database.engine.connect() as connection:
            return [row[0] for row in await connection.execute(sa.text("select body from outbox"))]
    finally:
        await database.close()


async def test_only_the_private_key_opens_a_dead_letter(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    key = PrivateKey.generate()

    (letter,) = await letters_of(fresh_database("sealed"), tmp_path, key)

    sealed = base64.b64decode(json.loads(letter)["sealed"])
    assert base64.b64decode(json.loads(SealedBox(key).decrypt(sealed))["value"]) == SECRET


async def test_nothing_of_the_contents_is_readable_in_a_dead_letter(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    (letter,) = await letters_of(fresh_database("unreadable"), tmp_path, PrivateKey.generate())

    opened = letter + base64.b64decode(json.loads(letter)["sealed"])
    assert SECRET not in opened
    assert base64.b64encode(SECRET) not in opened


async def test_poison_is_set_aside_after_bounded_tries(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    letters = await letters_of(fresh_database("bounded"), tmp_path, PrivateKey.generate())

    assert [json.loads(letter)["offset"] for letter in letters] == [7]


async def test_whoever_has_the_private_key_reads_the_record_with_its_headers(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    key = PrivateKey.generate()
    (letter,) = await letters_of(fresh_database("opened"), tmp_path, key)

    assert opened(letter, bytes(key).hex()) == "key: akc-vast\nce_id: poison\n\nKanariefagel"
