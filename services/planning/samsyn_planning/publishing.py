"""Keeps and says what a replan leads to: a new plan version, or a proposal to the centre."""

from __future__ import annotations

from samsyn_contracts.plans import PlanPublished, ReplanProposed

from samsyn_planning.domain.alternatives import Beside, may_stand
from samsyn_planning.domain.announcements import Replan, announcement, started
from samsyn_planning.domain.assessed_risk import with_risks
from samsyn_planning.domain.facts import Centre, Proposal, Question
from samsyn_planning.domain.proposals import alternatives_told, consents_missing, decide_by, gain, within_an_event
from samsyn_planning.domain.publication import publish
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.store import Store
from samsyn_planning.tables import PlanVersionRow
from samsyn_planning.worker import Answer

# Facts that by themselves change no published plan: what follows from them is a proposal, or nothing.
SILENT = ("PoliceLossReported", "AutomationModeChanged")


async def publish_plan(store: Store, snapshot: Snapshot, replan: Replan, answer: Answer, done: Centre) -> None:
    """Keep and say a new plan version; ordinary planning that changes nothing makes none."""
    publication = publish(replan, snapshot, await store.versions.used_names(done.code), store.policy)
    disturbances = await store.disturbances(snapshot.centre) if publication.messages else ()
    publication = with_risks(publication, snapshot, disturbances, store.policy)
    if not publication.messages and _is_silent(replan):
        for operation in publication.operations:
            store.keep(operation)
        store.keep(done)
        return
    cause = replan.causes[0] if replan.causes else None
    published = announcement(replan, publication, done.code, done.plan_hash)
    store.keep(done.model_copy(update={"plan_version": replan.version, "plan_hash": published.hash}))
    for value in (*publication.operations, *publication.participations):
        store.keep(value)
    store.say(started(replan.id, replan.scope, replan.causes, snapshot), done.code, cause, replan.id)
    for message_number, message in enumerate(publication.messages):
        store.say(message, done.code, cause, f"{replan.id}/{message_number}")
    store.say(published, done.code, cause, replan.id)
    _retire_proposals(store, snapshot)
    store.versions.keep(_version_row(replan, snapshot, answer, done, published))


async def propose_plan(store: Store, snapshot: Snapshot, replan: Replan, question: Question, ways: Beside) -> None:
    """Keep and say a plan that waits for the centre's decision, and other ways; an older proposal is stale."""
    used_names = await store.versions.used_names(snapshot.centre.code)
    publication = publish(replan, snapshot, used_names, store.policy)
    _retire_proposals(store, snapshot)
    if not publication.messages:
        return  # nobody is asked to decide about a plan that changes nothing
    cause = replan.causes[0] if replan.causes else None
    until = decide_by(publication, snapshot.operations, replan.now_at, store.policy)
    gained = gain(replan)
    told = alternatives_told(ways, replan, gained, snapshot, used_names, store.policy)
    proposed = within_an_event(
        ReplanProposed.model_validate(
            {
                "replan_id": replan.id,
                "centre": snapshot.centre.code,
                "base_plan_version": snapshot.centre.plan_version,
                "changes": publication.changes,
                "untouched_count": publication.untouched_count,
                "score_delta": gained,
                "decide_by": until,
                "if_unanswered": "old_plan_stands",
                "consents_missing": consents_missing(replan.plan),
                "alternatives": told,
                "may_stand": may_stand(replan.plan, ways.stands),
            }
        )
    )
    kinds = {alternative.kind for alternative in proposed.alternatives}
    store.keep(
        Proposal(
            id=replan.id,
            centre=snapshot.centre.code,
            status="open",
            base_plan_version=snapshot.centre.plan_version,
            facts_version=snapshot.centre.facts_version,
            decide_by=until,
            problem=replan.problem,
            plan=replan.plan,
            causes=replan.causes,
            question=question,
            alternatives=tuple(one for one in ways.alternatives if one.kind in kinds),
            stands=ways.stands,
        )
    )
    store.say(started(replan.id, replan.scope, replan.causes, snapshot), snapshot.centre.code, cause, replan.id)
    store.say(proposed, snapshot.centre.code, cause, replan.id)


def _is_silent(replan: Replan) -> bool:
    return replan.scope == "period" or all(cause.kind in SILENT or not cause.is_urgent for cause in replan.causes)


def _retire_proposals(store: Store, snapshot: Snapshot) -> None:
    for proposal in snapshot.proposals:
        if proposal.status == "open":
            store.keep(proposal.model_copy(update={"status": "stale"}))


def queue_replan(store: Store, snapshot: Snapshot, now: Centre) -> None:
    """Keep and say, once, that changed facts wait for automation to be on again."""
    replan_id = f"replan:{now.code}:{now.num_replans + 1}"
    causes = snapshot.centre.causes
    store.keep(now.model_copy(update={"is_queue_told": True, "num_replans": now.num_replans + 1}))
    store.say(started(replan_id, "queued", causes, snapshot), now.code, causes[-1] if causes else None, replan_id)


def planned(now: Centre, asked: Centre, number: int, *, is_refused: bool) -> Centre:
    """The centre with its plan as new as the facts it was asked for; later causes go on waiting.

    `is_refused`: the verifier refused what the engine made; it is remembered since the first of several in a row.
    """
    answered = {cause.event_id for cause in asked.causes}
    waiting = tuple(cause for cause in now.causes if cause.event_id not in answered)
    return now.model_copy(
        update={
            "planned_version": asked.facts_version,
            "num_replans": number,
            "causes": waiting,
            "is_urgent": bool(waiting) and now.is_urgent,
            "due_at": now.due_at if waiting else None,
            "refused_at": (now.refused_at or now.now_at) if is_refused else None,
        }
    )


def _version_row(
    replan: Replan, snapshot: Snapshot, answer: Answer, done: Centre, published: PlanPublished
) -> PlanVersionRow:
    return PlanVersionRow(
        centre=done.code,
        version=replan.version,
        replan_id=replan.id,
        facts_version=done.planned_version,
        causes=[cause.model_dump(mode="json") for cause in replan.causes],
        before=[operation.model_dump(mode="json") for operation in snapshot.operations],
        problem=replan.problem,
        plan=replan.plan,
        changes=[change.model_dump(mode="json", exclude_none=True) for change in published.changes],
        engine=answer.engine,
        solve_seconds=answer.seconds,
        hash_prev=done.plan_hash,
        hash=published.hash,
    )
