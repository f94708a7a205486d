"""Finds what a run's services set aside and its exchange refused, and does about it what operations decide."""

import importlib
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiokafka.errors import KafkaError
from samsyn_chassis.app import Service
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.dead_letters import CannotOpenError, as_text, original_of, unsealed
from samsyn_chassis.letters import Letter, Letters
from samsyn_chassis.reprocessing import Asked, Result, retry
from samsyn_chassis.settings import Settings
from samsyn_exchange.refused import all_refused, note_opened, one_refused
from samsyn_exchange.settings import ExchangeSettings
from samsyn_exchange.tables import RefusedRow

from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES
from samsyn_local.run_folder import RunFolder

NAME = re.compile(r"([a-z]+)-([0-9]{1,18})")
REFUSED = "refused"
HOW_NAMED = f"SERVICE-NUMBER or {REFUSED}-NUMBER, as `samsyn dlq list` shows them"


@dataclass(frozen=True)
class Named:
    """A letter and the service that set it aside."""

    service: str
    letter: Letter

    @property
    def name(self) -> str:
        """What the commands call it."""
        return f"{self.service}-{self.letter.id}"


@dataclass(frozen=True)
class Desk:
    """The dead letters of one run that is up."""

    run: RunFolder
    told: dict[str, Any]

    @classmethod
    def of(cls, run: RunFolder) -> "Desk":
        """The desk of a run; StartError where none is up."""
        told = run.read_status()
        if run.holder() is None or "databases" not in told:
            raise StartError(f"No run is up in {run.path}: `samsyn up` starts one, with what it had.")
        return cls(run, told)

    async def letters(self, services: Sequence[str] = SERVICES) -> list[Named]:
        """The dead letters of some services."""
        found: list[Named] = []
        for service in services:
            async with self._asked(service) as transaction:
                found += [Named(service, letter) for letter in await Letters(transaction).all()]
        return found

    async def refused(self) -> Sequence[RefusedRow]:
        """What the exchange refused."""
        async with self._asked("exchange") as transaction:
            return await all_refused(transaction)

    async def find(self, name: str) -> Named | RefusedRow:
        """A letter, or what was refused, by its name; StartError says what is wrong with the name."""
        service, number = parsed(name)
        found: Named | RefusedRow | None
        async with self._asked("exchange" if service == REFUSED else service) as transaction:
            if service == REFUSED:
                found = await one_refused(transaction, number)
            else:
                letter = await Letters(transaction).one(number)
                found = None if letter is None else Named(service, letter)
        if found is None:
            raise StartError(f"NAME: there is no {name}; `samsyn dlq list --all` shows which there are.")
        return found

    async def opened(self, found: Named | RefusedRow, key: Path | None, reason: str, by: str) -> str:
        """What a letter seals, as text; that it was opened, by whom and why, is kept first."""
        private = self.private_key(key)
        try:
            if isinstance(found, Named):
                text = as_text(original_of(found.letter.told, private or ""))
                async with self._asked(found.service) as transaction:
                    await Letters(transaction).note(found.letter.id, "opened", "its contents were read", reason, by)
            else:
                place = (found.topic, found.partition, found.record_offset)
                text = as_text(unsealed(found.sealed or b"", private or "", place))
                async with self._asked("exchange") as transaction:
                    await note_opened(transaction, found.number or 0, reason, by)
        except CannotOpenError as error:
            raise StartError(f"--key: it does not open ({error}); give the private key of operations.") from None
        return text

    async def retried(self, named: Named, asked: Asked) -> Result:
        """A letter given to its service's own handlers once more."""
        with _sentences(named.service):
            settings = self._settings(named.service)
            app = importlib.import_module(f"samsyn_{named.service}.app")
            # A record processed again is followed by a plan as ever: the planner that is running makes it.
            service: Service = getattr(app, "without_planner", app.build)(settings)
            try:
                return await retry(service, settings, named.letter, asked)
            finally:
                await service.database.close()

    async def dropped(self, named: Named, reason: str, by: str) -> None:
        """Note that nothing will be done about a letter; it is kept as it is."""
        async with self._asked(named.service) as transaction:
            held = await Letters(transaction).hold(named.letter.id)
            if held is not None and (note := held.settled) is not None:
                raise StartError(f"{named.name}: was {note.outcome} already, by {note.noted_by}: {note.reason}.")
            await Letters(transaction).note(named.letter.id, "dropped", "nothing will be done about it", reason, by)

    def private_key(self, key: Path | None) -> str | None:
        """The private key (hex) in a file, else the run's own, if it has one."""
        path = key or self.run.path / "dead-letter-key"
        if not path.exists():
            if key is None:
                return None
            raise StartError(f"--key: {key} is not there; give the file with the private key of operations.")
        text = path.read_text(encoding="utf-8", errors="replace").strip()
        if not re.fullmatch("[0-9a-f]{64}", text):
            raise StartError(f"--key: {path} does not hold 64 hex digits; give the private key of operations.")
        return text

    def _settings(self, service: str) -> Settings:
        told: dict[str, Any] = {
            "kafka": self.told["kafka"],
            "database": self.told["databases"][service],
            "http_port": 0,  # a setting of every service; nothing is served here
            "environment": "test",
            "dead_letter_key": os.environ.get("SAMSYN_DEAD_LETTER_KEY") or self.run.dead_letter_key(),
        }
        if service != "exchange":
            return Settings(**told)
        secret = os.environ.get("SAMSYN_TOKEN_SECRET") or self.run.token_secret()
        contents_key = os.environ.get("SAMSYN_CONTENTS_KEY") or self.run.contents_key()
        clock = self.told.get("clock", "real")
        return ExchangeSettings(**told, token_secret=secret, contents_key=contents_key, clock=clock)

    @asynccontextmanager
    async def _asked(self, service: str) -> AsyncIterator[Transaction]:
        with _sentences(service):
            dsn = str(self.told["databases"][service])
            database = Database(dsn.replace("postgresql://", "postgresql+asyncpg://", 1))
            try:
                async with database.transaction() as transaction:
                    yield transaction
            finally:
                await database.close()


@contextmanager
def _sentences(service: str) -> Iterator[None]:
    """Say in a sentence what is away, and whose."""
    try:
        yield
    except (KafkaError, sa.exc.SQLAlchemyError, OSError) as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        where = f"Kafka or the database of {service}"
        raise StartError(f"{where} does not answer as it should ({kind}); see `samsyn status`.") from None


def parsed(name: str) -> tuple[str, int]:
    """The service and the number in a name; StartError where it is none."""
    match = NAME.fullmatch(name)
    if match is None or match[1] not in (*SERVICES, REFUSED):
        raise StartError(f"NAME: {name!r} is no name of a dead letter: {HOW_NAMED}.")
    return match[1], int(match[2])
