"""Judges a run from its evidence alone: what was hit, saved and lost, how fast, and whether an invariant broke."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from samsyn_planning.domain.planner.baselines import just_cancel, refill_only
from samsyn_planning.domain.verifier import ProblemError, verify

from samsyn_demo.bookings import double_bookings
from samsyn_demo.deliveries import Cancellation, Deliveries, cancellations, deliveries, quantiles
from samsyn_demo.evidence import (
    SUMMARY,
    EvidenceError,
    Replan,
    read_events,
    read_ledger,
    read_replans,
    read_run_facts,
)
from samsyn_demo.ledger_table import contradictions
from samsyn_demo.rescues import (
    STEPS,
    Hit,
    displaced_by,
    hits_of,
    newly_lost,
    overlooked,
    saved_in,
    standing_at_the_end,
    step_of,
)
from samsyn_demo.table import end_table


@dataclass
class Tally:
    """What the replans did with the inspections that cancellations hit."""

    hits: list[Hit] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)
    num_saved_by_just_cancel: int = 0
    num_saved_by_refill_only: int = 0
    num_displaced: int = 0
    num_needless: int = 0
    broken: list[str] = field(default_factory=list)


def judge(folder: Path) -> dict[str, Any]:
    """The summary of the run whose evidence lies in `folder`; raises EvidenceError where it cannot be read.

    Counted for each centre (`centres`) and in all: cancellations: `PoliceCancelled` admitted, each id once.
    inspections_hit: inspections that the plan in force had on a cancelled session when it was lost. inspections_saved:
    those that the plan published by that replan has again; rescued_by_step tells how, lost is the rest.
    inspections_standing_at_the_end: those carried out or still planned when the run ended. inspections_displaced: those
    not hit that such a replan pushed back to the list, for the sake of the hit ones. saved_by_refill_only and
    saved_by_just_cancel: the same count for two simple answers to the same problems. needless_moves: operations changed
    though not hit, whose putting back alone would be as good. Of the whole run: double_bookings: pairs of operations
    with the same session, inspection, or team at overlapping times, in any published version. lost_events: events said
    without an answer, or admitted without a record. replan_seconds: per cancellation, from the commit of its admission
    to the record of the plan that names it; unanswered ones are not among its n but in num_cancellations_unanswered.
    ledger: what the reporting service counted (`ledger.json`). broken: every invariant that does not hold, in words.
    """
    facts, replans, records = read_run_facts(folder), read_replans(folder), list(read_events(folder))
    cancelled, delivered = cancellations(records), deliveries(records)
    doubled = double_bookings(replans, records)
    by_centre = {code: _of_centre(code, replans, cancelled) for code in facts.centres}
    ledger = read_ledger(folder)
    broken = [sentence for figures in by_centre.values() for sentence in figures.pop("broken")]
    broken += contradictions(ledger, facts.centres, records)
    return {
        **_summed(list(by_centre.values())),
        "centres": by_centre,
        "double_bookings": len(doubled),
        "lost_events": delivered.num_lost,
        "num_events": delivered.num_said,
        "num_events_without_id": delivered.num_without_id,
        "replan_seconds": quantiles([c.seconds for c in cancelled if c.seconds is not None]),
        "num_cancellations_unanswered": sum(c.seconds is None for c in cancelled),
        "ledger": ledger,
        "seed": facts.seed,
        "versions": dict(facts.versions),
        "assumptions": {key: value for key, value in asdict(facts).items() if key not in ("seed", "versions")},
        "broken": [*broken, *map(str, doubled), *_undelivered(delivered)],
    }


def _of_centre(code: str, all_replans: Sequence[Replan], all_cancelled: Sequence[Cancellation]) -> dict[str, Any]:
    replans = [replan for replan in all_replans if replan.centre == code]
    cancelled = [cancellation for cancellation in all_cancelled if cancellation.centre == code]
    tally = _tally(replans, {c.event_id for c in cancelled})
    num_saved = sum(tally.steps.values())
    standing = standing_at_the_end(replans)
    gone_at = {c.capacity_id: c.received_at for c in cancelled if c.received_at is not None}
    forgotten = overlooked(replans, gone_at, {hit.session for hit in tally.hits})
    return {
        "cancellations": len(cancelled),
        "inspections_hit": len(tally.hits),
        "inspections_saved": num_saved,
        "rescued_by_step": {step: tally.steps[step] for step in STEPS},
        "lost": len(tally.hits) - num_saved,
        "inspections_standing_at_the_end": sum(hit.inspection in standing for hit in tally.hits),
        "inspections_displaced": tally.num_displaced,
        "saved_by_refill_only": tally.num_saved_by_refill_only,
        "saved_by_just_cancel": tally.num_saved_by_just_cancel,
        "needless_moves": tally.num_needless,
        "num_replans": len(replans),
        "broken": [f"{code}: {sentence}" for sentence in (*tally.broken, *forgotten, *_late(cancelled, tally.hits))],
    }


def _summed(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of several centres added up, each with its own kind; steps by their names."""
    steps = Counter[str]()
    for one in figures:
        steps.update(one["rescued_by_step"])
    names = [name for name in figures[0] if name != "rescued_by_step"] if figures else []
    return {
        **{name: sum(one[name] for one in figures) for name in names},
        "rescued_by_step": {step: steps[step] for step in STEPS},
    }


def _tally(replans: Sequence[Replan], causes: Collection[str]) -> Tally:
    tally, told = Tally(), set[tuple[str, str]]()
    for replan in replans:
        lost_sessions = newly_lost(replan, causes, told)
        hits = hits_of(replan.operations_before, lost_sessions)
        published = (replan.problem.get("published") or {}).get("operations", ())
        if set(hits) != set(hits_of(published, lost_sessions)):
            tally.broken.append(f"replan {replan.number}: before.json and problem.published differ on a lost session")
        tally.broken.extend(_unaccepted(replan, tally))
        if hits:
            _add(tally, replan, hits)
    return tally


def _add(tally: Tally, replan: Replan, hits: Sequence[Hit]) -> None:
    tally.hits.extend(hits)
    tally.steps.update(step for hit in hits if (step := step_of(hit, replan)))
    tally.num_displaced += len(displaced_by(replan, hits))
    tally.num_saved_by_just_cancel += saved_in(just_cancel(replan.problem), hits)
    tally.num_saved_by_refill_only += saved_in(refill_only(replan.problem), hits)


def _unaccepted(replan: Replan, tally: Tally) -> Iterator[str]:
    try:
        verdict = verify(replan.problem, replan.plan)
    except ProblemError as error:
        yield f"replan {replan.number}: its problem cannot be judged: {error}"
        return
    tally.num_needless += len(verdict.needless)
    for violation in verdict.violations:
        yield f"replan {replan.number}: {violation.rule} {violation.sentence}"
    for operation in verdict.needless:
        yield f"replan {replan.number}: {operation} was moved needlessly"


def _undelivered(delivered: Deliveries) -> Iterator[str]:
    for event in delivered.unanswered:
        yield f"event {event} got no answer"
    for event in delivered.not_passed_on:
        yield f"event {event} was admitted and is not among the admitted records"
    for event in delivered.passed_on_twice:
        yield f"event {event} is among the admitted records more than once"


def _late(cancelled: Sequence[Cancellation], hits: Sequence[Hit]) -> Iterator[str]:
    hit_sessions = {hit.session for hit in hits}
    for cancellation in cancelled:
        if cancellation.fault:
            yield f"cancellation {cancellation.event_id}: {cancellation.fault}"
        elif cancellation.seconds is None and cancellation.capacity_id in hit_sessions:
            yield f"cancellation {cancellation.event_id} hit inspections and no published plan names it"


def write_summary(folder: Path) -> dict[str, Any]:
    """Judge the run and keep the summary beside its evidence, as `summary.json`."""
    summary = judge(folder)
    text = json.dumps(summary, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / SUMMARY).write_text(text + "\n", "utf-8")
    return summary


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the evidence in a folder (var/demo by default) and show the table; 1 if an invariant broke, 2 if unread."""
    given = sys.argv[1:] if arguments is None else arguments
    folder = Path(given[0]) if given else Path("var/demo")
    try:
        summary = write_summary(folder)
    except EvidenceError as error:
        print(f"The evidence cannot be judged: {error}", file=sys.stderr)
        return 2
    print(end_table(summary))
    return 1 if summary["broken"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
