"""Plants faults one by one and shows the test that turns red for each: `python -m tests.plant [NAME …]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from samsyn_local.infrastructure import SERVICES, Infrastructure

from tests.plant.fault import Fault
from tests.plant.faults import FAULTS
from tests.plant.planting import PATIENCE_SECONDS, Outcome, run_planted, run_tests

AT_A_TIME = 15  # selections of tests, within the time that three faults' tests have
ON_SERVERS = ("tests/integration", "tests/e2e")


def main() -> int:
    """Plant what was asked for, or everything; 0 if every fault was noticed and nothing is red without them."""
    asked = argparse.ArgumentParser(prog="python -m tests.plant", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help="faults to plant (default: all)")
    asked.add_argument("--list", action="store_true", help="only tell what would be planted")
    options = asked.parse_args()
    unknown = set(options.names) - {fault.name for fault in FAULTS}
    if unknown:
        asked.error(f"no such fault: {', '.join(sorted(unknown))}")
    faults = [fault for fault in FAULTS if not options.names or fault.name in options.names]
    if options.list:
        print("\n".join(f"{fault.name:<34} {fault.breaks}" for fault in faults))
        return 0
    began = time.monotonic()
    with servers_for(faults) as given, tempfile.TemporaryDirectory(prefix="samsyn-plant-") as folder:
        if not _is_green(faults, given):
            return 1
        outcomes = [(fault, _planted(fault, Path(folder), given)) for fault in faults]
    print(_table(outcomes))
    noticed = sum(outcome.verdict == "red" for _, outcome in outcomes)
    print(f"{noticed} of {len(faults)} planted faults were noticed, in {time.monotonic() - began:.0f} s.")
    return 0 if noticed == len(faults) else 1


@contextmanager
def servers_for(faults: Sequence[Fault]) -> Iterator[Mapping[str, str]]:
    """One Kafka and one PostgreSQL for all runs, told as given ones; none where no test needs them."""
    if not any(test.startswith(ON_SERVERS) for fault in faults for test in fault.tests):
        yield {}
        return
    _say("Starting Kafka and PostgreSQL once for all runs …")
    with tempfile.TemporaryDirectory(prefix="samsyn-plant-run-") as folder, Infrastructure.start(Path(folder)) as up:
        databases = {f"SAMSYN_DATABASE_{name.upper()}": up.database(name) for name in SERVICES}
        yield {"SAMSYN_KAFKA": up.kafka, **databases}


def _is_green(faults: Sequence[Fault], given: Mapping[str, str]) -> bool:
    tests = sorted({test for fault in faults for test in fault.tests})
    _say(f"Without any fault: {len(tests)} selections of tests …")
    for first in range(0, len(tests), AT_A_TIME):
        some = tests[first : first + AT_A_TIME]
        outcome = run_tests(some, given, patience=3 * PATIENCE_SECONDS)
        if outcome.verdict != "survived":
            _say(f"Not green before anything is planted: {outcome.red or outcome.trouble}, among {', '.join(some)}")
            return False
        _say(f"  {first + len(some)} green, {outcome.seconds:.0f} s")
    return True


def _planted(fault: Fault, folder: Path, given: Mapping[str, str]) -> Outcome:
    own = folder / fault.name
    own.mkdir()
    outcome = run_planted(fault, own, given)
    _say(f"{outcome.verdict:<9} {fault.name:<34} {outcome.seconds:4.0f} s  {outcome.red or outcome.trouble or ''}")
    return outcome


def _table(outcomes: Sequence[tuple[Fault, Outcome]]) -> str:
    rows = [("fault", "breaks", "result", "turned red")]
    rows += [(f.name, f.breaks, o.verdict, o.red or o.trouble or "-") for f, o in outcomes]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join("  ".join([*map(str.ljust, row, widths), row[3]]) for row in rows)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
