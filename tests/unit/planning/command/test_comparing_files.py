"""`samsyn plan diff`: two plans told apart in both languages, without their problem."""

import pytest

from tests.support.planning_forms import a_plan, a_problem, a_visit, an_operation, at
from tests.unit.planning.command.commanded import Desk


@pytest.fixture
def compared(desk: Desk) -> Desk:
    """A plan of one operation, and one where it starts an hour later."""
    desk.put("a.json", a_plan(value=944))
    desk.put("b.json", a_plan([an_operation("s1", [a_visit("i1", at(13, 10), at(13, 11))])], value=940, disruption=20))
    return desk


def test_it_is_told_in_swedish_and_then_in_english(compared: Desk) -> None:
    said = compared.plan("diff", "a.json", "b.json")

    assert said.status == 0
    assert said.out == (
        "Målfunktionen går från 944 till 920 (−24): värdet går från 944 till 940 (−4), "
        "störningen går från 0 till 20 (+20).\n"
        "Insatser: 1 före, 1 efter; flyttad 1.\n"
        "op:s1, tis 13 maj 10.00 (v. 20): flyttad\n"
        "  Kontrollen i1 börjar tis 13 maj 10.00 (v. 20) i stället för tis 13 maj 09.00 (v. 20).\n"
        "\n"
        "The objective goes from 944 to 920 (−24): value goes from 944 to 940 (−4), "
        "disruption goes from 0 to 20 (+20).\n"
        "Operations: 1 before, 1 after; moved 1.\n"
        "op:s1, Tue 13 May 10:00: moved\n"
        "  Inspection i1 starts Tue 13 May 10:00 instead of Tue 13 May 09:00.\n"
    )


def test_one_language_can_be_chosen(compared: Desk) -> None:
    both = compared.plan("diff", "a.json", "b.json").out
    swedish, english = (compared.plan("diff", "a.json", "b.json", "--lang", tongue).out for tongue in ("sv", "en"))

    assert both == f"{swedish}\n{english}"
    assert "Insatser" in swedish
    assert "Insatser" not in english


def test_a_file_that_is_no_plan_is_named_with_its_field(compared: Desk) -> None:
    said = compared.plan("diff", "a.json", compared.put("problem.json", a_problem()))

    assert said.status == 2
    assert said.err.startswith("samsyn plan: problem.json: /")
    assert said.err.count("\n") == 1


def test_only_one_plan_can_be_standard_input(compared: Desk) -> None:
    assert compared.plan("diff", "-", "-").status == 2
    assert compared.plan("diff", "a.json", "-", stdin=compared.bytes_of("b.json")).status == 0
