"""The demo shows the reporting service's ledger, and sees where it contradicts the run's own records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from samsyn_demo.ledger_table import ROWS, contradictions, ledger_rows
from samsyn_reporting.domain.indicators import indicators_of
from samsyn_reporting.domain.ledger import Known, Period, ledger_of

from tests.unit.demo.demo_forms import a_record


def a_ledger(**values: float) -> dict[str, Any]:
    rows = [{"code": code.replace("__", "."), "value": value} for code, value in values.items()]
    return {code: {"indicators": {"indicators": rows}} for code in ("akc-vast", "all")}


def an_end(event_id: str = "e1", outcome: str = "completed", done: tuple[str, ...] = ("i1", "i2")) -> Any:
    body = {"outcome": outcome, "done_inspection_ids": list(done)}
    return a_record("samsyn.inspection.v1", "OperationCompleted", body, event_id, "service:inspection")


AGREED = a_ledger(carried_out__completed=1, carried_out__inspections_done=2, carried_out__started=1)


def test_every_indicator_that_is_shown_is_one_of_the_service() -> None:
    at = datetime(2025, 5, 5, tzinfo=UTC)
    nothing = ledger_of(Known({}, {}), Period(centres=frozenset(), from_at=at, until_at=at))
    codes = {indicator.code for indicator in indicators_of(nothing.totals)}

    assert {name for _, names in ROWS for name in names} - codes == set()


def test_a_ledger_that_the_records_confirm_is_not_contradicted() -> None:
    assert list(contradictions(AGREED, ["akc-vast"], [an_end()])) == []


def test_an_end_that_is_read_twice_is_counted_once() -> None:
    assert list(contradictions(AGREED, ["akc-vast"], [an_end(), an_end()])) == []


def test_an_inspection_that_the_ledger_does_not_know_is_told() -> None:
    told = list(contradictions(AGREED, ["akc-vast"], [an_end(done=("i1", "i2", "i3"))]))

    assert told == ["ledger of akc-vast: carried_out.inspections_done is 2, the records say 3"]


def test_a_run_without_a_ledger_has_no_rows_and_no_contradiction() -> None:
    assert list(ledger_rows({}, ["akc-vast"])) == []
    assert list(contradictions({}, ["akc-vast"], [an_end()])) == []


def test_findings_of_all_agencies_are_added_up() -> None:
    ledger = a_ledger(findings__recorded__tax__skatteverket__about_others=3, findings__recorded__x__y__about_others=4)

    assert dict(ledger_rows(ledger, ["akc-vast"]))["Fynd om företag och platser · findings"] == ["7", "7"]
