"""The comparison can fail: a run in which all is well is found so, and each thing that may go wrong is found out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.comparing import Evidence, compared
from tests.faults.kept import Kept, Row
from tests.faults.ledger import Entry, Ledger
from tests.faults.log import Written

POLICE, CENTRE = "urn:samsyn:polisen", "akc-vast"
ADMITTED, PLANNING, FROM_POLICE = "samsyn.admitted.v1", "samsyn.planning.v1", "samsyn.from.polisen.v1"
COMPARED_AT = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
BODIES = {"a": '{"capacity_id":"polisen:1"}', "b": '{"capacity_id":"polisen:2"}'}
TIMES = ("2025-05-05T06:00:00Z", "2025-05-05T07:00:00Z")


def headers(id_: str, name: str, source: str = POLICE) -> dict[str, str]:
    return {"ce_id": id_, "ce_source": source, "ce_type": f"se.samsyn.{name}.v1"}


def written(topic: str, offset: int, told: Mapping[str, str], body: str, partition: int = 0) -> Written:
    return Written(topic, partition, offset, CENTRE, tuple(told.items()), body)


def row(number: int, topic: str, told: Mapping[str, str], body: str) -> Row:
    return Row(number, topic, CENTRE, dict(told), hashlib.sha256(body.encode()).hexdigest(), True, None)


def log_row(number: int, id_: str, previous: bytes) -> dict[str, Any]:
    told, body = json.dumps(headers(id_, "CapacityOffered")), BODIES[id_].encode()
    own = hashlib.sha256(previous + told.encode() + b"\n" + body).digest()
    place = {"centre": CENTRE, "number": number, "source": POLICE, "id": id_}
    return {**place, "headers": told, "body": body, "hash": own}


def version(number: int, hash_prev: str) -> dict[str, Any]:
    plan = {"operations": [{"session": "polisen:1"}, {"session": "polisen:2"}]}
    told = json.dumps([hash_prev, {}, plan], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    own = hashlib.sha256(told.encode()).hexdigest()
    place = {"centre": CENTRE, "version": number, "hash_prev": hash_prev, "hash": own}
    return {**place, "problem": "{}", "plan": json.dumps(plan)}


@pytest.fixture
def well(tmp_path: Path) -> Iterator[Evidence]:
    """Two events said, kept, published and read; the time told twice; two plan versions."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    hashes = {id_: hashlib.sha256(body.encode()).hexdigest() for id_, body in BODIES.items()}
    ledger.said(Entry(id_, POLICE, "CapacityOffered", CENTRE, hashes[id_], 0.0) for id_ in BODIES)
    ledger.came_of((id_, "ok") for id_ in BODIES)
    ledger.admitted(BODIES)
    said = [(headers(id_, "CapacityOffered"), body) for id_, body in BODIES.items()]
    exchange = "urn:samsyn:service:exchange"
    times = [(headers(f"t{n}", "TimePassed", exchange), json.dumps({"until": at})) for n, at in enumerate(TIMES)]
    plans = [(headers(f"p{n}", "PlanPublished"), json.dumps({"plan_version": n})) for n in (1, 2)]
    log = [written(FROM_POLICE, n, told, body) for n, (told, body) in enumerate(said)]
    log += [written(ADMITTED, n, told, body) for n, (told, body) in enumerate([*said, *times])]
    log += [written(PLANNING, n, told, body) for n, (told, body) in enumerate(plans)]
    outboxes = {
        "exchange": [row(n, ADMITTED, told, body) for n, (told, body) in enumerate([*said, *times], start=1)],
        "planning": [row(n, PLANNING, told, body) for n, (told, body) in enumerate(plans, start=1)],
    }
    seen = frozenset({*((POLICE, id_) for id_ in BODIES), *((exchange, f"t{n}") for n in range(len(TIMES)))})
    first = log_row(1, "a", bytes(32))
    rows = [first, log_row(2, "b", first["hash"])]
    one = version(1, "")
    kept = Kept(
        rows, outboxes, dict.fromkeys(("planning", "inspection", "reporting"), seen), [one, version(2, one["hash"])]
    )
    yield Evidence(ledger, kept, log, COMPARED_AT)
    ledger.close()


def broken(evidence: Evidence) -> set[str]:
    return {one.what for one in compared(evidence) if one.broken}


def test_nothing_is_found_where_all_is_well(well: Evidence) -> None:
    assert broken(well) == set()
    assert all(one.num for one in compared(well))


def without_log_row(e: Evidence) -> Evidence:
    return replace(e, kept=replace(e.kept, log=e.kept.log[:1]))


def with_log_row_twice(e: Evidence) -> Evidence:
    return replace(e, kept=replace(e.kept, log=[*e.kept.log, {**e.kept.log[1], "number": 3}]))


def with_an_event_nobody_said(e: Evidence) -> Evidence:
    return replace(e, kept=replace(e.kept, log=[*e.kept.log, {**e.kept.log[1], "id": "z", "number": 3}]))


def with_another_body(e: Evidence) -> Evidence:
    changed = {**e.kept.log[1], "body": b"{}"}
    return replace(e, kept=replace(e.kept, log=[e.kept.log[0], changed]))


def without(topic: str, id_: str) -> Callable[[Evidence], Evidence]:
    return lambda e: replace(e, log=[one for one in e.log if (one.topic, one.id) != (topic, id_)])


def with_an_unanswered_event(e: Evidence) -> Evidence:
    e.ledger.said([Entry("c", POLICE, "CapacityOffered", CENTRE, "", 0.0)])
    return e


def with_an_inbox_that_lacks_one(e: Evidence) -> Evidence:
    lacking = {**e.kept.inboxes, "reporting": e.kept.inboxes["reporting"] - {(POLICE, "a")}}
    return replace(e, kept=replace(e.kept, inboxes=lacking))


def with_rows(change: Callable[[list[Row]], list[Row]]) -> Callable[[Evidence], Evidence]:
    def changed(e: Evidence) -> Evidence:
        outboxes = {**e.kept.outboxes, "exchange": change(list(e.kept.outboxes["exchange"]))}
        return replace(e, kept=replace(e.kept, outboxes=outboxes))

    return changed


def with_one_overtaken(e: Evidence) -> Evidence:
    first, second = (one for one in e.log if one.topic == ADMITTED and one.id in BODIES)
    others = [one for one in e.log if one not in (first, second)]
    return replace(e, log=[*others, replace(first, offset=second.offset), replace(second, offset=first.offset)])


def with_time_going_back(e: Evidence) -> Evidence:
    told = written(
        ADMITTED, 9, headers("t1", "TimePassed", "urn:samsyn:service:exchange"), '{"until":"2025-05-05T05:00:00Z"}'
    )
    return replace(e, log=[*e.log, told])


def with_time_to_come(e: Evidence) -> Evidence:
    told = written(
        ADMITTED, 9, headers("t1", "TimePassed", "urn:samsyn:service:exchange"), '{"until":"2035-05-05T05:00:00Z"}'
    )
    return replace(e, log=[*e.log, told])


def with_a_version_lost(e: Evidence) -> Evidence:
    return replace(e, kept=replace(e.kept, versions=e.kept.versions[1:]))


def with_a_version_published_twice(e: Evidence) -> Evidence:
    return replace(e, log=[*e.log, written(PLANNING, 9, headers("p9", "PlanPublished"), '{"plan_version":2}')])


def with_a_session_booked_twice(e: Evidence) -> Evidence:
    plan = json.dumps({"operations": [{"session": "polisen:1"}, {"session": "polisen:1"}]})
    return replace(e, kept=replace(e.kept, versions=[{**e.kept.versions[0], "plan": plan}]))


def with_a_dead_letter(e: Evidence) -> Evidence:
    return replace(e, log=[*e.log, written("samsyn.dlq.planning.v1", 0, {"ce_id": "a"}, "{}")])


LOSSES: Mapping[str, tuple[Callable[[Evidence], Evidence], str]] = {
    "an acknowledged event is not kept": (without_log_row, "message log does not hold"),
    "it is kept with another body": (with_another_body, "message log does not hold"),
    "its chain is broken": (with_another_body, "break its chain"),
    "it is not published": (without(ADMITTED, "a"), "are not on samsyn.admitted.v1"),
    "what the broker took is gone": (without(FROM_POLICE, "a"), "the broker took"),
    "an event is never answered": (with_an_unanswered_event, "never answered"),
    "a reader has not had it": (with_an_inbox_that_lacks_one, "inbox does not hold"),
    "a row is parked": (with_rows(lambda rows: [replace(rows[0], is_sent=False), *rows[1:]]), "parked or not sent"),
    "a row was marked and never sent": (without(ADMITTED, "t1"), "that Kafka's log does not hold"),
    "nobody had said it": (with_an_event_nobody_said, "nobody had said"),
    "it is kept twice": (with_log_row_twice, "more than once"),
    "an effect is told twice": (with_rows(lambda rows: [*rows, replace(rows[0], number=9)]), "told twice"),
    "a record stands in no outbox": (with_rows(lambda rows: rows[:-1]), "no outbox holds"),
    "a record overtook another": (with_one_overtaken, "overtook"),
    "time went back": (with_time_going_back, "went back"),
    "time was told too early": (with_time_to_come, "had not come"),
    "a plan version is lost": (with_a_version_lost, "plan versions"),
    "a plan version has two ids": (with_a_version_published_twice, "plan versions"),
    "a session is booked twice": (with_a_session_booked_twice, "booked twice"),
    "a good event was set aside": (with_a_dead_letter, "dead letters"),
}


@pytest.mark.parametrize("told", LOSSES)
def test_it_is_found_that(told: str, well: Evidence) -> None:
    harm, words = LOSSES[told]

    assert any(words in what for what in broken(harm(well)))


def test_a_telling_that_stands_in_the_log_once_more_is_no_time_going_back(well: Evidence) -> None:
    """The broker had taken it and died before it said so: the relay sends the same again."""
    told = next(one for one in well.log if one.topic == ADMITTED and one.name == "TimePassed")
    later = written(
        ADMITTED, 8, headers("t2", "TimePassed", "urn:samsyn:service:exchange"), '{"until":"2025-05-06T05:00:00Z"}'
    )
    again = replace(told, offset=9)

    found = broken(replace(well, log=[*well.log, later, again]))

    assert not any("went back" in what for what in found)


def test_every_check_has_been_seen_failing(well: Evidence) -> None:
    checks = {one.what for one in compared(well)}
    seen = {what for what in checks for _, words in LOSSES.values() if words in what}

    assert seen == checks
