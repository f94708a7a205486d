"""`samsyn demo`: the main job on real input, from an empty machine to a table and the evidence behind it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from aiokafka import AIOKafkaConsumer, TopicPartition
from samsyn_adapter_sdk.telemetry import start_telemetry, stop_telemetry
from samsyn_contracts.bus import PLANNING
from samsyn_contracts.capacity import PoliceCancelled
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.run_folder import RunFolder
from samsyn_local.services import services

from samsyn_demo.agencies.hosting import Agencies
from samsyn_demo.barrier import Barrier
from samsyn_demo.disturbances import check_covers, losses, lost_once, read_disturbances, storm
from samsyn_demo.drive import Drive
from samsyn_demo.evidence import EVENTS, LEDGER, REPLANS, SUMMARY, RunFacts, read_events
from samsyn_demo.input_error import DemoInputError
from samsyn_demo.judge import write_summary
from samsyn_demo.ledger_table import ALL
from samsyn_demo.people import tell_of_the_desk, the_people
from samsyn_demo.places import day_of
from samsyn_demo.records import PoliceLoss, World
from samsyn_demo.table import end_table
from samsyn_demo.world import build_world

CENTRES = ["akc-vast", "akc-stockholm"]
PACKAGES = ("faststream", "aiokafka", "pydantic", "sqlmodel", "samsyn-contracts")


def demo(
    centre: Annotated[list[str], typer.Option(help="Party code of a centre; may be given several times.")] = CENTRES,
    from_: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "2025-05-05",
    weeks: Annotated[int, typer.Option(min=1, max=8, help="How many weeks.")] = 4,
    events: Annotated[Path | None, typer.Option(help="File of disturbances, same form as the police's.")] = None,
    p_b: Annotated[float, typer.Option("--p-b", help="Probability that a class B disturbance takes a session.")] = 0.3,
    seed: Annotated[int, typer.Option(help="Seed of all that is drawn.")] = 1,
    folder: Annotated[Path, typer.Option("--dir", help="Where the evidence goes.")] = Path("var/demo"),
) -> None:
    """Four weeks of two centres: published disturbances cancel police sessions, and the plans follow by themselves."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        raise typer.Exit(_demo(centre, from_, weeks, events, p_b, seed, folder))
    except (DemoInputError, StartError) as error:
        typer.echo(f"samsyn demo: {error}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        typer.echo("samsyn demo: interrupted; everything it had started is stopped", err=True)
        raise typer.Exit(130) from None


def _demo(centres: list[str], from_: str, weeks: int, events: Path | None, p_b: float, seed: int, folder: Path) -> int:
    began = time.monotonic()
    worlds, taken, facts = _prepare(centres, from_, weeks, events, p_b, seed)
    _empty(folder)
    facts.write(folder)
    for world in worlds:
        size = f"{len(world.passes)} police sessions, {len(world.sites)} sites"
        typer.echo(f"Samsyn: {world.centre}, {weeks} weeks from {from_}, {size}")
    with Infrastructure.start(folder / "run", traces=True, say=_progress) as infrastructure:
        secret = infrastructure.run.token_secret()
        start_at = (worlds[0].starts_at - timedelta(hours=1)).isoformat()
        env = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": start_at, "SAMSYN_TOKEN_SECRET": secret}
        with services(infrastructure, SERVICES, env) as running:
            _progress("exchange, planning, inspection and reporting are up")
            addresses = {name: f"http://127.0.0.1:{running.http_port(name)}" for name in SERVICES}
            with the_people(infrastructure, addresses["exchange"], _progress):
                ledger = asyncio.run(_drive(worlds, taken, infrastructure, addresses, secret, folder, events))
    (folder / LEDGER).write_text(json.dumps(ledger, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    summary = write_summary(folder)
    typer.echo("")
    typer.echo(end_table(summary))
    _tell_trace(folder)
    tell_of_the_desk(folder, _progress)
    typer.echo(
        f"Evidence: {folder / SUMMARY}, {folder / LEDGER}, {folder / REPLANS}/, {folder / EVENTS}  "
        f"({time.monotonic() - began:.0f} s)"
    )
    return 1 if summary["broken"] else 0


def _prepare(
    centres: list[str], from_: str, weeks: int, events: Path | None, p_b: float, seed: int
) -> tuple[tuple[World, ...], tuple[PoliceLoss, ...], RunFacts]:
    codes = tuple(dict.fromkeys(centres))
    worlds = tuple(build_world(code, _day(from_), weeks, seed) for code in codes)
    rows, counts = read_disturbances(events)
    check_covers(counts, worlds[0])
    real = {world.centre: losses(world, rows, p_b, seed) for world in worlds}
    stormed = {world.centre: storm(world, real[world.centre], seed) for world in worlds}
    taken = {code: lost_once([*real[code], *stormed[code]]) for code in codes}
    facts = RunFacts(
        centres=codes,
        from_day=from_,
        weeks=weeks,
        seed=seed,
        p_b=p_b,
        events=str(events) if events else "storningar_2023-04_2025-06.csv",
        num_real_losses={code: sum(loss in real[code] for loss in taken[code]) for code in codes},
        num_storm_losses={code: sum(loss in stormed[code] for loss in taken[code]) for code in codes},
        disturbances=counts.facts(),
        versions={"python": sys.version.split()[0], **{name: version(name) for name in PACKAGES}},
    )
    return worlds, lost_once([loss for code in codes for loss in taken[code]]), facts


async def _drive(
    worlds: tuple[World, ...],
    taken: tuple[PoliceLoss, ...],
    infrastructure: Infrastructure,
    addresses: dict[str, str],
    secret: str,
    folder: Path,
    events: Path | None,
) -> dict[str, Any]:
    start_telemetry("agencies", infrastructure.otlp)
    agencies = Agencies(
        worlds, taken, infrastructure.kafka, addresses["exchange"], _tokens(secret), folder / "run" / "agencies", events
    )
    topics = [topic.name for topic in infrastructure.topics]
    barrier = Barrier(infrastructure.kafka, list(addresses.values()), agencies.is_idle, agencies.heard_offsets, topics)
    await barrier.start()
    await agencies.start()
    try:
        drive = Drive(worlds, agencies, barrier, addresses["exchange"], addresses["planning"], folder, _progress)
        await drive.run()
        await _keep_records(infrastructure.kafka, topics, folder / EVENTS)
        return await _ledger(worlds, addresses["reporting"])
    finally:
        await agencies.stop()
        await barrier.stop()
        stop_telemetry()


async def _ledger(worlds: tuple[World, ...], reporting: str) -> dict[str, Any]:
    """The reporting service's ledger and indicators of each centre and of all, for operations of the weeks."""
    kept: dict[str, Any] = {}
    async with httpx.AsyncClient(base_url=reporting, timeout=30) as client:
        first, last = day_of(worlds[0].starts_at), day_of(worlds[0].ends_at - timedelta(seconds=1))
        for named in [ALL, *(world.centre for world in worlds)]:
            codes = [world.centre for world in worlds if named in (ALL, world.centre)]
            asked = {"centre": codes, "from": first.isoformat(), "to": last.isoformat()}
            answers = {name: await client.get(f"/v1/{name}", params=asked) for name in ("ledger", "indicators")}
            kept[named] = {name: answer.raise_for_status().json() for name, answer in answers.items()}
    return kept


async def _keep_records(kafka: str, topics: list[str], path: Path) -> None:
    """Every record of every topic, from its first offset to its last, one line each."""
    _progress("reading every record of every topic")
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [
            TopicPartition(t, p)
            for t in topics
            for p in sorted(consumer.partitions_for_topic(t) or await _known(consumer, t))
        ]
        consumer.assign(partitions)
        ends = {p: end for p, end in (await consumer.end_offsets(partitions)).items() if end > 0}
        with path.open("w", encoding="utf-8") as lines:
            while ends:
                batches = await consumer.getmany(timeout_ms=500)
                for partition, records in batches.items():
                    lines.writelines(_line(record) for record in records)
                    if records and records[-1].offset + 1 >= ends.get(partition, 0):
                        ends.pop(partition, None)
    finally:
        await consumer.stop()


async def _known(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    return set(await consumer._client._wait_on_metadata(topic))


def _line(record: Any) -> str:
    told = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp_ms": record.timestamp,
        "key": None if record.key is None else record.key.decode("utf-8", "replace"),
        "headers": {name: value.decode("utf-8", "replace") for name, value in record.headers},
        "body": json.loads(record.value) if record.value else None,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"


def _tell_trace(folder: Path) -> None:
    """The trace of the last cancellation, from the duty system to the last participant."""
    records = list(read_events(folder))
    lost = {r.event_id for r in records if r.headers.get("ce_type") == PoliceCancelled.type_name()}
    for record in reversed(records):
        told = (record.body or {}).get("cause_event_ids", ())
        traceparent = record.headers.get("traceparent", "")
        if record.topic == PLANNING and lost & set(told) and traceparent and "from_slot" in (record.body or {}):
            address = f"http://127.0.0.1:{RunFolder(folder / 'run').port('zipkin')}/zipkin/traces/"
            typer.echo(f"One whole trace: {address}{traceparent.split('-')[1]}")
            typer.echo(f"  once `samsyn traces --dir {folder / 'run'}` shows this run's spans")
            return


def _tokens(secret: str) -> Callable[[str], str]:
    def token_for(party: str) -> str:
        return hmac.new(secret.encode(), party.encode(), hashlib.sha256).hexdigest()

    return token_for


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DemoInputError("--from", f"{text!r} is no day", "Give YYYY-MM-DD, such as 2025-05-05.") from None


def _empty(folder: Path) -> None:
    holder = RunFolder(folder / "run").holder()
    if holder is not None:
        problem = f"process {holder} is running a demo in {folder}"
        raise DemoInputError("--dir", problem, "Wait for it, or give another folder.")
    for name in ("replans", "run"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (EVENTS, LEDGER, SUMMARY):
        (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def _progress(sentence: str) -> None:
    typer.echo(sentence)


def _interrupt(*_signal: object) -> None:
    raise KeyboardInterrupt
