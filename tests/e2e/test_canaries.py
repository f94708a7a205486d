"""What is about persons and businesses stands in the contents store alone: no topic, log, trace or page holds it."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from samsyn_contracts.audience import audience_of
from samsyn_contracts.carrying_out import EvaluationSubmitted, Scores
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.findings import FindingShared
from samsyn_contracts.inspections import Site
from samsyn_contracts.operations import OperationConfirmed
from samsyn_contracts.schemas.generation import marked_fields
from samsyn_contracts.site_information import SiteInformationCompleted, SiteInformationProvided

from tests.e2e.centre_at_work import AV, SKV, CentreAtWork, centre_at_work
from tests.e2e.day_at_work import AFTER_START, a_planned_day, assessment
from tests.support.samsyn import Samsyn
from tests.support.trail import DEADLINE_SECONDS

# Every field of class P3 or PV that a party says; the test below plants a canary behind each.
PLANTED = {
    *("InspectionProposed/site/identity_ref", "InspectionProposed/why_ref"),
    *("SiteInformationProvided/content_ref", "FindingRecorded/payload_ref", "EvaluationSubmitted/text_ref"),
}
# By the token of those who run Samsyn, and by that of a participant.
PROTECTED = {"operations": ("/v1/why/{operation}",), AV: ("/v1/state", "/v1/inbox?limit=500"), SKV: ("/v1/state",)}
PAGES = {
    "exchange": ("/status", "/metrics", "/openapi.json", "/v1/codes", "/v1/contracts"),
    "planning": ("/status", "/metrics", "/v1/centres/{centre}", "/v1/plans/{centre}", "/v1/plans/{centre}/1"),
    "inspection": ("/status", "/metrics", "/v1/operations/{operation}", "/v1/operations?{period}"),
    "reporting": ("/status", "/metrics", "/v1/ledger?{period}", "/v1/indicators?{period}"),
}


def test_every_protected_field_that_a_party_says_has_a_canary() -> None:
    said = [cls for cls in MESSAGES.values() if audience_of(cls).said_by is None]
    found = {
        f"{cls.__name__}{pointer}"
        for cls in said
        for pointer, _, mark in marked_fields(cls)
        if mark is not None and mark.level in ("P3", "P4", "PV")
    }
    assert found == PLANTED


@dataclass
class Canaries:
    """Random texts that occur nowhere else, by the field that refers to them."""

    texts: dict[str, str] = field(default_factory=dict)

    def plant(self, name: str) -> str:
        """A new text for a field."""
        self.texts[name] = f"Kanariefågel {secrets.token_hex(16)}"
        return self.texts[name]

    def found_in(self, haystack: bytes) -> list[str]:
        """The fields whose text stands in some bytes, as UTF-8 or escaped as in JSON."""
        forms = {name: (text.encode(), json.dumps(text).strip('"').encode()) for name, text in self.texts.items()}
        return [name for name, ways in forms.items() if any(way in haystack for way in ways)]


async def kept(centre: CentreAtWork, party: str, about: str, text: str) -> str:
    """The reference of a text that the party keeps in the contents store."""
    ref = f"contents:{party}:{uuid.uuid4()}"
    assert await centre.party(party).put_contents(ref, json.dumps({"text": text}).encode(), about) == 201
    return ref


async def pages_of(samsyn: Samsyn, centre: str, operation: str) -> Iterable[tuple[str, bytes]]:
    """Every page of every service, those that need a token too."""
    period = f"centre={centre}&from=2025-01-01&to=2027-01-01"
    named = {"centre": centre, "operation": operation, "period": period}
    pages = []
    for service, paths in PAGES.items():
        for path in paths:
            answer = await samsyn.client.get(samsyn.address(service) + path.format(**named))
            assert answer.status_code == 200, f"{service}{path}: {answer.status_code} {answer.text[:200]}"
            pages.append((f"{service}{path}", answer.content))
    for party, paths in PROTECTED.items():
        for path in paths:
            answer = await samsyn.party(party, centre).ask(path.format(**named))
            assert answer.status_code == 200, f"{party}{path}: {answer.status_code} {answer.text[:200]}"
            pages.append((f"{party}{path}", answer.content))
    return pages


async def test_no_canary_is_in_any_topic_log_trace_or_page(samsyn: Samsyn) -> None:
    centre, canaries = await centre_at_work(samsyn, "akc-vast"), Canaries()
    site_id = f"{SKV}:{centre.tag}-day-site"
    identity = await kept(centre, SKV, site_id, canaries.plant("InspectionProposed/site/identity_ref"))
    why = await kept(centre, SKV, site_id, canaries.plant("InspectionProposed/why_ref"))
    site = Site.model_validate(
        centre.site("day", SKV).model_dump(exclude={"name", "organisation_number"}) | {"identity_ref": identity}
    )
    await centre.tell(
        assessment(centre, SKV, AV, "site_identity", purpose="plan"),
        assessment(centre, SKV, AV, "site_information", purpose="plan"),
        assessment(centre, SKV, AV, "staff_ledger"),
    )

    day = await a_planned_day(centre, (SKV, AV), site=site, why_ref=why)
    known = await kept(centre, SKV, day.operation_id, canaries.plant("SiteInformationProvided/content_ref"))
    await centre.tell(
        SiteInformationProvided(
            operation_id=day.operation_id,
            inspection_id=day.inspection.inspection_id,
            agency=SKV,
            section="dwelling",
            as_of=samsyn.now_at,
            answer="known",
            content_ref=known,
        )
    )
    await samsyn.quiet()
    await centre.pass_time(max(samsyn.now_at, centre.friday_at - timedelta(hours=23)))
    told_of_site = await centre.party(AV).hear(
        SiteInformationCompleted, lambda m: m.operation_id == day.operation_id, centre.since
    )
    ((answered,),) = (site.answered for site in told_of_site.message.sites)
    assert answered.content_ref == known
    await centre.pass_time(centre.friday_at + AFTER_START)
    await day.start(AV)
    finding = await day.find(SKV, "staff_ledger", {"text": canaries.plant("FindingRecorded/payload_ref")})
    shared = await centre.party(AV).hear(FindingShared, lambda m: m.finding_id == finding.finding_id, centre.since)
    for agency in day.agencies:
        last = await day.hand_in(agency)
    text = await kept(centre, SKV, day.operation_id, canaries.plant("EvaluationSubmitted/text_ref"))
    scores = Scores(preparation=4, cooperation=5, outcome=3)
    await centre.tell(EvaluationSubmitted(operation_id=day.operation_id, agency=SKV, scores=scores, text_ref=text))
    evaluated = await centre.party(centre.code).hear(
        EvaluationSubmitted, lambda m: m.operation_id == day.operation_id, centre.since
    )
    assert evaluated.message.text_ref is None
    await samsyn.quiet()

    # Those who may know get it from the store: the canaries are there to be found.
    confirmed = await centre.party(AV).hear(
        OperationConfirmed, lambda m: m.operation_id == day.operation_id, centre.since
    )
    told = confirmed.message.inspections[0].site
    assert told is not None
    for ref in (told.identity_ref, shared.message.payload_ref, answered.content_ref):
        assert ref is not None
        assert canaries.found_in((await centre.party(AV).get_contents(ref)).content)
    for ref in (why, text):
        assert (await centre.party(AV).get_contents(ref)).status_code == 404
    # And nowhere else.
    assert canaries.texts.keys() == PLANTED
    records = [
        (f"{r.topic}/{r.offset}", b"\n".join([r.body or b"", *_values(r.headers)])) for r in samsyn.trail.records
    ]
    assert [place for place, text in records if canaries.found_in(text)] == []
    assert [
        place for place, text in await pages_of(samsyn, centre.code, day.operation_id) if canaries.found_in(text)
    ] == []
    await _until_spans_are_written(samsyn, (last.traceparent or "").split("-")[1])
    assert [path.name for path in samsyn.log_files() if canaries.found_in(path.read_bytes())] == []


def _values(headers: Iterable[tuple[str, bytes | None]]) -> list[bytes]:
    return [value for _, value in headers if value is not None]


async def _until_spans_are_written(samsyn: Samsyn, trace_id: str) -> None:
    until = time.monotonic() + DEADLINE_SECONDS
    while not any(trace_id.encode() in path.read_bytes() for path in samsyn.log_files() if "spans" in path.name):
        assert time.monotonic() < until, f"no span of the trace {trace_id} was written"
        await asyncio.sleep(0.1)
