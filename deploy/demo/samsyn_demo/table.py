"""The table at the end of a demo: what was hit, how it was rescued, how fast, and on what assumptions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from samsyn_demo.ledger_table import ledger_rows

WIDTH = 100
_LABEL_WIDTH = 62
_COLUMN_WIDTH = 12
MAX_BROKEN_SHOWN = 20
# Steps of the ladder (åtgärdstrappan): Swedish first, for that is what coordinators read.
_STEP_LABELS: Mapping[str, str] = {
    "other_police_session": "annat polispass · other police session, same time",
    "moved_session": "flyttat till annat pass · another session the same day",
    "without_police": "utan polis · without police",
    "postponed": "senarelagt · a session on a later day",
}


def end_table(summary: Mapping[str, Any]) -> str:
    """Plain text of at most 100 columns: a column for each centre and one for all; every percentile has its n."""
    parts = (_heading, _ledger, _saved, _sound, _assumed, _broken)
    return "\n".join(line for part in parts for line in part(summary))


def _heading(summary: Mapping[str, Any]) -> Iterator[str]:
    run = summary["assumptions"]
    yield "─" * WIDTH
    yield f"{' · '.join(run['centres'])} · {run['weeks']} weeks from {run['from_day']} · seed {summary['seed']}"
    yield "─" * WIDTH
    yield _columns("", [*(code.removeprefix("akc-") for code in run["centres"]), "all"])


def _ledger(summary: Mapping[str, Any]) -> Iterator[str]:
    """What the reporting service counted, by its own definitions (services/reporting/README.md)."""
    rows = list(ledger_rows(summary["ledger"], summary["assumptions"]["centres"]))
    if rows:
        yield "Huvudboken · the ledger, by the reporting service"
        yield from (_columns(label, cells) for label, cells in rows)
        yield ""


def _saved(summary: Mapping[str, Any]) -> Iterator[str]:
    run = summary["assumptions"]
    yield "Domaren · the judge, from the records alone"
    yield _figures("Inställda polispass · police sessions cancelled", summary, "cancellations")
    yield _counted("  by published disturbances, by the rule below", run, "num_real_losses")
    yield _counted("  by the invented storm day", run, "num_storm_losses")
    yield _figures("Drabbade kontroller · inspections hit", summary, "inspections_hit")
    for step, label in _STEP_LABELS.items():
        yield _columns(f"  {label}", [one["rescued_by_step"][step] for one in _centres_and_all(summary)])
    yield _figures("  räddade · rescued in all", summary, "inspections_saved")
    yield _figures("  åter på objektlistan · lost: back on the list", summary, "lost")
    yield _figures("  of those hit, carried out or planned at the end", summary, "inspections_standing_at_the_end")
    yield _figures("Undanträngda · not hit, pushed back to the list", summary, "inspections_displaced")
    yield _figures("Beside it: rescued by refilling unused sessions", summary, "saved_by_refill_only")
    yield _figures("Beside it: rescued by just cancelling", summary, "saved_by_just_cancel")


def _sound(summary: Mapping[str, Any]) -> Iterator[str]:
    seconds = summary["replan_seconds"]
    yield ""
    yield _row("Admission → PlanPublished, seconds", _times(seconds))
    yield _row("  cancellations that no plan names as its cause", str(summary["num_cancellations_unanswered"]))
    yield _row("Needless moves · onödiga flyttar", str(summary["needless_moves"]))
    yield _row("Double bookings · dubbelbokningar", str(summary["double_bookings"]))
    yield _row("Lost events · förlorade händelser", f"{summary['lost_events']} of {summary['num_events']}")
    yield _row("Plans verified independently", str(summary["num_replans"]))


def _centres_and_all(summary: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [*(summary["centres"][code] for code in summary["assumptions"]["centres"]), summary]


def _figures(label: str, summary: Mapping[str, Any], name: str) -> str:
    return _columns(label, [one[name] for one in _centres_and_all(summary)])


def _counted(label: str, run: Mapping[str, Any], name: str) -> str:
    by_centre = [run[name].get(code, 0) for code in run["centres"]]
    return _columns(label, [*by_centre, sum(by_centre)])


def _columns(label: str, cells: Sequence[object]) -> str:
    return f"{label.ljust(_LABEL_WIDTH)}{''.join(str(cell).rjust(_COLUMN_WIDTH) for cell in cells)}".rstrip()


def _times(seconds: Mapping[str, Any]) -> str:
    if not seconds["n"]:
        return "n 0"
    return f"p50 {seconds['p50']:.2f}  p95 {seconds['p95']:.2f}  max {seconds['max']:.2f}  (n {seconds['n']})"


def _assumed(summary: Mapping[str, Any]) -> Iterator[str]:
    run = summary["assumptions"]
    left_out = run["disturbances"]
    sentences = (
        f"Assumed: a heavy disturbance (klass A), or a serious one (B) with probability {run['p_b']}, takes each "
        "police session within 40 km that starts within 12 hours. No public rate of cancellations exists.",
        "Invented: police sessions, teams, sites, names, numbers, opening hours, answers, the storm day. "
        "Real: municipalities, industries, red days, the disturbances.",
        f"Disturbances: {run['events']}, {left_out.get('num_rows', '?')} rows; "
        f"{left_out.get('num_without_municipality', '?')} without municipality left out; "
        f"{left_out.get('num_occurred_after_published', '?')} told to have occurred after they were published. "
        "Källa: Polismyndigheten.",
        f"Versions: {', '.join(f'{name} {version}' for name, version in sorted(summary['versions'].items())) or '-'}.",
    )
    yield ""
    for sentence in sentences:
        yield from textwrap.wrap(sentence, WIDTH, subsequent_indent="  ")


def _broken(summary: Mapping[str, Any]) -> Iterator[str]:
    broken = summary["broken"]
    yield ""
    yield "Every invariant held." if not broken else f"BROKEN INVARIANTS: {len(broken)}"
    for sentence in broken[:MAX_BROKEN_SHOWN]:
        yield from textwrap.wrap(f"- {sentence}", WIDTH, subsequent_indent="  ")
    if len(broken) > MAX_BROKEN_SHOWN:
        yield f"- and {len(broken) - MAX_BROKEN_SHOWN} more: see summary.json"


def _row(label: str, figure: str) -> str:
    return f"{label}  {figure.rjust(WIDTH - len(label) - 2)}"
