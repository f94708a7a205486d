"""The adapter's journal: what it keeps, numbers and remembers, also over a restart."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from samsyn_adapter_sdk.journal import Cause, Checkpoint, Journal, StateInUseError
from samsyn_contracts.rejection import rejection

REASONS = (rejection("unknown_id", "/inspection_id"),)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "skatteverket.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


def keep(journal: Journal, *event_ids: str) -> None:
    with journal.together():
        for event_id in event_ids:
            journal.keep(event_id, "[]", b"{}")


def waiting(journal: Journal) -> list[str]:
    return [row.event_id for row in journal.waiting(0)]


def test_statements_wait_in_the_order_said(journal: Journal) -> None:
    keep(journal, "b", "a", "c")
    assert waiting(journal) == ["b", "a", "c"]
    assert journal.num_waiting == 3


def test_an_admitted_statement_waits_no_more(journal: Journal) -> None:
    keep(journal, "a", "b")
    with journal.together():
        journal.admit("a")
    assert waiting(journal) == ["b"]


def test_a_refused_statement_is_kept_with_its_reasons(journal: Journal) -> None:
    keep(journal, "a")
    with journal.together():
        journal.reject("a", REASONS, replayable=True)
    assert journal.rejected() == {"a": "/inspection_id: unknown_id"}
    assert (journal.num_waiting, journal.num_rejected) == (0, 1)


def test_a_replayable_statement_waits_again_as_the_last(journal: Journal) -> None:
    keep(journal, "a", "b")
    with journal.together():
        journal.reject("a", REASONS, replayable=True)
        assert journal.say_again("a")
    assert waiting(journal) == ["b", "a"]


def test_a_statement_that_is_not_replayable_is_not_said_again(journal: Journal) -> None:
    keep(journal, "a")
    with journal.together():
        journal.reject("a", REASONS, replayable=False)
        assert not journal.say_again("a")
    assert waiting(journal) == []


def test_what_a_service_refuses_after_the_admission_is_refused_and_may_be_said_again(journal: Journal) -> None:
    keep(journal, "a")
    with journal.together():
        journal.admit("a")
        journal.reject("a", REASONS, replayable=True)
    assert journal.num_rejected == 1
    with journal.together():
        assert journal.say_again("a")


def test_each_subject_is_numbered_by_itself(journal: Journal) -> None:
    with journal.together():
        assert [journal.next_sequence(subject) for subject in ("x", "y", "x")] == [1, 1, 2]


def test_all_of_it_survives_a_restart(journal: Journal, path: Path) -> None:
    checkpoint = Checkpoint("samsyn.to.skatteverket.v1", 9, "e8", 1_000)
    with journal.together():
        journal.keep("a", "[]", b"{}")
        journal.next_sequence("x")
        journal.move_cursor("17")
        journal.move_checkpoint(checkpoint)
        journal.note_heard("e8", Cause("c1", None))
    journal.close()
    again = Journal(path)
    assert (waiting(again), again.cursor, again.checkpoint) == (["a"], "17", checkpoint)
    assert again.cause("e8") == Cause("c1", None)
    with again.together():
        assert again.next_sequence("x") == 2
    again.close()


def test_an_interrupted_block_leaves_nothing_behind(journal: Journal) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        keep(journal, "a", "a")
    assert (waiting(journal), journal.num_waiting, journal.cursor) == ([], 0, None)


def test_a_second_adapter_on_the_same_journal_is_refused(journal: Journal, path: Path) -> None:
    with pytest.raises(StateInUseError, match="another adapter"):
        Journal(path)


def test_only_its_owner_can_read_the_journal(journal: Journal, path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0
