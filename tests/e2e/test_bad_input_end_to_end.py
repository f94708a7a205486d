"""Whatever an agency says wrongly is answered where and why, in both languages, and stops nobody."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from samsyn_contracts.bus import Headers, from_topic, headers_of
from samsyn_contracts.capacity import CapacityOffered, PoliceCancelled
from samsyn_contracts.message import Message
from samsyn_contracts.operations import ParticipationAccepted
from samsyn_contracts.platform import EventAdmitted

from tests.e2e.centre_at_work import SESSION, CentreAtWork, centre_at_work
from tests.support.samsyn import Samsyn

KEPT = "select 1 from capacity where id = $1"
NUMBERS = itertools.count(1)
# An area without sites: no plan uses these sessions.
NOWHERE = "nowhere"


@dataclass(frozen=True)
class Desk:
    """A centre with a police session to come and one that is past."""

    centre: CentreAtWork
    coming: CapacityOffered
    past: CapacityOffered

    def loss(self, capacity_id: str = "") -> PoliceCancelled:
        return PoliceCancelled(capacity_id=capacity_id or self.coming.capacity_id, cause_code="shooting")

    def record(self, event_id: str, **headers: bytes) -> Headers:
        """The headers of a cancellation that is right, but for those given."""
        envelope = self.centre.police.envelope(self.loss(), id=event_id)
        return list((dict(headers_of(envelope)) | headers).items())


Bad = Callable[[Desk, str], tuple[Headers, bytes]]


def body_of(message: Message, **changes: object) -> bytes:
    return json.dumps({**json.loads(message.body()), **changes}).encode()


def with_header(name: str, value: bytes) -> Bad:
    return lambda desk, event_id: (desk.record(event_id, **{name: value}), desk.loss().body())


def with_body(body: bytes) -> Bad:
    return lambda desk, event_id: (desk.record(event_id), body)


def about(capacity_id: Callable[[Desk], str]) -> Bad:
    return lambda desk, event_id: (desk.record(event_id), desk.loss(capacity_id(desk)).body())


# kind -> (what is said, the answer's code, its pointer)
BAD: dict[str, tuple[Bad, str, str]] = {
    "wrong schema": (
        lambda desk, event_id: (desk.record(event_id), body_of(desk.loss(), officers_left="two")),
        "invalid_field",
        "/officers_left",
    ),
    "missing field": (with_body(b'{"cause_code": "shooting"}'), "missing_field", "/capacity_id"),
    "foreign source": (
        with_header("ce_source", b"urn:samsyn:skatteverket"),
        "foreign_source",
        "/headers/ce_source",
    ),
    "another party's capacity": (about(lambda _: "skatteverket:team-1"), "not_owner", "/capacity_id"),
    "unknown type": (with_header("ce_type", b"se.samsyn.PoliceVanished.v1"), "unknown_type", "/headers/ce_type"),
    "unknown centre": (with_header("ce_centre", b"akc-ingenstans"), "unknown_centre", "/headers/ce_centre"),
    "unknown id": (about(lambda _: "polisen:nobody-knows-it"), "unknown_id", "/capacity_id"),
    "cancellation of something past": (about(lambda desk: desk.past.capacity_id), "already_past", "/capacity_id"),
    "non-UTF-8 header": (with_header("ce_agencyref", b"\xff\xfe\xe5"), "header_not_utf8", "/headers/ce_agencyref"),
    "2 MB body": (with_body(b'{"a": "' + b"x" * 2_000_000 + b'"}'), "too_large", ""),
    "garbage bytes": (with_body(b"\x00\xff\x17 no json"), "not_json", ""),
}


@pytest.fixture(scope="module")
async def desk(samsyn: Samsyn) -> Desk:
    """Everything here happens in one centre: a record that stopped its partition would stop all that follow."""
    centre = await centre_at_work(samsyn, "akc-bergslagen")
    past = centre.session("past", area=NOWHERE)
    await centre.tell(past)
    await centre.pass_time(past.end_at + SESSION)
    later = replace(centre, friday_at=(await centre_at_work(samsyn, centre.code)).friday_at)
    coming = later.session("coming", area=NOWHERE)
    await later.tell(coming)
    await samsyn.quiet()
    return Desk(later, coming, past)


async def say_something_good(desk: Desk) -> None:
    """Offer one more session; it is admitted, and planning knows of it."""
    good = desk.centre.session(f"good-{next(NUMBERS)}", area=NOWHERE)
    await desk.centre.tell(good)
    await desk.centre.samsyn.row_comes("planning", KEPT, good.capacity_id)


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_event_is_answered_and_a_good_one_after_it_has_its_effect(desk: Desk, kind: str) -> None:
    bad, code, pointer = BAD[kind]
    event_id, police = f"bad-{uuid.uuid4()}", desk.centre.police
    num_plans = len(desk.centre.published())

    await police.say_raw(*bad(desk, event_id))
    await say_something_good(desk)

    refused = await police.rejected(event_id)
    (reason,) = refused.message.reasons
    assert (reason.code, reason.pointer) == (code, pointer)
    assert reason.text_sv
    assert reason.text_en
    assert reason.text_sv != reason.text_en
    assert len(desk.centre.published()) == num_plans


async def test_what_has_no_readable_header_is_answered_by_its_place(desk: Desk) -> None:
    offset = await desk.centre.police.say_raw([("\u00e5", b"\xff")], b"\xff")
    await say_something_good(desk)

    refused = await desk.centre.police.rejected(f"{from_topic('polisen')}/0/{offset}")

    assert {reason.code for reason in refused.message.reasons} == {"header_missing"}


async def test_a_duplicate_is_answered_as_the_first_time(desk: Desk) -> None:
    police, offered = desk.centre.police, desk.centre.session(f"twice-{next(NUMBERS)}", area=NOWHERE)
    said = await police.tell(offered)
    since = len(desk.centre.samsyn.trail.records)

    await police.say_raw(headers_of(said), offered.body())
    await police.admitted(said.id, since)
    await say_something_good(desk)

    answers = [answer.message for answer in police.told(EventAdmitted) if answer.message.admitted_id == said.id]
    assert len(answers) == 2
    assert answers[0] == answers[1]


async def test_the_same_id_with_another_body_is_refused(desk: Desk) -> None:
    police = desk.centre.police
    said = await police.tell(desk.centre.session(f"first-{next(NUMBERS)}", area=NOWHERE))
    other = desk.centre.session(f"other-{next(NUMBERS)}", area=NOWHERE)

    await police.say_raw(headers_of(said), other.body())
    await say_something_good(desk)

    refused = await police.rejected(said.id)
    assert [(reason.pointer, reason.code) for reason in refused.message.reasons] == [("/headers/ce_id", "id_reused")]
    assert await desk.centre.samsyn.rows("planning", KEPT, other.capacity_id) == []


async def test_an_answer_of_plannings_comes_back_to_the_sender_alone(desk: Desk) -> None:
    samsyn, skv = desk.centre.samsyn, desk.centre.party("skatteverket")
    unknown = {"operation_id": "op:polisen:nowhere", "capacity_id": "skatteverket:t", "session_id": "polisen:nowhere"}
    said = await skv.say(ParticipationAccepted.model_validate(unknown))

    refused = await skv.rejected(said.id)
    await samsyn.quiet()

    assert [(reason.pointer, reason.code) for reason in refused.message.reasons] == [("/operation_id", "unknown_id")]
    assert refused.message.replayable
    heard = {r.topic for r in samsyn.trail.records if r.attribute("causationid") == said.id and ".to." in r.topic}
    assert heard == {"samsyn.to.skatteverket.v1"}
