"""The police's simulated duty system: sessions, a log of decisions in its own codes, requests, bookings; over REST."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import httpx
from fastapi import FastAPI, Response
from pydantic import BaseModel, Field

from samsyn_demo.agencies.behaviour import acknowledgement_after, answer_to
from samsyn_demo.agencies.diary import Diary, Entry
from samsyn_demo.agencies.field_day import quarter_after
from samsyn_demo.records import PoliceLoss, PolicePass, World

_AGENCY = "polisen"
_NUM_CALLS = 3
_CALL_SECONDS = 2.0
_EXPERIENCE = {"0": "E0", "1-3": "E1", "4+": "E4"}
_CONSENT = {"standing": "STAENDE", "ask": "FRAGA"}
_KIND = {
    "shooting": "SKJUTNING",
    "explosion": "SPRANGNING",
    "accident": "TRAFIKOLYCKA",
    "fire": "BRAND",
    "order": "ORDNINGSLAGE",
    "other": "ANNAT",
}
_SEVERITY = {"heavy": "A", "serious": "B", "other": "C"}


@dataclass(frozen=True)
class Decision:
    """One decision in the system's own words: a code and its facts."""

    code: str
    facts: Mapping[str, Any]


class Request(BaseModel):
    """A question whether a session takes an operation (`POST /forfragningar`)."""

    fraga: str
    insats: str
    namn: str
    pass_id: str = Field(alias="pass")
    antal_poliser: int
    fran: datetime
    till: datetime
    svar_senast: datetime


class DutyListBooking(BaseModel):
    """What stands in the duty list for an operation (`PUT /bokningar/<operation>`)."""

    lage: str
    pass_ids: tuple[str, ...] = Field(alias="pass")
    planversion: int
    andring: bool
    handelse: str


class Subscription(BaseModel):
    """Whom to call when the log has grown."""

    adress: str


class PoliceDutySystem:
    """What the duty officers of all centres see; driven by `advance`, and by calls for what no plan foresees."""

    def __init__(self, worlds: Sequence[World], losses: Sequence[PoliceLoss] = ()) -> None:
        self.diary: Diary[Decision] = Diary(min(world.starts_at for world in worlds))
        self.passes = {own.pass_id: own for world in worlds for own in world.passes}
        self.bookings: dict[str, DutyListBooking] = {}
        self.requests: dict[str, Request] = {}
        self._worlds = {own.pass_id: world for world in worlds for own in world.passes}
        self._open: set[str] = set()
        self._lost: dict[str, int] = {}
        self._gone: set[str] = set()
        self._reported: dict[str, str] = {}
        for world in worlds:
            for own in world.passes:
                self._plan(world.starts_at, Decision("PASS_ERBJUDET", _offered(own)), world.centre)
        for loss in sorted(losses, key=lambda loss: (loss.said_at, loss.pass_id)):
            self.diary.plan(loss.said_at, partial(self.lose, loss))

    def lose(self, loss: PoliceLoss) -> None:
        """A disturbance takes a session, wholly or in part; the disturbance itself is said first, once."""
        centre = self._worlds[loss.pass_id].centre
        if loss.disturbance_id not in self._reported:
            self._reported[loss.disturbance_id] = centre
            self._write(Decision("STORNING", _disturbance(loss)), centre)
        decision = _lost(loss)
        self._lost[loss.pass_id] = self.diary.write(decision, centre).number
        if decision.code == "PASS_INSTALLT":
            self._gone.add(loss.pass_id)

    def end(self, disturbance_id: str) -> None:
        """A disturbance is over; the sessions that it took are not there again by that."""
        facts = {"storning": disturbance_id, "slut": self.diary.now.isoformat()}
        self._write(Decision("STORNING_SLUT", facts), self._reported[disturbance_id])

    def restore(self, pass_id: str) -> None:
        """A lost session can be taken after all."""
        self._gone.discard(pass_id)
        self._note(Decision("PASS_ATER", {"pass": pass_id}))

    def retract(self, pass_id: str) -> None:
        """The last loss of a session was a mistake."""
        self._gone.discard(pass_id)
        self._note(Decision("PASS_ANGRAT", {"pass": pass_id, "avser": self._lost.pop(pass_id)}))

    def withdraw(self, pass_id: str) -> None:
        """A session offered is taken back."""
        self._note(Decision("PASS_INDRAGET", {"pass": pass_id, "orsak": "RESURSBRIST"}))

    def ask(self, request: Request) -> None:
        """Receive a request; the same again is answered once."""
        if request.fraga in self.requests or request.pass_id not in self.passes:
            return
        self.requests[request.fraga] = request
        seed = self._worlds[request.pass_id].seed
        answer = answer_to(seed, request.insats, f"{_AGENCY}:{request.pass_id}")
        answer_at = self.diary.now + answer.after
        if answer.kind == "silence" or answer_at >= request.fran:
            return
        self._open.add(request.fraga)
        self.diary.plan(answer_at, lambda: self._answer(request, is_yes=answer.kind == "yes"))

    def book(self, operation_id: str, booking: DutyListBooking) -> None:
        """Set what stands in the duty list for an operation; AVBOKAD frees it and ends open requests about it."""
        before = self.bookings.get(operation_id)
        if before is not None and (before == booking or before.planversion > booking.planversion):
            return
        self.bookings[operation_id] = booking
        if booking.lage == "AVBOKAD":
            self._open -= {f for f in self._open if self.requests[f].insats == operation_id}
        passes = booking.pass_ids or (before.pass_ids if before else ())
        if passes and (booking.lage == "BEKRAFTAD" or (before is not None and booking.andring)):
            self._plan_acknowledgement(operation_id, booking, self._worlds[passes[0]])

    def _plan_acknowledgement(self, operation_id: str, booking: DutyListBooking, world: World) -> None:
        told = (operation_id, str(booking.planversion), booking.lage)
        after = acknowledgement_after(world.seed, _AGENCY, *told)
        if after is not None:
            due_at = quarter_after(self.diary.now + after)
            self.diary.plan(due_at, partial(self._acknowledge, operation_id, booking, world.centre))

    def _acknowledge(self, operation_id: str, booking: DutyListBooking, centre: str) -> None:
        if self.bookings[operation_id] == booking:  # else the newer one is seen instead
            facts = {"insats": operation_id, "planversion": booking.planversion, "fraga": booking.handelse}
            self._write(Decision("KVITTENS", facts), centre)

    def _answer(self, request: Request, *, is_yes: bool) -> None:
        if request.fraga not in self._open:
            return
        self._open.discard(request.fraga)
        facts = {"fraga": request.fraga, "insats": request.insats, "pass": request.pass_id}
        is_gone = request.pass_id in self._gone
        if is_yes and not is_gone:
            self._note(Decision("FORFRAGAN_JA", facts | {"enhet": "LPO"}))
        else:
            reason = "PASS_INSTALLT" if is_gone else "RESURSBRIST"
            self._note(Decision("FORFRAGAN_NEJ", facts | {"orsak": reason}))

    def _plan(self, due_at: datetime, decision: Decision, centre: str) -> None:
        self.diary.plan(due_at, lambda: self._write(decision, centre))

    def _note(self, decision: Decision) -> None:
        """Log what is about one session, under its centre."""
        self._write(decision, self._worlds[decision.facts["pass"]].centre)

    def _write(self, decision: Decision, centre: str) -> None:
        self.diary.write(decision, centre)


class PoliceDutyApi:
    """The duty system over REST; calls its subscribers when the log has grown."""

    def __init__(self, system: PoliceDutySystem) -> None:
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/pass", self.sessions, methods=["GET"])
        self.app.add_api_route("/handelser", self.decisions, methods=["GET"])
        self.app.add_api_route("/prenumerationer", self.subscribe, methods=["POST"], status_code=204)
        self.app.add_api_route("/forfragningar", self.ask, methods=["POST"], status_code=204)
        self.app.add_api_route("/bokningar/{operation_id}", self.book, methods=["PUT"], status_code=204)
        self._system = system
        self._subscribers: set[str] = set()
        self._calls: set[asyncio.Task[None]] = set()
        system.diary.on_growth.append(self._call_subscribers)

    async def sessions(self) -> list[dict[str, Any]]:
        """All sessions of the duty list."""
        return [_offered(own) for own in self._system.passes.values()]

    async def decisions(self, efter: int = 0) -> list[dict[str, Any]]:
        """The log after a number."""
        return [_row(entry) for entry in self._system.diary.after(efter)]

    async def subscribe(self, subscription: Subscription) -> Response:
        """Call an address when the log has grown."""
        self._subscribers.add(subscription.adress)
        return Response(status_code=204)

    async def ask(self, request: Request) -> Response:
        """Receive a request."""
        self._system.ask(request)
        return Response(status_code=204)

    async def book(self, operation_id: str, booking: DutyListBooking) -> Response:
        """Set a booking."""
        self._system.book(operation_id, booking)
        return Response(status_code=204)

    def _call_subscribers(self) -> None:
        if self._subscribers and not self._calls:
            call = asyncio.get_running_loop().create_task(self._call())
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    async def _call(self) -> None:
        told = None
        async with httpx.AsyncClient(timeout=_CALL_SECONDS) as client:
            while told != self._system.diary.latest:  # the log may have grown during a call
                told = self._system.diary.latest
                for address in sorted(self._subscribers):
                    await self._call_one(client, address)

    async def _call_one(self, client: httpx.AsyncClient, address: str) -> None:
        for number in range(_NUM_CALLS):
            with contextlib.suppress(httpx.HTTPError):
                (await client.post(address, json={"senaste": self._system.diary.latest})).raise_for_status()
                return
            await asyncio.sleep(0.1 * (number + 1))


def _row(entry: Entry[Decision]) -> dict[str, Any]:
    return {
        "nr": entry.number,
        "tid": entry.at.isoformat(),
        "kod": entry.deed.code,
        "region": entry.centre.removeprefix("akc-").upper(),
        "uppgifter": dict(entry.deed.facts),
    }


def _offered(own: PolicePass) -> dict[str, Any]:
    return {
        "pass": own.pass_id,
        "enhet": "LPO",
        "fran": own.start_at.isoformat(),
        "till": own.end_at.isoformat(),
        "kommun": own.municipality,
        "lat": own.lat,
        "lon": own.lon,
        "styrka": own.officers,
        "erfarenhet": _EXPERIENCE[own.experience_band],
        "samtycke": _CONSENT[own.consent],
        "max_restid_min": own.max_travel_minutes,
        "max_kontroller": own.max_inspections,
    }


def _disturbance(loss: PoliceLoss) -> dict[str, Any]:
    facts = {
        "storning": loss.disturbance_id,
        "slag": _KIND[loss.kind],
        "allvar": _SEVERITY[loss.severity],
        "intraffade": loss.occurred_at.isoformat(),
        "bekraftad": True,
    }
    return facts if loss.municipality is None else facts | {"kommun": loss.municipality}


def _lost(loss: PoliceLoss) -> Decision:
    facts: dict[str, Any] = {"pass": loss.pass_id, "storning": loss.disturbance_id, "orsak": _KIND[loss.kind]}
    if loss.officers_left is not None:
        facts["kvar"] = loss.officers_left
    if loss.available_from is not None:
        facts["fran"] = loss.available_from.isoformat()
    if loss.available_until is not None:
        facts["till"] = loss.available_until.isoformat()
    if "fran" in facts or "till" in facts:
        return Decision("PASS_KORTAT", facts)
    return Decision("STYRKA_MINSKAD" if "kvar" in facts else "PASS_INSTALLT", facts)
