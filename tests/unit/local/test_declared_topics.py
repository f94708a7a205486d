"""What deploy/topics.yaml declares, read without a broker."""

from datetime import timedelta
from pathlib import Path

import pytest
from samsyn_local.failure import StartError
from samsyn_local.topics import Topic, declared_topics

DLQ = {f"samsyn.dlq.{service}.v1" for service in ("exchange", "planning", "inspection", "reporting")}
INSIDE = {f"samsyn.{name}.v1" for name in ("admitted", "restricted", "planning", "inspection", "reporting")}


def by_name(*party_codes: str) -> dict[str, Topic]:
    return {topic.name: topic for topic in declared_topics(party_codes)}


def test_each_party_has_a_topic_to_speak_and_one_to_hear() -> None:
    topics = by_name("polisen", "akc-vast")
    of_parties = {f"samsyn.{way}.{party}.v1" for way in ("from", "to") for party in ("polisen", "akc-vast")}
    assert set(topics) == of_parties | INSIDE | DLQ


def test_only_a_party_writes_what_it_says_and_only_it_and_the_exchange_read_what_it_hears() -> None:
    topics = by_name("polisen")
    assert (topics["samsyn.from.polisen.v1"].writer, topics["samsyn.from.polisen.v1"].readers) == (
        "polisen",
        ("exchange",),
    )
    told = topics["samsyn.to.polisen.v1"]
    assert (told.writer, told.readers) == ("exchange", ("polisen", "exchange"))


def test_what_one_party_says_is_in_one_order() -> None:
    assert by_name("polisen")["samsyn.from.polisen.v1"].partitions == 1


def test_centres_spread_over_24_partitions() -> None:
    topics = by_name()
    assert {topics[name].partitions for name in INSIDE} == {24}


def test_what_is_admitted_is_kept_for_good() -> None:
    settings = by_name()["samsyn.admitted.v1"].settings
    assert (settings["retention.ms"], settings["cleanup.policy"]) == ("-1", "delete")


def test_topics_take_times_of_a_clock_that_ran_ahead_and_those_of_parties_an_hour_at_most() -> None:
    ahead = {name: int(topic.settings["message.timestamp.after.max.ms"]) for name, topic in by_name("polisen").items()}
    assert ahead.pop("samsyn.from.polisen.v1") == 3600 * 1000
    assert set(ahead.values()) == {2**63 - 1}


def test_what_is_restricted_is_kept_90_days() -> None:
    assert by_name()["samsyn.restricted.v1"].kept == timedelta(days=90)


def test_an_unclear_time_of_keeping_is_refused(tmp_path: Path) -> None:
    row = "{name: samsyn.x.v1, writer: a, readers: [], partitions: 1, kept: a while, cleanup: delete}"
    declared = tmp_path / "topics.yaml"
    declared.write_text(f"services: []\ntopics:\n  - {row}\n")
    with pytest.raises(StartError, match="'a while'"):
        declared_topics([], declared)
