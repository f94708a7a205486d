"""Findings, end to end: to whom the law and the sender's own assessment allow, with the reason to whom they do not."""

from __future__ import annotations

import json
import secrets

import pytest
from samsyn_contracts.carrying_out import OperationCompleted
from samsyn_contracts.findings import FindingShared, FindingWithheld

from tests.e2e.centre_at_work import AV, SKV, centre_at_work
from tests.e2e.day_at_work import a_day, assessment
from tests.support.samsyn import Samsyn

MUNICIPALITY = "kommun-tyreso"


@pytest.mark.scenario(5)
async def test_a_tax_finding_flows_to_a_state_agency_and_is_withheld_from_a_municipality(samsyn: Samsyn) -> None:
    centre = await centre_at_work(samsyn, "akc-stockholm")
    await centre.tell(assessment(centre, SKV, AV, "tax"))
    day = await a_day(centre, (SKV, AV, MUNICIPALITY))
    await day.start(SKV)
    secret = f"Kanariefågel {secrets.token_hex(8)}"

    found = await day.find(SKV, "tax", {"text": secret})

    # The state agency may fetch it, by the sender's standing assessment, until it has acknowledged.
    av, tyreso, skv = centre.party(AV), centre.party(MUNICIPALITY), centre.party(SKV)
    shared = await av.hear(FindingShared, lambda m: m.finding_id == found.finding_id, centre.since)
    assert shared.message.payload_ref == found.payload_ref
    assert shared.message.assessment_id == assessment(centre, SKV, AV, "tax").assessment_id
    assert (await av.get_contents(found.payload_ref)).json()["text"] == secret
    assert await av.acknowledge_contents(found.payload_ref) == 200
    assert (await av.get_contents(found.payload_ref)).status_code == 410
    # The municipality hears that there is something, why it may not have it, and whom to ask; nothing to fetch.
    withheld = await tyreso.hear(FindingWithheld, lambda m: m.finding_id == found.finding_id, centre.since)
    assert withheld.message.reason_code in ("denied", "no_basis")
    assert withheld.message.contact_function
    assert (await tyreso.get_contents(found.payload_ref)).status_code == 404
    told_sender = await skv.hear(FindingWithheld, lambda m: m.finding_id == found.finding_id, centre.since)
    assert told_sender.message.receiver == MUNICIPALITY
    await samsyn.quiet()
    assert tyreso.told(FindingShared, centre.since) == []


@pytest.mark.scenario(5)
async def test_where_existence_may_not_be_told_only_the_sender_hears_that_it_was_withheld(samsyn: Samsyn) -> None:
    centre = await centre_at_work(samsyn, "akc-stockholm")
    day = await a_day(centre, (SKV, AV, MUNICIPALITY))
    await day.start(SKV)

    found = await day.find(SKV, "labour_exploitation", {"text": "invented"})
    withheld = await centre.party(SKV).hear(
        FindingWithheld, lambda m: (m.finding_id, m.receiver) == (found.finding_id, MUNICIPALITY), centre.since
    )
    await samsyn.quiet()

    assert withheld.message.told_to is None
    heard = centre.party(MUNICIPALITY).records(centre.since)
    assert [r.name for r in heard if found.finding_id.encode() in (r.body or b"")] == []


@pytest.mark.scenario(5)
async def test_the_same_finding_is_shared_once_the_sender_has_assessed_it(samsyn: Samsyn) -> None:
    centre = await centre_at_work(samsyn, "akc-stockholm")
    day = await a_day(centre, (SKV, AV))
    await day.start(SKV)
    found = await day.find(SKV, "staff_ledger", {"text": "invented"})
    asked = await centre.party(SKV).hear(FindingWithheld, lambda m: m.finding_id == found.finding_id, centre.since)
    assert asked.message.reason_code == "not_assessed"

    await centre.tell(assessment(centre, SKV, AV, "staff_ledger", finding_id=found.finding_id))

    shared = await centre.party(AV).hear(FindingShared, lambda m: m.finding_id == found.finding_id, centre.since)
    assert json.loads((await centre.party(AV).get_contents(found.payload_ref)).text) == {"text": "invented"}
    assert shared.message.category == "staff_ledger"


async def test_an_operation_is_over_when_everybody_has_handed_in(samsyn: Samsyn) -> None:
    centre = await centre_at_work(samsyn, "akc-stockholm")
    day = await a_day(centre, (SKV, AV))
    await day.start(AV)
    await day.hand_in(AV)
    await samsyn.quiet()
    told = [s.message.operation_id for s in centre.party(AV).told(OperationCompleted, centre.since)]
    assert day.operation_id not in told

    await day.hand_in(SKV)

    for party in (AV, SKV, "polisen", centre.code):
        over = await centre.party(party).hear(
            OperationCompleted, lambda m: m.operation_id == day.operation_id, centre.since
        )
        assert over.message.outcome == "completed"
        assert over.message.counts_as_operation
        assert (over.message.handed_in_by, over.message.missing_from) == ((AV, SKV), ())
