"""Events over HTTP: said and answered at once, one transaction for all of a request; or only judged."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel
from samsyn_chassis.batches import Retry, is_transient
from samsyn_chassis.database import Database, Transaction
from samsyn_contracts.platform import EventAdmitted, RejectionReason
from samsyn_contracts.rejection import RefusedError, is_replayable
from samsyn_contracts.web import MAX_REQUEST_BYTES, MAX_TOGETHER

from samsyn_exchange.admissions import Settled
from samsyn_exchange.api.errors import ERRORS, refused, status_of
from samsyn_exchange.api.forms import Form, Unreadable, form_of, pointer_into, said_in
from samsyn_exchange.api.requests import Callers, read_body
from samsyn_exchange.border import Border
from samsyn_exchange.domain.admission import Admitted, Refused, Said

logger = logging.getLogger(__name__)
ANSWER_SECONDS = 20.0
Act = Callable[[Transaction, Sequence[Said]], Awaitable[Sequence[Settled]]]


class Answer(BaseModel):
    """What became of one event; `unsettled`: nothing yet, for it met a fault of the exchange's own.

    `id` is absent where none can be read. `retry`: the same event, unchanged, may have its effect later. Pointers
    lead into the event as it was sent.
    """

    id: str | None = None
    status: Literal["admitted", "repeated", "rejected", "unsettled"]
    http_status: int
    received_at: AwareDatetime | None = None
    retry: bool = False
    reasons: tuple[RejectionReason, ...] = ()


class Answers(BaseModel):
    """An answer to each event of a batch, in their order."""

    answers: list[Answer]


@dataclass(frozen=True)
class Events:
    """What parties say over HTTP; only the database is needed for an answer, Kafka may be away."""

    database: Database
    border: Border
    callers: Callers

    async def say(self, request: Request) -> Response:
        """Admit or reject events and answer each; what is admitted is kept for good when the answer comes."""
        return await self._answered(request, self.border.take)

    async def validate(self, request: Request) -> Response:
        """Answer as if the events had been said; nothing is kept, published or told."""
        return await self._answered(request, self.border.weigh)

    async def _answered(self, request: Request, act: Act) -> Response:
        caller, form = self.callers.of(request), form_of(request)
        if caller is None or form is None:
            return refused("not_known" if caller is None else "bad_content_type")
        body = await read_body(request, MAX_REQUEST_BYTES)
        if body is None:
            return refused("too_large")
        try:
            sent = said_in(form, caller, request, body)
            if len(sent) > MAX_TOGETHER:
                return refused("too_many")
            answers = await self._answers(act, form, sent)
        except RefusedError:
            return refused("not_json")
        except Retry:
            return refused("away")
        return _response(form, answers)

    async def _answers(self, act: Act, form: Form, sent: Sequence[Said | Unreadable]) -> list[Answer]:
        """An answer to each of what was sent, in its order."""
        said = [one for one in sent if isinstance(one, Said)]
        settled = iter(await self._settled(act, said) if said else ())
        return [_unreadable(one) if isinstance(one, Unreadable) else _answer(form, one, next(settled)) for one in sent]

    async def _settled(self, act: Act, said: Sequence[Said]) -> Sequence[Settled | None]:
        """Settle events in one transaction; if something in one of them breaks it, each in its own."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self.database.transaction() as transaction:
                return await act(transaction, said)
        except Exception as error:
            _note(error, said)
        return [None] if len(said) == 1 else [settled for one in said for settled in await self._settled(act, [one])]


def _answer(form: Form, said: Said, settled: Settled | None) -> Answer:
    if settled is None:
        status, swedish, english = ERRORS["fault"]
        fault = RejectionReason(pointer="", code="fault", text_sv=swedish, text_en=english)
        return Answer(id=said.event_id, status="unsettled", http_status=status, retry=True, reasons=(fault,))
    if isinstance(settled.outcome, Refused):
        return _rejected(form, settled.outcome, settled)
    return _admitted(settled.outcome, settled)


def _admitted(admitted: Admitted, settled: Settled) -> Answer:
    first_at = settled.answer.message.received_at if isinstance(settled.answer.message, EventAdmitted) else None
    if settled.is_repeated:
        return Answer(id=admitted.envelope.id, status="repeated", http_status=200, received_at=first_at)
    return Answer(id=admitted.envelope.id, status="admitted", http_status=201, received_at=first_at)


def _rejected(form: Form, refusal: Refused, settled: Settled) -> Answer:
    reasons = tuple(one.model_copy(update={"pointer": pointer_into(form, one)}) for one in refusal.reasons)
    return Answer(
        id=refusal.event_id,
        status="rejected",
        http_status=status_of(refusal.reasons[0].code),
        received_at=settled.answer.envelope.receivedtime,
        retry=is_replayable(refusal.reasons),
        reasons=reasons,
    )


def _unreadable(one: Unreadable) -> Answer:
    return Answer(status="rejected", http_status=status_of(one.reasons[0].code), reasons=one.reasons)


def _response(form: Form, answers: list[Answer]) -> JSONResponse:
    if form == "batch":
        return JSONResponse(Answers(answers=answers).model_dump(mode="json", exclude_none=True))
    return JSONResponse(answers[0].model_dump(mode="json", exclude_none=True), answers[0].http_status)


def _note(error: Exception, said: Sequence[Said]) -> None:
    """Raise Retry where waiting helps; else tell where the fault is, but not its text: it may quote contents."""
    if is_transient(error):
        raise Retry(type(error).__name__) from error
    places = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%d events from %s meet a fault: %s\n%s", len(said), said[0].party, type(error).__name__, places)
