"""Plants a fault in a copy of its package, and runs the tests that must turn red over that copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from tests.plant.fault import Fault
from tests.plant.witness import NOT_THE_COPY, PLANTED

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
SOME_FAILED = 1
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "--no-header", "--tb=no")
FAILED = re.compile(r"^FAILED \S+::(\w+)", re.MULTILINE)


class CannotPlantError(Exception):
    """The text to replace is not there, or not there once: the list of faults is out of date."""


@dataclass(frozen=True)
class Outcome:
    """What a run of tests came to: `red` names the first test that failed, `trouble` says why nothing was shown."""

    seconds: float
    red: str | None = None
    trouble: str | None = None

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.trouble is not None:
            return "BROKEN"
        return "survived" if self.red is None else "red"


def plant(fault: Fault, folder: Path) -> None:
    """Copy the fault's package into a folder, changed; CannotPlantError where the text is not found once."""
    source = ROOT / fault.package
    num_found = (ROOT / fault.file).read_text(encoding="utf-8").count(fault.text)
    if num_found != 1:
        raise CannotPlantError(f"{fault.name}: the text to replace is {num_found} times in {fault.file}, not once")
    copy = folder / source.name
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
    planted = copy / Path(fault.file).relative_to(fault.package)
    text = planted.read_text(encoding="utf-8").replace(fault.text, fault.planted)
    if planted.suffix == ".py":
        compile(text, str(planted), "exec")
    planted.write_text(text, encoding="utf-8")
    _keep_kernels(source, copy)


def _keep_kernels(source: Path, copy: Path) -> None:
    """Let the copy use what the checkout has compiled, for half a minute less: Numba keeps it by the folder's path.

    Kernels lie under the fingerprint of all their sources: a copy with a fault among them finds nothing and compiles.
    """
    for kept in source.glob("**/__pycache__/kernels-*"):
        engine = copy / kept.parents[1].relative_to(source)
        mine = kept / _numba_folder(kept.parents[1])
        if mine.exists():
            shutil.copytree(mine, engine / "__pycache__" / kept.name / _numba_folder(engine))


def _numba_folder(engine: Path) -> str:
    return f"{engine.name}_{sha1(str(engine).encode(), usedforsecurity=False).hexdigest()}"


def run_planted(fault: Fault, folder: Path, given: Mapping[str, str]) -> Outcome:
    """Run the fault's tests over the planted copy in the folder; `given` is added to the environment."""
    try:
        plant(fault, folder)
    except (CannotPlantError, SyntaxError) as error:
        return Outcome(0.0, trouble=str(error))
    over = {**given, "PYTHONPATH": str(folder), PLANTED: f"{fault.package.name}={folder}"}
    return run_tests(fault.tests, over, ("-p", "tests.plant.witness"))


def run_tests(
    tests: Sequence[str], given: Mapping[str, str], more: Sequence[str] = (), patience: float = PATIENCE_SECONDS
) -> Outcome:
    """Run tests in a process of its own; a failed test is red, anything else that is not green is trouble.

    `patience` is in seconds. A fixture that could not be set up is trouble too: it shows nothing of what a test would
    have noticed.
    """
    command = [sys.executable, "-B", "-m", "pytest", *OPTIONS, *more, *tests]
    began = time.monotonic()
    try:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **given},
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(time.monotonic() - began, trouble=f"no result within {patience:.0f} s")
    seconds = time.monotonic() - began
    if ended.returncode == 0:
        return Outcome(seconds)
    failed = FAILED.search(ended.stdout) if ended.returncode == SOME_FAILED else None
    return Outcome(seconds, red=failed[1]) if failed else Outcome(seconds, trouble=_trouble(ended))


def _trouble(ended: subprocess.CompletedProcess[str]) -> str:
    what = (
        "the planted copy is not what runs" if ended.returncode == NOT_THE_COPY else f"pytest ended {ended.returncode}"
    )
    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
    return f"{what}: {' | '.join(lines[-3:])[:300]}"
