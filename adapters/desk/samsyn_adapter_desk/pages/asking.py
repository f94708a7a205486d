"""What every page begins with: the visitor's own party, its rows, and the time."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from samsyn_contracts.register import load_register

from samsyn_adapter_desk.database import is_away
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.hosting import Hosted
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.moments import local
from samsyn_adapter_desk.people import Seat
from samsyn_adapter_desk.reading import Reading
from samsyn_adapter_desk.rendering import Pages, reader
from samsyn_adapter_desk.sign_in import Visitor, leave_note, visitor
from samsyn_adapter_desk.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asking:
    """A request of somebody who is signed in, and what is theirs."""

    request: Request
    who: Visitor
    hosted: Hosted
    now: datetime
    mark: str = ""

    @property
    def seat(self) -> Seat:
        """In whose name they ask."""
        return self.who.seat

    @property
    def store(self) -> Store:
        """Where what they say goes."""
        return self.hosted.store

    @property
    def rows(self) -> Reading:
        """Their party's rows, as far as they may read them."""
        return Reading(self.request.app.state.desk.database, self.seat.party, department_of(self.seat))

    @property
    def reader(self) -> Reader:
        """Their language."""
        return reader(self.who.language)

    @property
    def centres(self) -> tuple[str, ...]:
        """The centres that the party may speak about: itself, or where it is a member today."""
        return centres_of(self.seat.party, self.now)

    def page(self, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
        """A page for them."""
        pages: Pages = self.request.app.state.pages
        return pages.page(self.request, self.who, template, self.now, status, **{"mark": self.mark, **shown})

    async def has_sent(self, title: str, about: Sequence[str] = ()) -> None:
        """Let the visitor's next page tell that a form was sent: its title, and what its own page said it is about.

        It has been said: a page that does not tell so is better than one that says that nothing was.
        """
        told = ". ".join((self.reader.text(title), *about))
        try:
            await leave_note(self.request, self.reader.text(msgid("Sent: %(what)s."), what=told))
        except Exception as error:
            if not is_away(error):
                raise
            logger.warning("what was sent is told by no page: the database is away")


async def asking(request: Request, who: Annotated[Visitor, Depends(visitor)]) -> Asking:
    """The dependency of every page."""
    desk = request.app.state.desk
    mark = desk.bells.mark(who.seat.party)  # before anything is read: what comes later is told by /live
    return Asking(request, who, desk.parties[who.seat.party], await request.app.state.clock.now(), mark)


def department_of(seat: Seat) -> str | None:
    """The department whose view somebody has; None where the party is one.

    Of a party that speaks by its departments a seat without one reads what is for all of them, and no more.
    """
    return (seat.actor_role or "") if load_register().by_code[seat.party].roles else None


def centres_of(party: str, now: datetime) -> tuple[str, ...]:
    """The centres of a party today, itself if it is one."""
    known = load_register()
    if known.by_code[party].kind == "centre":
        return (party,)
    return tuple(code for code in known.centres if known.by_code[party].is_member(code, local(now).date()))


Here = Annotated[Asking, Depends(asking)]
