"""Kafka as a client sees it that is not ours: kcat, else Kafka's own console consumer."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from samsyn_local import artifacts

CONSOLE = "org.apache.kafka.tools.consumer.ConsoleConsumer"
READ_SECONDS = 120


@dataclass(frozen=True)
class Written:
    """A record as it stands in the log."""

    topic: str
    partition: int
    offset: int
    key: str
    headers: tuple[tuple[str, str], ...]
    body: str
    written_ms: int = 0

    def header(self, name: str) -> str:
        """A header, empty if there is none."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def id(self) -> str:
        """The event's id."""
        return self.header("ce_id")

    @property
    def source(self) -> str:
        """Who said it."""
        return self.header("ce_source")

    @property
    def name(self) -> str:
        """The message's name."""
        parts = self.header("ce_type").split(".")
        return parts[-2] if len(parts) > 2 else ""

    @property
    def body_hash(self) -> str:
        """The body's SHA-256."""
        return hashlib.sha256(self.body.encode()).hexdigest()


def reader_name() -> str:
    """The client that reads."""
    return "kcat" if shutil.which("kcat") else "Kafka's console consumer"


def read(kafka: str, topics: Iterable[str]) -> list[Written]:
    """Every record of the topics, from their beginning to their end now."""
    with_kcat = shutil.which("kcat")
    if with_kcat:
        return [one for topic in topics for one in _by_kcat(with_kcat, kafka, topic)]
    return [one for topic in topics for one in _by_console(kafka, topic)]


def _by_kcat(kcat: str, kafka: str, topic: str) -> Iterator[Written]:
    command = [kcat, "-b", kafka, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-J"]
    for line in _lines(command):
        told = json.loads(line)
        pairs = told.get("headers") or []
        headers = tuple(zip(pairs[::2], pairs[1::2], strict=True))
        place = (told["topic"], told["partition"], told["offset"])
        yield Written(*place, told["key"] or "", headers, told["payload"] or "", told["ts"])


def _by_console(kafka: str, topic: str) -> Iterator[Written]:
    jars = artifacts.program("kafka_tools", lambda _sentence: None)
    shown = [f"print.{what}=true" for what in ("headers", "key", "offset", "partition")]
    command = [artifacts.java(), "-cp", artifacts.class_path(jars), CONSOLE, "--bootstrap-server", kafka]
    command += ["--topic", topic, "--from-beginning", "--timeout-ms", "4000"]
    for line in _lines([*command, *(word for one in shown for word in ("--property", one))]):
        partition, offset, headers, key, body = line.split("\t", 4)
        pairs = tuple(_pair(one) for one in headers.split(",") if ":" in one)
        place = (topic, int(partition.partition(":")[2]), int(offset.partition(":")[2]))
        yield Written(*place, "" if key == "null" else key, pairs, body)


def _pair(told: str) -> tuple[str, str]:
    name, _, value = told.partition(":")
    return name, value


def _lines(command: Sequence[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, timeout=READ_SECONDS, check=False)
    if done.returncode != 0 and not done.stdout and b"Processed a total" not in done.stderr:
        raise OSError(f"{command[0]} did not read: {done.stderr.decode(errors='replace')[:300]}")
    return [line for line in done.stdout.decode().split("\n") if line]
