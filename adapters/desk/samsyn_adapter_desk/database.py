"""The desk's own database: whoever asks as a party sees that party's rows alone, by the database's own rule."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

# A role without login that owns nothing: row-level security holds for it, as it never does for a table's owner.
PARTY_ROLE = "samsyn_desk_party"
WAIT_SECONDS = 5
# As the services judge it, by PostgreSQL's appendix A: connection lost, read-only, stood still for too long, refused,
# rolled back (deadlock), no room, locked, shut down or starting, system error. None is due to what was said.
AWAY_STATES = ("08", "25006", "25P03", "28", "3D", "40", "53", "55", "57", "58")
AS_PARTY = sa.text(f"set local role {PARTY_ROLE}")
NAME_PARTY = sa.text("select set_config('samsyn.party', :party, true)")


class Database:
    """One pool of connections; `url` is `postgresql+asyncpg://…`."""

    def __init__(self, url: str) -> None:
        self._url = url
        # Statements carry what agencies said: their values stand in no error. Who waits is told soon that it is away.
        self._engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            pool_timeout=WAIT_SECONDS,
            hide_parameters=True,
            connect_args={"timeout": WAIT_SECONDS},
        )

    async def migrate(self) -> None:
        """Bring the tables to the newest revision; one process at a time."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('samsyn_desk_migrate'))"))
            await connection.run_sync(_upgrade)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """For what belongs to no party: who is signed in."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def as_party(self, party: str) -> AsyncIterator[AsyncConnection]:
        """For everything that a party knows and says: rows of other parties are not there."""
        async with self._engine.begin() as connection:
            await connection.execute(AS_PARTY)
            await connection.execute(NAME_PARTY, {"party": party})
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def is_away(error: BaseException) -> bool:
    """Whether the database is away, or asks for the same once more: nothing is wrong with what was asked."""
    told: BaseException | None = error
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        # The driver's own error stands behind two others; while connecting it comes by itself.
        told = getattr(error.orig, "__cause__", None) or error.orig
    if isinstance(told, asyncpg.PostgresError):
        return str(told.sqlstate or "").startswith(AWAY_STATES)
    # The driver calls a lost connection so, and a value that it cannot write: that one is a ValueError too.
    if isinstance(told, asyncpg.InterfaceError):
        return not isinstance(told, ValueError)
    return isinstance(told, OSError | PoolTimeoutError)


def _upgrade(connection: sa.Connection) -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
