"""Polisbortfall: one screen for the duty officer, two taps to tell of a loss."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_wishes import CapacityCard, LostSessionCard
from samsyn_adapter_desk.domain.choices import POLICE_CAUSES, causes
from samsyn_adapter_desk.pages.asking import Asking, Here

router = APIRouter()
AHEAD = timedelta(days=3)


@dataclass(frozen=True)
class Session:
    """A police session that is coming: the operation on it if there is one, and whether it is lost already.

    `told_by` is the party that was told by phone that it is lost; the police have not said so. `is_partial` where some
    officers still come, or all of them for a time.
    """

    session_id: str
    centre: str
    card: OperationCard | CapacityCard | LostSessionCard
    operation: OperationCard | None
    lost_by: str | None
    told_by: str | None = None
    is_partial: bool = False

    @property
    def had(self) -> str | None:
        """The code name of the operation that was on it when it was lost, and may be elsewhere now."""
        return self.card.code_name if isinstance(self.card, LostSessionCard) else None

    @property
    def is_lost(self) -> bool:
        """Whether it is told as lost."""
        return self.lost_by is not None


@router.get("/loss")
async def loss(here: Here) -> HTMLResponse:
    """The own sessions of the next days, soonest first."""
    return here.page("loss.html", sessions=await sessions(here), causes=causes(*POLICE_CAUSES))


async def sessions(here: Asking) -> list[Session]:
    """Sessions of the party with what is planned on them, what was offered here and is not used, and what is lost."""
    span = {"since": here.now - timedelta(hours=6), "until": here.now + AHEAD}
    operations = await here.rows.cards(OperationCard, "at > :since and at < :until", **span)
    offered = await here.rows.cards(CapacityCard, "at > :since and at < :until", **span)
    own = f"{here.seat.party}:"
    found = {
        card.slot.session_id: Session(
            card.slot.session_id,
            card.centre,
            card,
            card,
            card.loss.event_id if card.loss and not card.loss.is_reported else None,
            card.loss.by_party if card.loss and card.loss.is_reported else None,
            is_partial=card.loss is not None and card.loss.is_partial,
        )
        for card in operations
        if card.slot.session_id.startswith(own) and not card.is_over and card.slot.end_at > here.now
    }
    for card in offered:
        if card.unit != "team" and card.state in ("offered", "lost") and card.end_at > here.now:
            known = found.get(card.capacity_id)
            lost_by = card.lost_by or (known.lost_by if known else None)
            found[card.capacity_id] = Session(
                card.capacity_id,
                card.centre,
                card,
                known.operation if known else None,
                lost_by,
                known.told_by if known else None,
                card.is_partly_lost or (known is not None and known.is_partial),
            )
    for lost in await here.rows.cards(LostSessionCard, "state = 'lost' and at > :since and at < :until", **span):
        if lost.end_at > here.now and lost.capacity_id not in found:
            found[lost.capacity_id] = Session(
                lost.capacity_id, lost.centre, lost, None, lost.lost_by, is_partial=lost.is_partly_lost
            )
    return sorted(found.values(), key=lambda session: session.card.at)
