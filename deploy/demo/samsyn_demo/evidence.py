"""Reads what a run left behind: each replan's plan before, problem and plan, every record, and the run's facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Form = Mapping[str, Any]

REPLANS, EVENTS, RUN_FACTS, SUMMARY = "replans", "events.ndjson", "run.json", "summary.json"
LEDGER = "ledger.json"


class EvidenceError(ValueError):
    """Evidence that cannot be read; names the file (and line) and what is missing."""


@dataclass(frozen=True)
class RunFacts:
    """What was run, and what was assumed; the losses are police sessions, by centre."""

    centres: tuple[str, ...]
    from_day: str
    weeks: int
    seed: int
    p_b: float
    events: str
    num_real_losses: Mapping[str, int]
    num_storm_losses: Mapping[str, int]
    disturbances: Mapping[str, int | str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Keep the facts as `run.json` in the folder of the evidence."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / RUN_FACTS).write_text(text + "\n", "utf-8")


@dataclass(frozen=True)
class Replan:
    """One replan: the plan in force before it (None for the first), the problem, and the plan it published."""

    centre: str
    number: int
    before: Form | None
    problem: Form
    plan: Form

    @property
    def operations_before(self) -> tuple[Form, ...]:
        """The operations of the plan in force before."""
        return tuple(self.before["operations"]) if self.before else ()


@dataclass(frozen=True)
class Record:
    """A record of Kafka as the run saw it; `body` is the decoded JSON object, None where there was none."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: str | None
    headers: Mapping[str, str]
    body: Form | None

    @property
    def event_id(self) -> str | None:
        """The CloudEvents id."""
        return self.headers.get("ce_id")

    @property
    def said(self) -> str:
        """The name of the message, as "PoliceCancelled"; empty where the type cannot be read."""
        return self.headers.get("ce_type", "").removeprefix("se.samsyn.").rpartition(".")[0]


def read_replans(folder: Path) -> tuple[Replan, ...]:
    """The replans of `folder`/replans/<centre>, by centre and in the order of their numbers."""
    numbered = [path for path in (folder / REPLANS).glob("*/*") if path.is_dir() and path.name.isdigit()]
    return tuple(_replan(path) for path in sorted(numbered, key=lambda path: (path.parent.name, int(path.name))))


def _replan(path: Path) -> Replan:
    before, problem, plan = (_json(path / f"{name}.json") for name in ("before", "problem", "plan"))
    if problem is None or plan is None:
        raise EvidenceError(f"{path}: problem.json and plan.json must hold an object, not null")
    return Replan(path.parent.name, int(path.name), before, problem, plan)


def read_events(folder: Path) -> Iterator[Record]:
    """The records of `folder`/events.ndjson, one a line, in the order written."""
    path = folder / EVENTS
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                told = json.loads(line)
                yield Record(
                    topic=told["topic"],
                    partition=told["partition"],
                    offset=told["offset"],
                    timestamp_ms=told["timestamp_ms"],
                    key=told.get("key"),
                    headers=told["headers"],
                    body=told.get("body"),
                )
            except (ValueError, KeyError, TypeError) as error:
                raise EvidenceError(f"{path}, line {number}: {error!r}") from None


def read_run_facts(folder: Path) -> RunFacts:
    """The run's facts; EvidenceError if the file is not there or lacks one."""
    try:
        told = _json(folder / RUN_FACTS) or {}
        return RunFacts(**{**told, "centres": tuple(told["centres"])})
    except (KeyError, TypeError) as error:
        raise EvidenceError(f"{folder / RUN_FACTS}: {error}") from None


def read_ledger(folder: Path) -> Form:
    """What the reporting service counted in the run: its pages by centre; empty where the run kept none."""
    return (_json(folder / LEDGER) or {}) if (folder / LEDGER).exists() else {}


def _json(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{path}: {error}") from None
    if told is not None and not isinstance(told, dict):
        raise EvidenceError(f"{path}: neither an object nor null")
    return told
