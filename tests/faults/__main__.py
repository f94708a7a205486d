"""Measures promises under faults: `python -m tests.faults [--seed N] [--share | --minutes M]`."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults.comparing import Found
from tests.faults.disks import may_mount
from tests.faults.faults import num_of_a_round, schedule
from tests.faults.phases import DRIVEN, REAL, Phase, run_phase, warm_planner
from tests.faults.poison import measured
from tests.faults.report import FOLDER, Report, counted, say
from tests.faults.system import Conditions

SHORT, LONG = (1.0, 6.0), (5.0, 60.0)
PHASES = ("processes", "disks", "clocks", "share")
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
# Seconds of striking per phase: of `make faults`, and of the share in `make test`.
WHOLE, SHARE = {"processes": 150.0, "disks": 45.0, "clocks": 45.0}, {"share": 110.0}
NOT_MOUNTED = "full disks (P10): mounting a tmpfs is not allowed here; it takes root, or a container with CAP_SYS_ADMIN"
NO_FAKETIME = "clocks (P9): libfaketime is not installed here; apt-get install faketime"


def main() -> int:
    """Run the phases, write the report; 0 if no promise was broken and the faults were what they claim to be."""
    options = _options()
    logging.getLogger("aiokafka").addHandler(logging.NullHandler())  # else it tells of each fault, many times
    logging.getLogger("aiokafka").propagate = False
    report = Report(options.seed, f"python -m tests.faults {' '.join(sys.argv[1:])}".strip())
    warm_planner()
    for phase in _phases(options, report):
        with tempfile.TemporaryDirectory(prefix="samsyn-faults-") as folder:
            run_phase(phase, report, Path(folder))
        report.write(options.report)
    if not (options.share or options.phase or options.only):
        _add_poison(report)
        report.write(options.report)
    print(report.page())
    say(f"{counted(report.struck)}. Written to {options.report}/report.json and {options.report}/report.md")
    return 0 if report.is_sound else 1


def _add_poison(report: Report) -> None:
    """Every other kind of poison, on a system of its own: what is said wrongly needs nothing broken to be said."""
    say("── poison: starting Kafka, PostgreSQL and all services …")
    outcome = measured(lambda _sentence: None, every=2)
    report.add("poison", [Found(outcome.promise, one.what, one.num, one.broken) for one in outcome.found])
    report.figures |= {f"poison, {name}": figure for name, figure in outcome.figures.items()}
    report.figures |= {"poison, kinds": outcome.num_kinds, "good events behind poison": outcome.num_good}


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("--seed", type=int, default=1, help="what everything is drawn from (default 1)")
    asked.add_argument("--share", action="store_true", help="the share that is part of `make test`")
    asked.add_argument("--minutes", type=float, help="go on for so long, with pauses of 5 to 60 s")
    asked.add_argument("--num", type=int, help="at most so many faults of each phase")
    asked.add_argument("--phase", nargs="*", default=[], choices=PHASES, help="only these phases")
    asked.add_argument("--only", nargs="*", default=[], metavar="WORD", help="only these kinds, targets or points")
    asked.add_argument("--report", type=Path, default=FOLDER, help=f"folder of the report (default {FOLDER})")
    return asked.parse_args()


def _phases(options: argparse.Namespace, report: Report) -> Iterator[Phase]:
    """The phases asked for, as far as this machine allows them."""
    most = {**WHOLE, **SHARE}
    names = options.phase or (SHARE if options.share else WHOLE)
    if options.minutes is not None:
        whole = sum(most[name] for name in names)
        most = {name: most[name] * options.minutes * 60 / whole for name in names}
    for name in names:
        conditions = _conditions(name, report)
        if conditions is not None:
            pauses = SHORT if options.minutes is None else LONG
            faults = schedule(options.seed, name, pauses, options.only)
            num = num_of_a_round(name) if options.minutes is None else None
            yield Phase(name, faults, conditions, most[name], options.num or num)


def _conditions(name: str, report: Report) -> Conditions | None:
    """What a phase needs; None, and a sentence in the report, where this machine lacks it."""
    if name == "disks" and not may_mount():
        report.skip(NOT_MOUNTED)
        return None
    if name == "clocks":
        found = [path for pattern in LIBRARIES for path in sorted(Path("/").glob(pattern[1:]))]
        if not found:
            report.skip(NO_FAKETIME)
            return None
        return Conditions(REAL, faketime=found[0])
    return Conditions(DRIVEN, small_disks=name == "disks")


if __name__ == "__main__":
    sys.exit(main())
