"""What is planned and done within each programme: AKC, GVI, a city's own, and whatever else was said."""

from __future__ import annotations

from samsyn_contracts.message import Message
from samsyn_reporting.domain.indicators import indicators_of
from samsyn_reporting.domain.programmes import OfProgramme

from tests.support.told_days import completed, proposed
from tests.support.told_operations import INSPECTIONS, cancelled, confirmed
from tests.unit.reporting.heard import heard, heard_in_order, ledger_from, proposed_before_upgrade, totals_of

FIRST, SECOND = INSPECTIONS
OTHER = "op:polisen:P9"


def by_programme(*messages: Message) -> dict[str, tuple[int, int, int, int]]:
    """Planned operations and inspections, then insatser and kontroller."""
    return {row.programme: numbers_of(row) for row in totals_of(*messages).programmes}


def numbers_of(row: OfProgramme) -> tuple[int, int, int, int]:
    return row.planned_operations, row.planned_inspections, row.counting_operations, row.inspections_done


def test_every_listed_programme_has_its_row_where_nothing_was_heard() -> None:
    assert by_programme() == dict.fromkeys(("a-krim", "gvi", "city", "other"), (0, 0, 0, 0))


def test_an_operation_of_two_programmes_counts_once_in_each() -> None:
    told = by_programme(proposed(FIRST), proposed(SECOND, programme="gvi"), confirmed(), completed(done=[SECOND]))

    assert (told["a-krim"], told["gvi"]) == ((1, 1, 1, 0), (1, 1, 1, 1))


def test_two_inspections_of_one_programme_are_one_operation_of_it() -> None:
    told = by_programme(proposed(FIRST, programme="city"), proposed(SECOND, programme="city"), confirmed(), completed())

    assert told["city"] == (1, 2, 1, 2)


def test_what_is_not_listed_is_another_programme_and_what_was_not_heard_is_none() -> None:
    told = by_programme(proposed(FIRST, programme="tullen"), confirmed())

    assert (told["other"], sum(row[1] for row in told.values())) == ((1, 1, 0, 0), 1)


def test_an_operation_that_does_not_count_as_one_has_its_inspections_done_all_the_same() -> None:
    told = by_programme(proposed(FIRST), proposed(SECOND), confirmed(), completed(counts=False))

    assert told["a-krim"] == (1, 2, 0, 2)


def test_what_has_no_occasion_is_not_planned() -> None:
    told = by_programme(proposed("polisen:A9"), confirmed(OTHER, inspections=["polisen:A9"]), cancelled(OTHER))

    assert told["a-krim"] == (0, 0, 0, 0)


def test_the_newest_word_on_the_programme_counts() -> None:
    facts = heard_in_order(confirmed(), completed())
    older, newer = (
        heard(proposed(FIRST, programme=name), name, sequence=place) for place, name in enumerate(("gvi", "city"))
    )
    told = {row.programme: row.planned_inspections for row in ledger_from([newer, *facts, older]).totals.programmes}

    assert (told["city"], told["gvi"]) == (1, 0)


def test_each_programme_is_in_the_table_of_indicators() -> None:
    rows = {row.code: (row.value, row.unit) for row in indicators_of(totals_of(proposed(FIRST), confirmed()))}

    assert rows["programmes.a_krim.planned_operations"] == (1, "operations")
    assert rows["programmes.gvi.inspections_done"] == (0, "inspections")


def test_no_programme_is_told_while_what_is_counted_was_proposed_before_programmes_were_kept() -> None:
    facts = [proposed_before_upgrade(FIRST), *heard_in_order(proposed(SECOND), confirmed(), completed())]
    totals = ledger_from(facts).totals

    assert totals.programmes == ()
    assert [row.code for row in indicators_of(totals) if row.code.startswith("programmes.")] == []


def test_what_is_not_counted_hides_no_programme_nor_does_what_was_proposed_anew_since() -> None:
    old = [proposed_before_upgrade("polisen:A9"), proposed_before_upgrade(FIRST)]
    gone = [confirmed(OTHER, inspections=["polisen:A9"]), cancelled(OTHER)]
    facts = [*old, *heard_in_order(*gone, proposed(FIRST), proposed(SECOND), confirmed(), completed())]

    assert {row.programme: numbers_of(row) for row in ledger_from(facts).totals.programmes}["a-krim"] == (1, 2, 1, 2)
