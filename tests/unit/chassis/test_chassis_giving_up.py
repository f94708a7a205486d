"""What can be neither handled nor set aside is waited for: to return would be to read on past it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest
from aiokafka import ConsumerRecord
from samsyn_chassis.batches import Batches, Record, Reject, is_transient
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.settings import Settings
from sqlalchemy.exc import DBAPIError

SETTINGS = Settings(kafka="127.0.0.1:1", database="postgresql://nobody@127.0.0.1/none", http_port=1, environment="test")
SAID = "what somebody said"
RECORD = ConsumerRecord("samsyn.admitted.v1", 3, 7, 0, 0, b"any", SAID.encode(), None, 3, 18, ())


class NowhereToPut(Batches):
    """Every record is guilty, and the table of what is set aside is away for a while."""

    def __init__(self, num_failures: int) -> None:
        super().__init__("any", Database(SETTINGS.async_database), SETTINGS, _refuse)
        self.num_failures = num_failures
        self.put: list[Record] = []

    async def _commit(self, records: Sequence[Record]) -> None:
        raise Reject("never")

    async def _set_aside(self, record: Record, reason: str) -> None:
        if self.num_failures > 0:
            self.num_failures -= 1
            raise ValueError(SAID)
        self.put.append(record)


async def _refuse(_transaction: Transaction, _records: Sequence[Record]) -> None:
    raise Reject("never")


async def test_what_cannot_be_set_aside_is_tried_until_it_is(caplog: pytest.LogCaptureFixture) -> None:
    batches = NowhereToPut(num_failures=2)

    await batches.take([RECORD])

    assert (batches.put, batches.positions, batches.is_busy) == ([RECORD], {("samsyn.admitted.v1", 3): 8}, False)
    told = [record.getMessage() for record in caplog.records if record.levelname == "CRITICAL"]
    assert [line.split(":")[0] for line in told] == [
        "samsyn.admitted.v1 3/7 cannot be set aside, all behind it waits"
    ] * 2
    assert SAID not in caplog.text


@pytest.mark.parametrize(
    ("of_driver", "is_waited_for"),
    [
        (asyncpg.ReadOnlySQLTransactionError("any"), True),
        (asyncpg.IdleInTransactionSessionTimeoutError("any"), True),
        (asyncpg.InvalidPasswordError("any"), True),
        (asyncpg.InvalidCatalogNameError("any"), True),
        (asyncpg.CheckViolationError("any"), False),
        (asyncpg.DivisionByZeroError("any"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_database_that_is_not_as_it_should_be_is_no_fault_of_a_record(
    of_driver: asyncpg.PostgresError, is_waited_for: bool
) -> None:
    assert is_transient(DBAPIError("any", None, of_driver)) is is_waited_for
    assert is_transient(of_driver) is is_waited_for, "as it comes while a connection is opened"


async def test_a_stop_ends_the_waiting_and_nothing_counts_as_taken() -> None:
    batches = NowhereToPut(num_failures=1000)
    taking = asyncio.create_task(batches.take([RECORD]))
    await asyncio.sleep(0.05)
    assert batches.is_busy

    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)

    assert (taking.cancelled(), batches.positions, batches.is_busy) == (True, {}, False)
