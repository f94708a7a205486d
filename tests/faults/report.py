"""What a run tells: report.json for machines, report.md for people, and a line per finding on the way."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.faults.comparing import Found
from tests.faults.faults import Struck

FOLDER = Path("var/faults")
PACKAGES = ("aiokafka", "faststream", "SQLAlchemy", "pydantic", "asyncpg", "samsyn-chassis")
LEAST_SHARE = 0.8


@dataclass
class Report:
    """One run."""

    seed: int
    command: str
    versions: Mapping[str, str] = field(default_factory=dict)
    struck: list[Struck] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def add(self, phase: str, found: Sequence[Found]) -> None:
        """Add what a phase found to what the others did: one line per check."""
        for one in found:
            if one.broken:
                say(f"VIOLATION {one.promise}: {len(one.broken)} {one.what}: {one.broken[:3]}")
            known = next((number for number, other in enumerate(self.found) if other.what == one.what), None)
            told = replace(one, broken=[f"{phase}: {which}" for which in one.broken])
            if known is None:
                self.found.append(told)
            else:
                other = self.found[known]
                self.found[known] = replace(other, num=other.num + told.num, broken=[*other.broken, *told.broken])

    def count(self, what: str, num: int) -> None:
        """Add to a figure."""
        self.figures[what] = self.figures.get(what, 0) + num

    def skip(self, sentence: str) -> None:
        """Note what could not be done here, and why."""
        say(f"skipped: {sentence}")
        self.skipped.append(sentence)

    @property
    def happened(self) -> list[Struck]:
        """The faults that are shown to have happened."""
        return [one for one in self.struck if one.happened]

    @property
    def share_met(self) -> float:
        """The share of those that met work under way."""
        return sum(bool(one.met) for one in self.happened) / max(1, len(self.happened))

    @property
    def checks(self) -> list[Found]:
        """What every phase found, and whether anything stuck after a fault had been healed."""
        stuck = [f"{one.fault.name}: {one.stuck}" for one in self.struck if one.stuck]
        left = Found("P11", "faults after whose healing work was left", len(self.happened), [*stuck, *self.left])
        return [*self.found, left]

    @property
    def violations(self) -> list[str]:
        """Everything that breaks a promise."""
        return [f"{f.promise}: {len(f.broken)} {f.what}: {f.broken[:3]}" for f in self.checks if f.broken]

    @property
    def is_sound(self) -> bool:
        """Whether no promise was broken, and the faults were what they claim to be."""
        is_real = len(self.happened) >= LEAST_SHARE * max(1, len(self.struck)) and self.share_met >= LEAST_SHARE
        return not self.violations and is_real

    def write(self, folder: Path = FOLDER) -> None:
        """Write both forms."""
        folder.mkdir(parents=True, exist_ok=True)
        told = json.dumps(self.as_facts(), indent=2, ensure_ascii=False)
        (folder / "report.json").write_text(told + "\n", encoding="utf-8")
        (folder / "report.md").write_text(self.page(), encoding="utf-8")

    def as_facts(self) -> dict[str, Any]:
        """Everything, as plain values."""
        return {
            "command": self.command,
            "seed": self.seed,
            "machine": machine(),
            "versions": self.versions,
            "faults": {"struck": len(self.struck), "happened": len(self.happened), "share_met": self.share_met},
            "by_kind": by_kind(self.struck),
            "bound": None if not self.happened else 3 / len(self.happened),
            "seconds": {name: spread(values) for name, values in _times(self.struck).items()},
            "promises": [asdict(one) for one in self.checks],
            "figures": self.figures,
            "skipped": self.skipped,
            "violations": self.violations,
            "each": [{**asdict(one), "name": one.fault.name} for one in self.struck],
        }

    def page(self) -> str:
        """The page for people."""
        facts = self.as_facts()
        num = len(self.happened)
        lines = [
            "# Faults",
            "",
            f"`{self.command}`, seed {self.seed}: **{len(self.violations)} violations** in {num} faults"
            + (
                f"; with none, the bound of their share is 3/n = {3 / num:.4f}." if num and not self.violations else "."
            ),
            f"{num} of {len(self.struck)} faults are shown to have happened; "
            f"{self.share_met:.0%} of those met work under way (at least {LEAST_SHARE:.0%} must).",
            "",
            *(f"- VIOLATION {one}" for one in self.violations),
            "",
            "| promise | what must be none | found | of |",
            "|---|---|---|---|",
            *(f"| {f.promise} | {f.what} | {len(f.broken)} | {f.num} |" for f in self.checks),
            "",
            "| fault | struck | happened | met work |",
            "|---|---|---|---|",
            *(f"| {k} | {v['struck']} | {v['happened']} | {v['met']} |" for k, v in facts["by_kind"].items()),
            "",
            "| seconds after healing to | n | p50 | p95 | max |",
            "|---|---|---|---|---|",
            *(f"| {k} | {s['n']} | {s['p50']} | {s['p95']} | {s['max']} |" for k, s in facts["seconds"].items()),
            "",
            *(f"- {name}: {value}" for name, value in {**self.figures, **facts["machine"], **self.versions}.items()),
            *(f"- skipped: {sentence}" for sentence in self.skipped),
        ]
        return "\n".join(lines) + "\n"


def by_kind(struck: Sequence[Struck]) -> dict[str, dict[str, int]]:
    """Counts by kind and target."""
    names = sorted({one.fault.name for one in struck})
    return {
        name: {
            "struck": sum(one.fault.name == name for one in struck),
            "happened": sum(one.fault.name == name and one.happened for one in struck),
            "met": sum(one.fault.name == name and one.happened and bool(one.met) for one in struck),
        }
        for name in names
    }


def _times(struck: Sequence[Struck]) -> dict[str, list[float]]:
    happened = [one for one in struck if one.happened]
    return {
        "the first acknowledgement": [s for one in happened if (s := one.seconds_to_first_ack) is not None],
        "lag 0": [s for one in happened if (s := one.seconds_to_lag_nil) is not None],
    }


def spread(values: Sequence[float]) -> dict[str, float | int | None]:
    """n, p50, p95 and the largest."""
    ordered = sorted(values)
    if not ordered:
        return {"n": 0, "p50": None, "p95": None, "max": None}
    at = [ordered[max(0, -int(-share * len(ordered) // 1) - 1)] for share in (0.5, 0.95, 1.0)]
    return {"n": len(ordered), "p50": at[0], "p95": at[1], "max": at[2]}


def machine() -> dict[str, Any]:
    """Where it ran."""
    return {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2), "system": platform.platform()}


def versions(parts: Mapping[str, str]) -> dict[str, str]:
    """What ran: Samsyn's own revision where there is one, servers, packages."""
    asked = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    packages = {name: version(name) for name in PACKAGES}
    return {"samsyn": told, "python": platform.python_version(), **parts, **packages}


def line_of(struck: Struck) -> str:
    """A fault in one line of progress."""
    happened = "happened" if struck.happened else "DID NOT HAPPEN"
    times = f"first ack {struck.seconds_to_first_ack} s, lag 0 {struck.seconds_to_lag_nil} s {struck.stuck}"
    return f"{struck.fault.name}: {happened} ({struck.evidence}); {struck.met or 'met no work'}; {times}"


def counted(struck: Sequence[Struck]) -> str:
    """A line of progress: how many of each kind."""
    kinds = Counter(one.fault.kind for one in struck)
    return ", ".join(f"{num} {kind}" for kind, num in sorted(kinds.items()))


def say(sentence: str) -> None:
    """Progress."""
    print(sentence, file=sys.stderr, flush=True)
