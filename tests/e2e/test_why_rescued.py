"""Why an operation was rescued: asked of the exchange, and told by `samsyn why`; and who has not seen it yet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from samsyn_contracts.operations import NotificationAcknowledged, OperationRescheduled
from samsyn_exchange.tokens import OPERATIONS, token_for
from samsyn_local.sentences import account

from tests.e2e.centre_at_work import AV, POLICE, SKV, CentreAtWork, Friday, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn
from tests.support.trail import DEADLINE_SECONDS


async def why(samsyn: Samsyn, asked: str) -> dict[str, Any]:
    """What the exchange answers those who run Samsyn."""
    headers = {"Authorization": f"Bearer {token_for(samsyn.secret, OPERATIONS)}"}
    answer = await samsyn.client.get(f"{samsyn.address('exchange')}/v1/why/{asked}", headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def leaves(value: Any) -> Iterator[Any]:
    """Every text and number in what was answered; ids are hexadecimal, and may hold any four digits."""
    if isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from leaves(member)
    else:
        yield value


async def unacknowledged(samsyn: Samsyn, code_name: str) -> str | None:
    """The parties that an alert names for an operation; None when it does not stand."""
    alerts = (await samsyn.client.get(f"{samsyn.address('exchange')}/status")).json()["alerts"]
    standing = [one["about"] for one in alerts if one["alert"] == "participant_unacknowledged"]
    return next((about.rpartition(": ")[2] for about in standing if about.startswith(f"{code_name} (")), None)


async def until_unacknowledged(samsyn: Samsyn, code_name: str, parties: str | None) -> None:
    """Wait until the alert names these parties."""
    until = time.monotonic() + DEADLINE_SECONDS
    while (now := await unacknowledged(samsyn, code_name)) != parties:
        assert time.monotonic() < until, f"the alert names {now}, not {parties}"
        await asyncio.sleep(0.2)


async def acknowledge(centre: CentreAtWork, friday: Friday, *agencies: str) -> None:
    """Agencies have seen the newest word of the operation that lost its police."""
    moved = centre.party(AV).told(OperationRescheduled, centre.since)[-1].message
    operation_id = centre.operation(friday.lost)
    told = {"operation_id": operation_id, "plan_version": moved.plan_version, "by_function": "team_leader"}
    await centre.tell(*(NotificationAcknowledged.model_validate({**told, "agency": agency}) for agency in agencies))


async def test_a_rescued_operation_tells_what_took_its_police_and_no_place(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-syd"))
    centre, operation_id = friday.centre, friday.centre.operation(friday.lost)
    await centre.a_spare_session()
    said = await centre.cancel(friday.lost)
    plan = await centre.plan_after(said.id)
    await samsyn.quiet()
    await acknowledge(centre, friday, AV)
    await samsyn.quiet()

    told = await why(samsyn, operation_id)
    text = account(told)

    moved = next(event for event in told["events"] if event["name"] == "OperationRescheduled")
    behind = [event["name"] for event in told["events"] if event["id"] in moved["chain"]]
    assert {"PoliceCancelled", "PlanPublished"} <= set(behind)
    assert said.id in moved["chain"]
    assert (moved["trace_id"], [one["party"] for one in moved["acknowledged"]]) == (_trace(said.traceparent), [AV])
    assert {AV, SKV, POLICE, "akc-syd"} <= {one["party"] for one in moved["told"]}
    lines = text.splitlines()
    (lost_at,) = [n for n, line in enumerate(lines) if f"cancelled its session {friday.lost.capacity_id}" in line]
    (moved_at,) = [n for n, line in enumerate(lines) if "changed (" in line and "[because of" in line]
    assert "(a shooting)" in lines[lost_at]
    assert lost_at < moved_at
    assert any(line.split()[5:7] == ["plan", str(plan.message.plan_version)] for line in lines)
    site = friday.inspections[0].site
    secret = {site.address, site.name, site.organisation_number, site.municipality, site.industry, site.site_id}
    assert secret & set(leaves(told)) == set()
    assert [word for word in (site.address, site.name, site.site_id) if word is not None and word in text] == []


def _trace(traceparent: str | None) -> str:
    return (traceparent or "").split("-")[1]


async def test_participants_who_have_not_seen_the_change_are_told_until_they_have(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-mitt"))
    centre = friday.centre
    await centre.a_spare_session()
    await centre.plan_after((await centre.cancel(friday.lost)).id)
    await samsyn.quiet()
    code_name = centre.scheduled(friday.lost).message.code_name

    await until_unacknowledged(samsyn, code_name, ", ".join(sorted((AV, POLICE, SKV))))
    await acknowledge(centre, friday, AV, SKV)
    await until_unacknowledged(samsyn, code_name, POLICE)
    await acknowledge(centre, friday, POLICE)
    await until_unacknowledged(samsyn, code_name, None)
