"""Starts a service: waits for its ground, then schema, relay, subscriptions, background work, and its pages."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uvicorn
from fastapi import APIRouter, FastAPI, Response
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from samsyn_chassis.alerts import Alerts, Evaluate, no_alerts
from samsyn_chassis.awaiting import grounds, until_all_answer
from samsyn_chassis.batches import Batches, Receive, Record
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.failures import where
from samsyn_chassis.logs import KnownLogs
from samsyn_chassis.placing import PlacedConsumer, ReadUntil
from samsyn_chassis.relay import Relay
from samsyn_chassis.settings import AnySettings, Settings, read_settings
from samsyn_chassis.telemetry import start_telemetry

logger = logging.getLogger(__name__)
STOP_SECONDS = 3
WAITING = sa.text("select count(*) from outbox where sent_at is null and parked_reason is null")
PARKED = sa.text("select count(*) from outbox where parked_reason is not null")


@dataclass(frozen=True)
class Subscription:
    """Topics read together, and what is done with their records."""

    topics: Sequence[str]
    receive: Receive


async def _is_idle() -> bool:
    return True


async def _shows_nothing(_transaction: Transaction) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Service:
    """What makes a service of its own on top of the chassis.

    `is_idle` tells whether background work is done, `alerts` what is wrong, `shows` what else /status tells.
    """

    name: str
    database: Database
    migrations: Path
    subscriptions: Sequence[Subscription]
    background: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
    routers: Sequence[APIRouter] = ()
    is_idle: Callable[[], Awaitable[bool]] = _is_idle
    alerts: Evaluate = no_alerts
    shows: Callable[[Transaction], Awaitable[Mapping[str, object]]] = _shows_nothing
    batches: list[Batches] = field(default_factory=list)


def run(build: Callable[[AnySettings], Service], kind: type[AnySettings]) -> None:
    """Run a service with the environment's settings until it is told to stop; Kafka and PostgreSQL are waited for."""
    settings = read_settings(kind)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Before anything is built: what a service starts for itself would have to end, too, when it is told to stop.
    if not asyncio.run(until_all_answer(_package_of(build), grounds(settings), settings)):
        return
    service = build(settings)
    start_telemetry(service.name, settings.otlp)
    application = web_application(service, settings)
    uvicorn.run(application, **served_as(settings))


def _package_of(build: Callable[..., Service]) -> str:
    """What a service is called before it is there: its package without the prefix."""
    return build.__module__.partition(".")[0].removeprefix("samsyn_")


def served_as(settings: Settings) -> dict[str, Any]:
    """How uvicorn serves a service: over TLS where a certificate is given; who still waits at a stop is let go."""
    return {
        "host": settings.http_host,
        "port": settings.http_port,
        "ssl_certfile": settings.http_certificate,
        "ssl_keyfile": settings.http_key,
        "timeout_graceful_shutdown": STOP_SECONDS,
        "log_level": "warning",
    }


def web_application(service: Service, settings: Settings) -> FastAPI:
    """The service as an ASGI application; its life is the service's life."""
    alerts = Alerts(service.name, service.database, service.alerts)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await service.database.migrate(service.migrations)
        read_until = ReadUntil(service.database)
        await KnownLogs(service.database, settings.connection).check(
            {topic for subscription in service.subscriptions for topic in subscription.topics}
        )
        broker = subscribe(service, settings, read_until)
        works = [Relay(settings).run(), alerts.run(), read_until.run(), *(work() for work in service.background)]
        tasks = [asyncio.create_task(work) for work in works]
        for task in tasks:
            task.add_done_callback(_stop_if_it_failed)
        await broker.connect()  # which sets the builder of consumers to aiokafka's own
        broker.config.broker_config.builder = partial(PlacedConsumer, database=service.database, **settings.connection)
        await broker.start()
        logger.info("%s is up", service.name)
        try:
            yield
        finally:
            await broker.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await service.database.close()

    # FastAPI would open three spans per request by itself, of pages too that are asked many times a minute.
    quiet: Any = {"tracing": False, "metrics": False}
    # The description alone: the pages that show it would load scripts from a CDN.
    described: Any = {"title": f"Samsyn: {service.name}", "version": version("samsyn-chassis"), "docs_url": None}
    application = FastAPI(lifespan=life, redoc_url=None, telemetry=quiet, **described)
    for router in (_pages(service, alerts), *service.routers):
        application.include_router(router)
    return application


def subscribe(service: Service, settings: Settings, read_until: ReadUntil) -> KafkaBroker:
    """A broker with the service's subscriptions: raw batches, offsets committed after the transaction."""
    broker = KafkaBroker(
        settings.kafka.split(","),
        client_id=f"samsyn-{service.name}",
        consumer_only=True,  # what is said goes through the outbox
        allow_auto_create_topics=False,
        apply_types=False,
        logger=None,
    )
    for number, subscription in enumerate(service.subscriptions):
        batches = Batches(service.name, service.database, settings, subscription.receive)
        service.batches.append(batches)
        subscriber = broker.subscriber(
            *subscription.topics,
            batch=True,
            group_id=group_name(service.name, number),
            group_instance_id=reader_name(settings.instance, subscription.topics),
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            max_records=settings.batch_records,
            fetch_max_wait_ms=100,
            batch_timeout_ms=1,  # FastStream sleeps as long when nothing came; CarefulConsumer waits by itself
            max_poll_interval_ms=15 * 60 * 1000,
            parser=_keep_raw,
            decoder=_undecoded,
        )
        subscriber(_taker(batches, read_until))
    return broker


def group_name(service: str, number: int) -> str:
    """The consumer group of one of a service's subscriptions, counted from 0."""
    return f"samsyn-{service}-{number}"


def reader_name(instance: str | None, topics: Sequence[str]) -> str | None:
    """Static membership: a named process that was killed has its partitions again as soon as it is back.

    The name holds a hash of the topics: to a member that comes back with others the broker gives what it had before.
    """
    return instance and f"{instance}-{hashlib.sha256(','.join(sorted(topics)).encode()).hexdigest()[:16]}"


async def _keep_raw(records: tuple[Record, ...], parse: Callable[..., Awaitable[KafkaMessage]]) -> KafkaMessage:
    """FastStream decodes headers as UTF-8 and drops a batch when one is not: it sees none of them, nor many records."""
    message = await parse((_without_headers(records[0]),))
    message.raw_message = records
    return message


def _without_headers(record: Any) -> Any:
    return dataclasses.replace(record, headers=())


async def _undecoded(message: KafkaMessage) -> KafkaMessage:
    return message


def _taker(batches: Batches, read_until: ReadUntil) -> Callable[[KafkaMessage], Awaitable[None]]:
    async def take(message: KafkaMessage) -> None:
        records: Any = message.raw_message
        await batches.take(records)
        await message.ack()
        read_until.note(records)

    return take


def _stop_if_it_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.critical("background work failed: the process stops and is started anew: %s", where(error))
        raise SystemExit(1)


def _pages(service: Service, alerts: Alerts) -> APIRouter:
    pages = APIRouter()

    @pages.get("/health")
    async def health() -> dict[str, object]:
        """The service and its database answer."""
        async with service.database.engine.connect() as connection:
            await connection.execute(sa.text("select 1"))
        return {"status": "up", "service": service.name}

    @pages.get("/status")
    async def status() -> dict[str, object]:
        """What waits, how far the topics are read, and what is wrong."""
        standing = await alerts.standing()
        # The outbox last of all: what has been done by then stands in it, and what comes of it is not missed.
        is_at_rest = not any(b.is_busy for b in service.batches) and await service.is_idle()
        async with service.database.transaction() as transaction:
            shown = await service.shows(transaction)
            waiting = (await transaction.execute(WAITING)).scalar()
            parked = (await transaction.execute(PARKED)).scalar()
        positions = {f"{t}:{p}": o for b in service.batches for (t, p), o in b.positions.items()}
        return {
            "service": service.name,
            "idle": is_at_rest and waiting == 0,
            "outbox_waiting": waiting,
            "outbox_parked": parked,
            "topics": sorted({topic for subscription in service.subscriptions for topic in subscription.topics}),
            "positions": positions,
            "alerts": [{"alert": a.name, "about": a.about, "since": a.since.isoformat()} for a in standing],
            **shown,
        }

    @pages.get("/metrics")
    async def metrics() -> Response:
        """Counters and gauges as Prometheus reads them."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return pages
