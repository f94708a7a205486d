"""What waits to be planned or answered, and whether something more urgent than what is being solved has come."""

from __future__ import annotations

from collections.abc import Callable

from samsyn_chassis.database import Database, Transaction

from samsyn_planning.domain.facts import Centre
from samsyn_planning.domain.questions import is_due
from samsyn_planning.domain.what_if import WhatIf
from samsyn_planning.store import Store

MakeStore = Callable[[Transaction], Store]


class Waiting:
    """The centres whose facts are ahead of their plan, and the questions that are open.

    `elsewhere` are questions that another process was at when this one looked last.
    """

    def __init__(self, database: Database, make_store: MakeStore) -> None:
        self._database, self._make_store = database, make_store
        self.elsewhere: frozenset[str] = frozenset()

    async def due(self) -> list[str]:
        """Centres whose plan is to be made anew now."""
        async with self._database.transaction() as transaction:
            behind = await self._make_store(transaction).centres_behind()
        return [centre.code for centre in behind if is_due(centre)]

    async def is_anything_due(self) -> bool:
        """Whether any centre's plan is to be made anew now."""
        return bool(await self.due())

    async def questions(self) -> list[WhatIf]:
        """What centres wonder, in the order asked."""
        async with self._database.transaction() as transaction:
            return await self._make_store(transaction).open_what_ifs()

    async def is_anybody_waiting(self) -> bool:
        """Whether a plan is due, or a question open that nobody else is at."""
        return await self.is_anything_due() or any(one.id not in self.elsewhere for one in await self.questions())

    async def has_loss_since(self, asked: Centre) -> bool:
        """Whether something urgent has come to a centre since it was asked for."""
        async with self._database.transaction() as transaction:
            now = await self._make_store(transaction).centre(asked.code)
        return now.is_urgent and now.facts_version > asked.facts_version
