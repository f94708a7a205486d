"""Apache Kafka in KRaft mode: one node that is both broker and controller, on the loopback."""

import asyncio
import base64
import contextlib
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from samsyn_local import artifacts
from samsyn_local.artifacts import Say, class_path, program, version_of
from samsyn_local.failure import StartError
from samsyn_local.processes import Part, clean_environment
from samsyn_local.run_folder import RunFolder

LOGGING = artifacts.POMS / "kafka" / "log4j2.xml"
# Compiling less thoroughly nearly halves the processor time of a start (3 s of it, not 5), and a
# broker for a demo or a test never earns the rest back.
FLAGS = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

# A party may send an event of up to 1 MiB, which the exchange refuses itself (it takes at most
# 256 KiB); the 64 KiB above are for headers and framing. 2 MB is refused by the broker.
LARGEST_BATCH = (1024 + 64) * 1024

# After a SIGKILL the controller lets the broker back when its old session has ended: 4 s, not 9.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
message.max.bytes={largest_batch}
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
log.index.size.max.bytes=1048576
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=500
"""


def broker(run: RunFolder, mark: str, say: Say) -> Part:
    """The broker of this run, formatted if it is new; started by the caller.

    Raises StartError when Java or, the first time, Maven is missing.
    """
    java = artifacts.java()
    jars = program("kafka", say)
    archive = _class_archive(java, jars, say)
    port = run.port("kafka")
    properties = _write_properties(run.path / "kafka", port, run.port("kafka_controller"))
    _format(java, jars, properties)
    return Part(
        name="kafka",
        command=_command(java, jars, properties, *_shared(archive)),
        environment=clean_environment(mark),
        log=run.log("kafka"),
        address=f"127.0.0.1:{port}",
        is_ready=lambda: is_answering(f"127.0.0.1:{port}"),
        version=version_of("kafka"),
    )


def is_answering(bootstrap: str) -> bool:
    """Whether a broker answers a request for metadata and names itself in it."""
    host, _, port = bootstrap.rpartition(":")
    with contextlib.suppress(OSError):
        socket.create_connection((host, int(port)), timeout=1.0).close()
        return asyncio.run(_has_metadata(bootstrap))
    return False


def wait_answering(bootstrap: str, timeout_seconds: float = 60.0) -> None:
    """Wait for a broker that somebody else started; StartError when it does not answer in time."""
    until = time.monotonic() + timeout_seconds
    while not is_answering(bootstrap):
        if time.monotonic() > until:
            raise StartError(f"No Kafka answered at {bootstrap} within {timeout_seconds:.0f} s.")
        time.sleep(0.1)


async def _has_metadata(bootstrap: str) -> bool:
    client = AIOKafkaClient(bootstrap_servers=bootstrap, request_timeout_ms=3000)
    try:
        await client.bootstrap()
        return bool(client.cluster.brokers())
    except KafkaError:
        return False
    finally:
        await client.close()


def _write_properties(folder: Path, broker_port: int, controller_port: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "server.properties"
    text = PROPERTIES.format(
        broker=broker_port, controller=controller_port, data=folder / "data", largest_batch=LARGEST_BATCH
    )
    path.write_text(text, encoding="utf-8")
    return path


def _command(java: str, jars: Path, properties: Path, *flags: str) -> list[str]:
    logging = f"-Dlog4j2.configurationFile={LOGGING}"
    return [java, *FLAGS, *flags, logging, "-cp", class_path(jars), "kafka.Kafka", str(properties)]


def new_cluster_id(draw: Callable[[], uuid.UUID] = uuid.uuid4) -> str:
    """A random id as Kafka writes one; none that begins with a dash, which its tools would take for an option."""
    while True:
        cluster_id = base64.urlsafe_b64encode(draw().bytes).decode().rstrip("=")
        if not cluster_id.startswith("-"):
            return cluster_id


def _format(java: str, jars: Path, properties: Path) -> None:
    """Format the storage on the first start; later starts find it formatted."""
    if (properties.parent / "data" / "meta.properties").exists():
        return
    cluster_id = new_cluster_id()
    tool = [java, *FLAGS, "-cp", class_path(jars), "kafka.tools.StorageTool"]
    command = [*tool, "format", "-t", cluster_id, "-c", str(properties)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StartError(f"Kafka could not format its storage:\n{done.stdout}{done.stderr}")


def _shared(archive: Path) -> list[str]:
    return [f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []


def _class_archive(java: str, jars: Path, say: Say) -> Path:
    """The archive of parsed classes that halves the broker's start, written once for this user and Java.

    Java writes it when a broker stops, so one is started and stopped in a folder of its own. Where
    that fails the broker only starts slower.
    """
    version = ".".join(str(part) for part in artifacts.java_version(java))
    archive = jars.parent / f"{jars.name}-classes-{version}.jsa"
    if archive.exists():
        return archive
    with artifacts.alone(archive.with_suffix(".lock")):
        if not archive.exists():
            say("Preparing Kafka's classes, once for this user")
            _write_class_archive(java, jars, archive)
    return archive


def _write_class_archive(java: str, jars: Path, archive: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = RunFolder(Path(folder))
        port = rehearsal.port("kafka")
        properties = _write_properties(rehearsal.path, port, rehearsal.port("kafka_controller"))
        _format(java, jars, properties)
        written = rehearsal.path / "classes.jsa"
        part = Part(
            name="kafka",
            command=_command(java, jars, properties, f"-XX:ArchiveClassesAtExit={written}"),
            environment=clean_environment(rehearsal.new_mark()),
            log=rehearsal.log("kafka"),
            address=f"127.0.0.1:{port}",
            is_ready=lambda: is_answering(f"127.0.0.1:{port}"),
        )
        part.start()
        try:
            part.wait_ready()
        finally:
            part.stop(timeout_seconds=60.0)
        if written.exists():
            beside = archive.with_suffix(".new")
            beside.write_bytes(written.read_bytes())
            beside.replace(archive)
