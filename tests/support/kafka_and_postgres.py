"""A real Kafka and a real PostgreSQL for tests: containers where an engine has the images, else samsyn_local.

Loaded as a plugin by tests/conftest.py: `pytest_plugins = ["tests.support.kafka_and_postgres"]`.
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from samsyn_local import kafka as local_kafka
from samsyn_local import postgres as local_postgres
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.run_folder import RunFolder

KAFKA_IMAGE = "apache/kafka:4.4.0"
POSTGRES_IMAGE = "postgres:18"

FreshDatabase = Callable[[str], str]


@cache
def has_containers() -> bool:
    """Whether a Docker engine answers here and has, or can fetch, both images."""
    if not (os.environ.get("DOCKER_HOST") or Path("/var/run/docker.sock").exists()):
        return False
    from testcontainers.core.docker_client import DockerClient

    try:
        images = DockerClient(timeout=5).client.images
        return all(images.list(name) or images.get_registry_data(name) for name in (KAFKA_IMAGE, POSTGRES_IMAGE))
    except Exception:  # whatever the engine or its registry answers but yes, tests go without it
        return False


def pytest_report_header() -> str:
    """Say which Kafka and PostgreSQL the tests stand on."""
    given = os.environ.get("SAMSYN_KAFKA")
    where = f"given ({given})" if given else "containers" if has_containers() else "samsyn_local, without containers"
    return f"kafka and postgres: {where}"


@pytest.fixture(scope="session")
def infrastructure() -> Iterator[Infrastructure]:
    """Kafka with every declared topic and PostgreSQL with a database per service, once per session."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="samsyn-test-"))
        given = dict(os.environ)
        if "SAMSYN_KAFKA" not in given and has_containers():
            given |= stack.enter_context(_containers())
        yield stack.enter_context(Infrastructure.start(Path(folder), given=given))


@pytest.fixture(scope="session")
def kafka(infrastructure: Infrastructure) -> str:
    """The broker's host:port; topics hold what earlier tests said (see `fresh_topics`)."""
    return infrastructure.kafka


@pytest.fixture(scope="session")
def database(infrastructure: Infrastructure) -> Callable[[str], str]:
    """The DSN of a service's database, which all tests of the session share (see `fresh_database`)."""
    return infrastructure.database


@pytest.fixture(scope="module")
def fresh_topics(infrastructure: Infrastructure) -> str:
    """Every declared topic without a record when the test module begins; the broker's host:port."""
    infrastructure.empty_topics()
    return infrastructure.kafka


@pytest.fixture(scope="module")
def fresh_database(infrastructure: Infrastructure) -> Iterator[FreshDatabase]:
    """`fresh_database("planning")` makes an empty database for this test module and gives its DSN."""
    made: list[str] = []

    def make(name: str) -> str:
        made.append(f"{name}_{secrets.token_hex(4)}")
        return infrastructure.create_database(made[-1])

    yield make
    for name in made:
        infrastructure.drop_database(name)


@contextmanager
def _containers() -> Iterator[dict[str, str]]:
    """Kafka and PostgreSQL as containers, said as `samsyn up` is told of given ones."""
    from testcontainers.core.container import DockerContainer

    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        port = RunFolder(Path(folder)).port("kafka")
        broker = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port)
        for name, value in _broker_settings(port).items():
            broker = broker.with_env(name, value)
        stack.enter_context(broker)
        server = DockerContainer(POSTGRES_IMAGE).with_env("POSTGRES_HOST_AUTH_METHOD", "trust").with_exposed_ports(5432)
        stack.enter_context(server)
        address = f"127.0.0.1:{server.get_exposed_port(5432)}"
        local_kafka.wait_answering(f"127.0.0.1:{port}")
        local_postgres.wait_answering(address)
        local_postgres.create_databases(local_postgres.dsn(address, "postgres"), SERVICES)
        databases = {f"SAMSYN_DATABASE_{name.upper()}": local_postgres.dsn(address, name) for name in SERVICES}
        yield {"SAMSYN_KAFKA": f"127.0.0.1:{port}", **databases}


def _broker_settings(port: int) -> dict[str, str]:
    """The image's settings in place of all its defaults: it advertises the port bound on this machine."""
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_MESSAGE_MAX_BYTES": str(local_kafka.LARGEST_BATCH),
    }
