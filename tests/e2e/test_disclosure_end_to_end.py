"""Who hears what, end to end: the site only after acceptance, a stranger nothing, a sole trader's identity nobody."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Iterable

from samsyn_contracts.bus import from_topic, headers_of
from samsyn_contracts.capacity import CapacityConsent
from samsyn_contracts.inspections import Site
from samsyn_contracts.operations import (
    OperationConfirmed,
    OperationScheduled,
    ParticipationAccepted,
    ParticipationRequested,
)

from tests.e2e.centre_at_work import AV, SKV, CentreAtWork, centre_at_work
from tests.support.samsyn import Samsyn
from tests.support.trail import DEADLINE_SECONDS, Heard

MEMBER, FOREIGNER = "migrationsverket", "kommun-tyreso"
# What only those who take part, or are asked to, may hear.
OF_OPERATIONS = ("Operation", "Participation", "PoliceRequested", "PoliceCommitted")


def bytes_of(records: Iterable[Heard]) -> bytes:
    """Everything that stands in records, headers included."""
    parts = [part for r in records for part in (r.body, *(value for _, value in r.headers))]
    return b"\n".join(part for part in parts if part is not None)


def sites_told(told: OperationScheduled | OperationConfirmed) -> set[str | None]:
    """The names of the sites in a message; None for an inspection without its site."""
    return {None if visit.site is None else visit.site.name for visit in told.inspections}


async def test_an_invited_agency_hears_of_the_site_only_after_it_has_accepted(samsyn: Samsyn) -> None:
    centre = await centre_at_work(samsyn, "akc-vast")
    av, session = centre.party(AV), centre.session("s")
    team = centre.team("asked", AV, consent=CapacityConsent(mode="ask"))
    wanted = centre.inspection("1", SKV, required_agencies=(SKV, AV))
    await centre.tell(session, team, centre.team("standing", SKV), wanted)
    await samsyn.quiet()
    await centre.tell(*centre.readiness([wanted], (AV, SKV)))
    await centre.settle()
    site, operation_id = wanted.site, centre.operation(session)
    secret = [text.encode() for text in (site.name, site.address, site.organisation_number) if text]

    # Invited: when, in which municipality and why, but not where; the agency that has accepted hears that too.
    asked = await av.hear(ParticipationRequested, lambda m: m.operation_id == operation_id, centre.since)
    invited = await av.hear(OperationScheduled, lambda m: m.operation_id == operation_id, centre.since)
    assert sites_told(invited.message) == {None}
    assert [visit.municipality for visit in invited.message.inspections] == [site.municipality]
    assert [text for text in secret if text in bytes_of(av.records(centre.since))] == []
    scheduled = await centre.party(SKV).hear(OperationScheduled, lambda m: m.operation_id == operation_id, centre.since)
    assert sites_told(scheduled.message) == {site.name}

    # Accepted: now it hears of the site.
    yes = {"operation_id": operation_id, "capacity_id": team.capacity_id, "session_id": asked.message.slot.session_id}
    await centre.tell(ParticipationAccepted.model_validate(yes))
    confirmed = await av.hear(OperationConfirmed, lambda m: m.operation_id == operation_id, centre.since)
    assert sites_told(confirmed.message) == {site.name}
    await samsyn.quiet()

    # A member that takes no part hears of no operation, and never of the site; who is no member hears nothing.
    heard = centre.party(MEMBER).records(centre.since)
    assert [record.name for record in heard if record.name.startswith(OF_OPERATIONS)] == []
    assert [text for text in secret if text in bytes_of(heard)] == []
    assert [r.name for r in centre.party(FOREIGNER).records(centre.since) if r.centre == centre.code] == []
    assert all(text in bytes_of(av.records(centre.since)) for text in secret)


async def a_sole_traders_operation(centre: CentreAtWork, name: str, number: str) -> str:
    """A confirmed operation at a sole trader's site, whose identity is kept by reference; gives the reference."""
    ref = f"contents:{SKV}:{uuid.uuid4()}"
    skv, body = centre.party(SKV), json.dumps({"name": name, "organisation_number": number}).encode()
    named = centre.site("sole", SKV)
    assert await skv.put_contents(ref, body, about=named.site_id) == 201
    site = Site.model_validate(named.model_dump(exclude={"name", "organisation_number"}) | {"identity_ref": ref})
    wanted, session = centre.inspection("sole", SKV, site=site), centre.session("sole")
    await centre.tell(session, centre.team("sole", SKV), wanted)
    await centre.samsyn.quiet()
    await centre.tell(*centre.readiness([wanted], [SKV]))
    await centre.settle()
    assert len(centre.confirmed(session)) == 1
    return ref


def spans_with(samsyn: Samsyn, trace_id: str) -> bool:
    """Whether the spans of a trace have been written down; services send them once a second."""
    return any(trace_id.encode() in path.read_bytes() for path in samsyn.log_files() if "spans" in path.name)


async def test_a_sole_traders_identity_is_in_no_topic_no_log_and_no_span(samsyn: Samsyn) -> None:
    centre = await centre_at_work(samsyn, "akc-nord")
    name, number = f"Kanariefågel {secrets.token_hex(6)}", f"1912{secrets.randbelow(10**6):06d}"
    canaries = [name.encode(), json.dumps(name).strip('"').encode(), number.encode()]

    ref = await a_sole_traders_operation(centre, name, number)
    # Said openly by mistake: it is refused, and stands nowhere but on the sender's own topic.
    open_site = centre.inspection("open", SKV)
    mistake = json.loads(open_site.body())
    mistake["site"] |= {"name": name, "organisation_number": number}
    said = centre.party(SKV).envelope(open_site)
    await centre.party(SKV).say_raw(headers_of(said), json.dumps(mistake, ensure_ascii=False).encode())
    refused = await centre.party(SKV).rejected(said.id)
    await samsyn.quiet()

    assert {reason.pointer for reason in refused.message.reasons} == {"/site/organisation_number"}
    # Those who may know fetch it; the owner does, another agency without a grant does not.
    assert (await centre.party(SKV).get_contents(ref)).json()["name"] == name
    assert (await centre.party(AV).get_contents(ref)).status_code == 404
    # The reference is told to nobody either, and the name and the number stand nowhere.
    own = from_topic(SKV)
    said_to_all = bytes_of(record for record in samsyn.trail.records if record.topic != own)
    assert [canary for canary in canaries if canary in said_to_all] == []
    await _until_spans_are_written(samsyn, refused.record.trace_id)
    for path in samsyn.log_files():
        assert [canary for canary in canaries if canary in path.read_bytes()] == [], path


async def _until_spans_are_written(samsyn: Samsyn, trace_id: str) -> None:
    until = time.monotonic() + DEADLINE_SECONDS
    while not spans_with(samsyn, trace_id):
        assert time.monotonic() < until, f"no span of the trace {trace_id} was written"
        await asyncio.sleep(0.1)
