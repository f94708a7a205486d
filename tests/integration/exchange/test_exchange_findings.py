"""Findings, and what is known of sites, over a real broker and database: who hears, who fetches, and who never does."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING, from_topic, to_topic
from samsyn_contracts.envelope import Event
from samsyn_contracts.findings import FindingShared, FindingWithheld
from samsyn_contracts.platform import EventAdmitted, EventRejected
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import Services

from tests.integration.exchange.asking import (
    a_client,
    a_ref,
    acknowledge,
    as_party,
    everything_in,
    get,
    pass_time,
    put,
)
from tests.integration.exchange.wire import Wire
from tests.support.trail import Heard, Trail
from tests.unit.exchange.saying import CENTRE, INSPECTORS, POLICE, ROUTE, a_service_event, an_event

SKV, AV, GBG = "skatteverket", "arbetsmiljoverket", "kommun-goteborg"
OUTCOMES = ("FindingShared", "FindingWithheld")


@dataclass(frozen=True)
class Day:
    """An exchange at work, its clients, and all that is said while a test lasts."""

    wire: Wire
    trail: Trail
    http: httpx.AsyncClient
    dsn: str

    async def say(self, party: str, event: Event) -> None:
        """Say an event as a party, and wait until all that follows from it has been sent."""
        await self.wire.say(from_topic(party), event)
        await self.settle()

    async def place(self, **changed: Any) -> None:
        """A finding that inspection places; once all that follows has been sent."""
        await self.hear(INSPECTION, a_service_event("FindingPlaced", "inspection", **changed))

    async def hear(self, topic: str, event: Event) -> None:
        """An event that a service says; once all that follows has been sent."""
        await self.wire.say(topic, event, key=CENTRE)
        async with asyncio.timeout(120):
            while not await self.rows("select 1 from inbox where id = $1", event.envelope.id):
                pass
        await self.settle()

    async def settle(self) -> None:
        """The relay sends in order: what was said before a later event is answered has been sent."""
        later = an_event("PoliceCancelled")
        await self.wire.say(from_topic("polisen"), later)
        await self.trail.first(lambda one: _admits(one, later.envelope.id), "the answer to a later event")
        await self.trail.read_to(await self.trail.ends())

    async def rows(self, query: str, *values: object) -> Sequence[asyncpg.Record]:
        """Ask the exchange's database."""
        connection = await asyncpg.connect(self.dsn)
        try:
            found: list[asyncpg.Record] = await connection.fetch(query, *values)
        finally:
            await connection.close()
        return found

    def told(self, party: str, finding_id: str) -> list[FindingShared | FindingWithheld]:
        """What a party has heard of a finding."""
        heard = [one for one in self.trail.records if one.topic == to_topic(party) and one.name in OUTCOMES]
        messages = [one.message for one in heard]
        kinds = (FindingShared, FindingWithheld)
        return [m for m in messages if isinstance(m, kinds) and m.finding_id == finding_id]

    def refusals(self, party: str, event: Event) -> list[tuple[str, str]]:
        """Codes and pointers of the answers that an event has no effect."""
        answers = [one.message for one in self.trail.of(EventRejected, to_topic(party))]
        mine = [answer for answer in answers if answer.rejected_id == event.envelope.id]
        return [(reason.code, reason.pointer) for answer in mine for reason in answer.reasons]


def _admits(record: Heard, event_id: str) -> bool:
    if record.topic != to_topic("polisen") or record.name != "EventAdmitted":
        return False
    return isinstance(record.message, EventAdmitted) and record.message.admitted_id == event_id


@pytest.fixture(scope="module")
async def day(exchange: Services, infrastructure: Infrastructure, wire: Wire, dsn: str) -> AsyncIterator[Day]:
    trail = Trail(infrastructure.kafka, {topic.name: topic.partitions for topic in infrastructure.topics})
    await trail.start()
    async with a_client(exchange) as http:
        yield Day(wire, trail, http, dsn)
    await trail.stop()


def new(party: str = SKV) -> str:
    return f"{party}:{uuid.uuid4().hex[:8]}"


def assessment(receiver: str = AV, **changed: Any) -> Event:
    """Skatteverket's assessment, of an id of its own."""
    told = {"assessment_id": new(), "receiver": receiver, **changed}
    return an_event("DisclosureAssessed", SKV, **told)


async def tries(day: Day, ref: str) -> list[tuple[str, str, str | None]]:
    found = await day.rows("select party, outcome, basis from contents_fetch where ref = $1 order by id", ref)
    return [tuple(row) for row in found]


async def test_a_finding_under_a_standing_assessment_is_shared_and_fetched_until_acknowledged(day: Day) -> None:
    ref, finding_id = a_ref(), new()
    await put(day.http, ref, b'{"text": "tio utan loner"}')
    await day.say(SKV, assessment(category="tax"))
    await day.place(finding_id=finding_id, payload_ref=ref, category="tax")

    (shared,) = day.told(AV, finding_id)
    fetched = await get(day.http, ref, AV)
    stored = await acknowledge(day.http, ref, AV)
    after = await get(day.http, ref, AV)

    assert isinstance(shared, FindingShared)
    assert (shared.payload_ref, shared.rule_id, shared.purpose) == (ref, "b01", "follow-up")
    assert fetched.content == b'{"text": "tio utan loner"}'
    assert (stored.status_code, after.status_code, after.json()["code"]) == (200, 410, "acknowledged")
    assert await tries(day, ref) == [(AV, "given", "b01"), (AV, "acknowledged", "b01")]


async def test_a_standing_assessment_taken_back_ends_the_right_to_fetch_by_it(day: Day) -> None:
    ref, finding_id, own_id = a_ref(), new(), new()
    await put(day.http, ref)
    await day.say(SKV, assessment(category="staff_ledger", assessment_id=own_id))
    await day.place(finding_id=finding_id, payload_ref=ref, category="staff_ledger")
    before = await get(day.http, ref, AV)

    await day.say(SKV, assessment(category="staff_ledger", assessment_id=own_id, outcome="deny"))

    assert (before.status_code, (await get(day.http, ref, AV)).json()["code"]) == (200, "expired")


async def test_a_municipality_hears_that_a_finding_is_withheld_why_and_whom_to_ask(day: Day) -> None:
    ref, finding_id = a_ref(), new()
    await put(day.http, ref)
    await day.say(SKV, assessment(GBG, category="tax"))
    await day.place(finding_id=finding_id, payload_ref=ref, category="tax", candidates=[GBG])

    (municipality,), (sender,) = day.told(GBG, finding_id), day.told(SKV, finding_id)

    assert isinstance(municipality, FindingWithheld)
    assert (municipality.reason_code, municipality.rule_id) == ("denied", "b04")
    assert municipality.contact_function == "secrecy_contact"
    assert sender == municipality
    assert (await get(day.http, ref, GBG)).status_code == 404
    assert await tries(day, ref) == [(GBG, "no_grant", None)]


async def test_labour_exploitation_is_told_to_nobody_but_its_sender(day: Day) -> None:
    ref, finding_id = a_ref(), new()
    await put(day.http, ref)
    for receiver in (AV, GBG, "polisen"):
        await day.say(SKV, assessment(receiver, category="labour_exploitation"))
    candidates = [AV, GBG, "polisen"]
    await day.place(finding_id=finding_id, payload_ref=ref, category="labour_exploitation", candidates=candidates)

    reasons = {(one.receiver, getattr(one, "reason_code", "shared")) for one in day.told(SKV, finding_id)}
    heard = [one for one in day.trail.records if one.topic.startswith("samsyn.to.") and one.topic != to_topic(SKV)]

    assert reasons == {(AV, "no_basis"), (GBG, "denied"), ("polisen", "no_basis")}
    assert [one.topic for one in heard if finding_id.encode() in (one.body or b"")] == []
    assert [(await get(day.http, ref, party)).status_code for party in candidates] == [404, 404, 404]


async def test_a_later_assessment_of_one_finding_shares_it_and_a_no_takes_it_back(day: Day) -> None:
    ref, finding_id = a_ref(), new()
    await put(day.http, ref)
    await day.place(finding_id=finding_id, payload_ref=ref, category="benefit", candidates=[AV])
    withheld, untold = day.told(SKV, finding_id), day.told(AV, finding_id)
    before = await get(day.http, ref, AV)
    yes = {"assessment_id": new(), "finding_id": finding_id, "category": "benefit"}

    await day.say(SKV, assessment(**yes))
    shared, during = day.told(AV, finding_id), await get(day.http, ref, AV)
    await day.say(SKV, assessment(**yes, outcome="deny"))
    taken_back, after = day.told(AV, finding_id)[1:], await get(day.http, ref, AV)

    assert [getattr(one, "reason_code", "") for one in withheld] == ["not_assessed"]
    assert untold == []
    assert [type(one) for one in shared] == [FindingShared]
    assert [getattr(one, "reason_code", "") for one in taken_back] == ["assessed_deny"]
    assert [answer.status_code for answer in (before, during, after)] == [404, 200, 410]
    assert [outcome for _, outcome, _ in await tries(day, ref)] == ["no_grant", "given", "expired"]


async def test_an_assessment_about_another_centre_or_anothers_finding_is_answered_with_the_reason(day: Day) -> None:
    finding_id = new()
    await day.place(finding_id=finding_id, category="benefit", candidates=[AV])
    elsewhere = assessment(finding_id=finding_id, category="benefit")
    elsewhere = Event(elsewhere.envelope.model_copy(update={"centre": "akc-syd"}), elsewhere.message)
    foreign = assessment(finding_id=new("polisen"))

    await day.say(SKV, elsewhere)
    await day.say(SKV, foreign)

    assert day.refusals(SKV, elsewhere) == [("unknown_id", "/finding_id")]
    assert day.refusals(SKV, foreign) == [("not_owner", "/finding_id")]
    assert day.told(AV, finding_id) == []


async def test_a_finding_placed_and_assessed_again_and_again_is_shared_once(day: Day) -> None:
    finding_id, yes = new(), assessment(category="staff_ledger")
    for event in (yes, yes, Event(yes.envelope.model_copy(update={"id": str(uuid.uuid4())}), yes.message)):
        await day.say(SKV, event)
    for _ in range(3):
        await day.place(finding_id=finding_id, category="staff_ledger", candidates=[AV])
    await day.say(SKV, assessment(category="staff_ledger", finding_id=finding_id))

    said = [one for one in day.trail.of(FindingShared, ADMITTED) if one.message.finding_id == finding_id]

    assert len(day.told(AV, finding_id)) == len(said) == 1


async def test_who_has_accepted_gets_a_sole_traders_reference_where_its_owner_allows_it(day: Day) -> None:
    ref, route = a_ref(), dict(ROUTE[0])
    await put(day.http, ref, b'{"name": "Frisor"}', about="skatteverket:s1")
    await day.say(SKV, assessment(category="site_identity", purpose="plan"))
    route["site"] = {"site_id": "skatteverket:s1", "municipality": "1480", "identity_ref": ref}
    parts = [POLICE, {**INSPECTORS, "status": "accepted"}, {**INSPECTORS, "agency": "migrationsverket"}]
    planned: dict[str, Any] = {"operation_id": f"op:{new('polisen')}", "inspections": [route], "participants": parts}
    scheduled = a_service_event("OperationScheduled", **planned)
    await day.wire.say(PLANNING, scheduled, key=CENTRE)
    heard = {party: await _heard(day, party, scheduled) for party in (AV, "polisen", "migrationsverket", CENTRE)}

    assert {party for party, one in heard.items() if ref.encode() in (one.body or b"")} == {AV}
    assert (await get(day.http, ref, AV)).content == b'{"name": "Frisor"}'
    assert (await get(day.http, ref, "polisen")).status_code == 404
    (grant,) = await day.rows("select party, basis, assessment_id from contents_grant where ref = $1", ref)
    assert (grant["party"], grant["basis"]) == (AV, "b02")

    # Told again it is the same right: what was acknowledged stays so, until it would have ended anyway.
    await acknowledge(day.http, ref, AV)
    again = a_service_event("OperationConfirmed", **planned)
    await day.wire.say(PLANNING, again, key=CENTRE)
    assert ref.encode() in ((await _heard(day, AV, again)).body or b"")
    assert (await get(day.http, ref, AV)).json()["code"] == "acknowledged"


async def _heard(day: Day, party: str, event: Event) -> Heard:
    def wanted(record: Heard) -> bool:
        return record.topic == to_topic(party) and record.id == event.envelope.id

    return await day.trail.first(wanted, f"{event.envelope.type} to {party}")


async def test_a_sites_text_may_be_fetched_while_its_receiver_takes_part_and_anew_when_it_does_again(day: Day) -> None:
    ref, operation_id, team = a_ref(), f"op:{new('polisen')}", new(AV)
    await put(day.http, ref, b'{"text": "hund"}', about="skatteverket:s1")
    await day.say(SKV, assessment(category="site_information", purpose="plan"))
    inspectors = {"agency": AV, "capacity_id": team, "status": "accepted"}
    parts: dict[str, Any] = {"operation_id": operation_id, "participants": [POLICE, inspectors]}
    answered = {"section": "dwelling", "agency": SKV, "answer": "known", "as_of": "2025-05-05T05:00:00Z"}
    site = {"inspection_id": "skatteverket:i1", "answered": [{**answered, "content_ref": ref}]}

    async def outcome() -> str:
        answer = await get(day.http, ref, AV)
        return "given" if answer.status_code == 200 else str(answer.json()["code"])

    async def after(name: str, **changed: Any) -> str:
        await day.hear(PLANNING, a_service_event(name, **(parts | changed)))
        return await outcome()

    # Read from inspection before planning's word has come: told, and fetched once the part is known.
    account = a_service_event("SiteInformationCompleted", "inspection", **parts, sites=[site])
    await day.hear(INSPECTION, account)
    assert ref.encode() in ((await _heard(day, AV, account)).body or b"")
    assert await outcome() == "not_found"
    assert await after("OperationConfirmed") == "given"
    await acknowledge(day.http, ref, AV)

    no = {"operation_id": operation_id, "capacity_id": team}
    await day.say(AV, an_event("ParticipationWithdrawn", AV, **no))
    assert await outcome() == "part_ended"
    await day.http.get("/state", params={"centre": CENTRE}, headers=as_party(AV))
    await day.hear(INSPECTION, a_service_event("SiteInformationCompleted", "inspection", **parts, sites=[site]))
    assert await outcome() == "part_ended", "by what was said before inspection heard of it"
    assert await after("OperationConfirmed") == "part_ended", "nor by planning, before it has"

    assert await after("OperationRescheduled", participants=[POLICE]) == "part_ended"
    assert await after("OperationConfirmed") == "given"
    assert await after("OperationRescheduled", inspections=[{**ROUTE[0], "inspection_id": new()}]) == "part_ended"
    assert await after("OperationConfirmed") == "given"
    assert await after("OperationCancelled", participants=None) == "part_ended"


async def test_what_was_found_is_in_no_table_no_topic_and_no_log(
    day: Day, exchange: Services, infrastructure: Infrastructure
) -> None:
    ref, finding_id, canary = a_ref(), new(), f"kanarie-{uuid.uuid4().hex}"
    await put(day.http, ref, f'{{"text": "{canary}"}}'.encode())
    await put(day.http, ref, f'{{"text": "other {canary}"}}'.encode())
    await day.place(finding_id=finding_id, payload_ref=ref, category="wage_subsidy", candidates=[AV, GBG])
    await day.say(SKV, assessment(finding_id=finding_id, category="wage_subsidy"))
    fetched = await get(day.http, ref, AV)
    await get(day.http, ref, GBG)
    await day.trail.read_to(await day.trail.ends())

    run = infrastructure.run.path
    places = {
        "tables": await everything_in(day.dsn),
        "topics": b"".join((one.body or b"") + repr(one.headers).encode() for one in day.trail.records),
        "logs": b"".join(path.read_bytes() for path in [*run.glob("log/*"), *run.glob("state/*/*")] if path.is_file()),
    }
    assert canary.encode() in fetched.content
    assert all(ref.encode() in places[place] for place in ("tables", "topics"))
    assert places["logs"]
    assert [place for place, text in places.items() if canary.encode() in text] == []


async def test_the_right_to_fetch_a_shared_finding_ends_after_thirty_days(day: Day) -> None:
    ref, finding_id = a_ref(), new()
    await put(day.http, ref)
    await day.place(finding_id=finding_id, payload_ref=ref, category="residence_permit", candidates=[AV])
    yes = {"finding_id": finding_id, "category": "residence_permit"}
    await day.say(SKV, assessment(**yes))
    first = await get(day.http, ref, AV)
    await pass_time(day.http, timedelta(days=30))
    ended = await get(day.http, ref, AV)

    # Its owner, asked, says yes again: it is a new decision.
    await day.say(SKV, assessment(**yes))

    assert (first.status_code, ended.status_code, ended.json()["code"]) == (200, 410, "expired")
    assert (await get(day.http, ref, AV)).status_code == 200
    assert len(day.told(AV, finding_id)) == 2
