"""A cancellation said by a client that is not ours, Kafka's own console producer, has the same effect as any other."""

from __future__ import annotations

import asyncio
import uuid

from samsyn_contracts.bus import from_topic
from samsyn_contracts.operations import OperationRescheduled
from samsyn_local import artifacts

from tests.e2e.centre_at_work import AV, a_confirmed_friday, centre_at_work
from tests.support.samsyn import Samsyn

PRODUCER = "org.apache.kafka.tools.ConsoleProducer"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SAYING_SECONDS = 60


async def say_on_the_console(kafka: str, topic: str, line: str) -> None:
    """One line `name:value,name:value<tab>body` to Kafka's producer, as an operator would type it."""
    jars = await asyncio.to_thread(artifacts.program, "kafka_tools", lambda _sentence: None)
    command = [artifacts.java(), "-cp", artifacts.class_path(jars), PRODUCER]
    command += ["--bootstrap-server", kafka, "--topic", topic, "--property", "parse.headers=true"]
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(f"{line}\n".encode()), SAYING_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, told.decode()


async def test_kafkas_own_console_producer_cancels_a_session(samsyn: Samsyn) -> None:
    friday = await a_confirmed_friday(await centre_at_work(samsyn, "akc-nord"))
    centre, event_id = friday.centre, f"console-{uuid.uuid4()}"
    spare = await centre.a_spare_session()
    headers = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": "urn:samsyn:polisen",
        "ce_type": "se.samsyn.PoliceCancelled.v1",
        "ce_time": samsyn.now_at.isoformat(),
        "ce_centre": centre.code,
        "ce_environment": "test",
        "traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01",
    }
    body = f'{{"capacity_id": "{friday.lost.capacity_id}", "cause_code": "shooting"}}'
    line = ",".join(f"{name}:{value}" for name, value in headers.items())

    await say_on_the_console(samsyn.infrastructure.kafka, from_topic("polisen"), f"{line}\t{body}")

    await centre.police.admitted(event_id)
    await centre.plan_after(event_id)
    moved = await centre.party(AV).hear(OperationRescheduled, since=centre.since)
    assert moved.message.to_slot.session_id == spare.capacity_id
    assert moved.record.trace_id == TRACE_ID
