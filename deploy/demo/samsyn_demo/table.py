"""The table at the end of a demo: what was hit, how it was rescued, how fast, and on what assumptions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 100
_LABEL_WIDTH = 66
MAX_BROKEN_SHOWN = 20
# Steps of the ladder (åtgärdstrappan): Swedish first, for that is what coordinators read.
_STEP_LABELS: Mapping[str, str] = {
    "other_police_session": "annat polispass · other police session, same time",
    "moved_session": "flyttat till annat pass · another session the same day",
    "without_police": "utan polis · without police",
    "postponed": "senarelagt · a session on a later day",
}


def end_table(summary: Mapping[str, Any]) -> str:
    """Plain text of at most 100 columns; every percentile has its n, every share its whole."""
    return "\n".join([*_heading(summary), *_saved(summary), *_sound(summary), *_assumed(summary), *_broken(summary)])


def _heading(summary: Mapping[str, Any]) -> Iterator[str]:
    run = summary["assumptions"]
    yield "─" * WIDTH
    yield f"{run['centre']} · {run['weeks']} weeks from {run['from_day']} · seed {summary['seed']}"
    yield "─" * WIDTH


def _saved(summary: Mapping[str, Any]) -> Iterator[str]:
    run, num_hit = summary["assumptions"], summary["inspections_hit"]
    yield _row("Inställda polispass · police sessions cancelled", summary["cancellations"])
    yield _row("  by published disturbances, by the rule below", run["num_real_losses"])
    yield _row("  by the invented storm day", run["num_storm_losses"])
    yield _row("Drabbade kontroller · inspections hit", num_hit)
    for step, label in _STEP_LABELS.items():
        yield _row(f"  {label}", summary["rescued_by_step"][step])
    yield _row("  räddade · rescued in all", summary["inspections_saved"], num_hit)
    yield _row("  åter på objektlistan · lost: back on the list", summary["lost"], num_hit)
    yield _row("  of those hit, carried out or planned when the run ended", summary["inspections_standing_at_the_end"])
    yield _row("Undanträngda · not hit, pushed back to the list for their sake", summary["inspections_displaced"])
    yield _row("Beside it: rescued by refilling unused sessions only", summary["saved_by_refill_only"], num_hit)
    yield _row("Beside it: rescued by just cancelling", summary["saved_by_just_cancel"], num_hit)


def _sound(summary: Mapping[str, Any]) -> Iterator[str]:
    seconds = summary["replan_seconds"]
    yield ""
    yield _row("Admission → PlanPublished, seconds", _times(seconds))
    yield _row("  cancellations that no plan names as its cause", summary["num_cancellations_unanswered"])
    yield _row("Needless moves · onödiga flyttar", summary["needless_moves"])
    yield _row("Double bookings · dubbelbokningar", summary["double_bookings"])
    yield _row("Lost events · förlorade händelser", f"{summary['lost_events']} of {summary['num_events']}")
    yield _row("Plans verified independently", summary["num_replans"])


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


def _row(label: str, figure: int | str, of: int | None = None) -> str:
    share = f"  of {of}" if of is not None else ""
    if isinstance(figure, str):
        return f"{label}  {figure.rjust(WIDTH - len(label) - 2)}"
    return f"{label.ljust(_LABEL_WIDTH)}{figure:>6}{share}"
