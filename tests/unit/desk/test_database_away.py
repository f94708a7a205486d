"""Which errors of the desk's database mean that it is away: those alone are waited for, the others are bugs."""

from __future__ import annotations

import asyncpg
import pytest
from samsyn_adapter_desk.database import is_away
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

AWAY = (
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.AdminShutdownError("terminating connection due to administrator command"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.DeadlockDetectedError("deadlock detected"),
    asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    asyncpg.InterfaceError("connection is closed"),
    ConnectionRefusedError("refused"),
)
BUGS = (
    asyncpg.UndefinedTableError("no such table"),
    asyncpg.UniqueViolationError("twice"),
    asyncpg.DataError("invalid input for query argument"),
    ValueError("a bug"),
)


def wrapped(error: Exception) -> DBAPIError:
    """As SQLAlchemy hands it on: behind an error of its own."""
    own = Exception("the adapter's")
    own.__cause__ = error
    return DBAPIError("select 1", None, own)


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_what_passes_by_itself_is_waited_for(error: Exception) -> None:
    assert is_away(error)
    assert is_away(wrapped(error))


@pytest.mark.parametrize("error", BUGS, ids=lambda error: type(error).__name__)
def test_a_bug_is_not_waited_for(error: Exception) -> None:
    assert not is_away(error)
    assert not is_away(wrapped(error))


def test_a_full_pool_is_waited_for() -> None:
    assert is_away(PoolTimeoutError())
