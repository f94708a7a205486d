"""What `samsyn status` tells: every part, how far each service is behind, what time it knows, adapters and alerts."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from samsyn_local.asking import Answers, OfService, Place, ask_all
from samsyn_local.infrastructure import SERVICES, register_codes
from samsyn_local.run_folder import RunFolder
from samsyn_local.swedish_time import day_and_time, local
from samsyn_local.topics import declared_topics

EXIT_WHOLE, EXIT_NOT_WHOLE, EXIT_NOT_RUNNING = 0, 1, 3
RUNBOOK = "deploy/runbooks/{alert}.md"
PARTS = ("part", "state", "process", "address", "restarts", "version")
FIGURES = ("service", "lag", "outbox", "parked", "dead", "held", "oldest time")
ADAPTERS = ("adapter", "status", "last seen", "version")


def status_of(run: RunFolder) -> dict[str, Any]:
    """The status of a run: what its supervisor wrote, and what its parts answer now."""
    told = run.read_status()
    if run.holder() is None:
        return {**told, "state": "down", "parts": {}}
    names = [name for name in SERVICES if name in told.get("parts", {})]
    topics = {topic.name: topic.partitions for topic in declared_topics(register_codes())}
    # What parties hear is read by them alone: nobody here lags behind it.
    asked = {name: partitions for name, partitions in topics.items() if not name.startswith("samsyn.to.")}
    return with_answers(told, asyncio.run(ask_all(told, names, asked))) if names else told


def with_answers(told: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    """The status of a run, with what its parts have answered."""
    adapters = [adapter for one in answers.services.values() for adapter in (one.status or {}).get("adapters", ())]
    return {
        **told,
        "services": {name: _figures(name, one, answers.ends) for name, one in answers.services.items()},
        "adapters": adapters,
        "alerts": [alert for name, one in answers.services.items() for alert in _alerts(name, one)],
        "not_asked": list(answers.not_asked),
    }


def exit_status(told: Mapping[str, Any]) -> int:
    """0: all parts are up, all answered, and no alert stands; 1: not so; 3: it does not run."""
    if told["state"] == "down":
        return EXIT_NOT_RUNNING
    is_up = told["state"] == "up" and all(part["state"] == "up" for part in told["parts"].values())
    is_whole = is_up and not told.get("alerts") and not told.get("not_asked")
    return EXIT_WHOLE if is_whole else EXIT_NOT_WHOLE


def page(told: Mapping[str, Any]) -> str:
    """The status as tables."""
    parts = table(PARTS, [_part(name, part) for name, part in told.get("parts", {}).items()])
    blocks = [f"Samsyn is {told['state']}\n{parts}".rstrip()]
    services = [_service(name, figures) for name, figures in told.get("services", {}).items()]
    if services:
        blocks.append(table(FIGURES, services))
        blocks.append(table(ADAPTERS, [_adapter(one) for one in told["adapters"]]) or "No adapter has been heard")
        blocks.append("\n".join(_alert(alert) for alert in told["alerts"]) or "No alert stands")
    if told.get("not_asked"):
        blocks.append("\n".join(["Could not be asked", *(f"  {what}" for what in told["not_asked"])]))
    return "\n\n".join(blocks)


def _figures(name: str, one: OfService, ends: Mapping[Place, tuple[int, int]] | None) -> dict[str, Any]:
    status = one.status or {}
    centre, at = min(status.get("times", {}).items(), key=lambda told: local(told[1]), default=(None, None))
    begin, end = (ends or {}).get((f"samsyn.dlq.{name}.v1", 0), (0, 0))
    return {
        "lag": _lag(one, ends),
        "outbox_oldest_seconds": one.outbox.oldest_seconds if one.outbox is not None else None,
        "outbox_parked": one.outbox.num_parked if one.outbox is not None else None,
        "dead_letters": end - begin if ends is not None else None,
        "held": status.get("held"),
        "oldest_time": at,
        "oldest_time_of": centre,
    }


def _lag(one: OfService, ends: Mapping[Place, tuple[int, int]] | None) -> int | None:
    """Records on its topics that it has not read; of a service that does not answer, on those it ever read."""
    if ends is None or one.positions is None:
        return None
    topics = {*(one.status or {}).get("topics", ()), *(topic for topic, _ in one.positions)}
    places = {place: bounds for place, bounds in ends.items() if place[0] in topics}
    return sum(end - max(begin, one.positions.get(place, 0)) for place, (begin, end) in places.items())


def _alerts(name: str, one: OfService) -> Iterable[dict[str, Any]]:
    for alert in (one.status or {}).get("alerts", ()):
        yield {"service": name, **alert, "runbook": RUNBOOK.format(alert=alert["alert"])}


def _part(name: str, part: Mapping[str, Any]) -> Sequence[str]:
    pid = str(part["pid"] or "-")
    return (name, part["state"], pid, part["address"], str(part["num_restarts"]), part["version"])


def _service(name: str, figures: Mapping[str, Any]) -> Sequence[str]:
    age, time, centre = figures["outbox_oldest_seconds"], figures["oldest_time"], figures["oldest_time_of"]
    waits = "-" if figures["outbox_parked"] is None else "empty" if age is None else f"{age:.0f} s"
    numbers = [_number(figures[key]) for key in ("outbox_parked", "dead_letters", "held")]
    of_centre = "" if centre in (None, "_all") else f" ({centre})"
    return (name, _number(figures["lag"]), waits, *numbers, (day_and_time(time) if time else "-") + of_centre)


def _adapter(adapter: Mapping[str, Any]) -> Sequence[str]:
    return (adapter["adapter"], adapter["status"], day_and_time(adapter["last_seen_at"]), adapter["version"])


def _alert(alert: Mapping[str, Any]) -> str:
    since = day_and_time(alert["since"])
    return f"ALERT {alert['alert']}: {alert['about']} ({alert['service']}, since {since}); see {alert['runbook']}"


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows under their heading, in columns; nothing where there are no rows."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(len(heading))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (heading, *rows)]
    return "\n".join("  ".join(row).rstrip() for row in padded)
