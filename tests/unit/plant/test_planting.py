"""A planted fault is told as noticed only if a test failed over the planted copy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.plant.fault import Fault
from tests.plant.faults import FAULTS
from tests.plant.planting import ROOT, run_planted, run_tests
from tests.plant.witness import PLANTED

CHAIN = next(fault for fault in FAULTS if fault.name == "chain-not-chained")


def a_fault(**changes: Any) -> Fault:
    """The first of the chain's entries made to depend on nothing before it, unless told otherwise."""
    return replace(CHAIN, **changes)


def test_a_fault_that_a_test_notices_is_red(tmp_path: Path) -> None:
    outcome = run_planted(a_fault(), tmp_path, {})

    assert (outcome.verdict, outcome.red) == ("red", CHAIN.tests[0].rpartition("::")[2])


def test_a_change_that_no_test_notices_survives(tmp_path: Path) -> None:
    assert run_planted(a_fault(planted=CHAIN.text), tmp_path, {}).verdict == "survived"


def test_a_text_that_is_not_there_shows_nothing(tmp_path: Path) -> None:
    outcome = run_planted(a_fault(text="no such text"), tmp_path, {})

    assert (outcome.verdict, "0 times" in str(outcome.trouble)) == ("BROKEN", True)


def test_a_test_that_is_not_there_shows_nothing(tmp_path: Path) -> None:
    gone = ("tests/unit/exchange/test_exchange_chain.py::test_that_was_renamed",)

    assert run_planted(a_fault(tests=gone), tmp_path, {}).verdict == "BROKEN"


def test_tests_that_do_not_run_over_the_copy_show_nothing(tmp_path: Path) -> None:
    outcome = run_tests(CHAIN.tests, {PLANTED: f"samsyn_exchange={tmp_path}"}, ("-p", "tests.plant.witness"))

    assert (outcome.verdict, "not what runs" in str(outcome.trouble)) == ("BROKEN", True)


def test_the_checkout_is_left_as_it_was(tmp_path: Path) -> None:
    before = (ROOT / CHAIN.file).read_bytes()

    run_planted(a_fault(), tmp_path, {})

    assert (ROOT / CHAIN.file).read_bytes() == before


def test_no_two_faults_have_the_same_name() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_a_fault_replaces_is_there(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text("utf-8").count(fault.text) == 1


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_tests_that_must_turn_red_are_there(fault: Fault) -> None:
    for test in fault.tests:
        path, _, name = test.partition("[")[0].partition("::")
        assert name in named_in(path)


@cache
def named_in(path: str) -> frozenset[str]:
    """Tests and classes of tests in a file, as pytest names them; the empty name is the whole file."""
    return frozenset(["", *_names(ast.parse((ROOT / path).read_text("utf-8")), "")])


def _names(node: ast.Module | ast.ClassDef, within: str) -> Iterator[str]:
    for part in node.body:
        if isinstance(part, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield within + part.name
        if isinstance(part, ast.ClassDef):
            yield from _names(part, f"{within}{part.name}::")
