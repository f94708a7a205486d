"""What differs between two plans, by operation: kinds by sets, and where inspections came from and went."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from samsyn_planning.domain.plan_diff import difference_of
from samsyn_planning.domain.plan_diff_report import report
from samsyn_planning.domain.verifier.plan_form import read_plan

from tests.support.planning_forms import Form, a_plan, a_visit, an_operation, at


def kinds(before: Form | None, after: Form | None) -> tuple[str, ...]:
    """Give the kinds of the one operation that two plans hold."""
    plans = [read_plan(a_plan([] if operation is None else [operation])) for operation in (before, after)]
    (found,) = difference_of(*plans).operations
    return found.kinds


def told(before: list[Form], after: list[Form], **figures: Any) -> str:
    """Give the English account of two plans."""
    lines = report(difference_of(read_plan(a_plan(before)), read_plan(a_plan(after, **figures))))
    return "\n".join(line.en for line in lines)


def two_visits(first: str = "i1", second: str = "i2") -> list[Form]:
    """Give a route of two inspections, at 09:00 and 11:00."""
    return [a_visit(first), a_visit(second, at(13, 11), at(13, 12))]


class TestKinds:
    def test_an_operation_that_is_the_same_is_kept(self) -> None:
        assert kinds(an_operation(), an_operation()) == ("kept",)

    def test_another_instant_with_the_same_local_writing_is_seen(self) -> None:
        same_in_utc = a_visit("i1", "2025-05-13T07:00:00+00:00", "2025-05-13T08:00:00Z")
        assert kinds(an_operation(), an_operation("s1", [same_in_utc])) == ("kept",)
        other_offset = a_visit("i1", "2025-05-13T09:00:00+01:00", "2025-05-13T10:00:00+01:00")
        assert kinds(an_operation(), an_operation("s1", [other_offset])) == ("moved",)

    def test_a_second_later_is_moved(self) -> None:
        later = a_visit("i1", at(13, 9, 0, 1), at(13, 10, 0, 1))
        assert kinds(an_operation(), an_operation("s1", [later])) == ("moved",)

    def test_an_inspection_that_takes_longer_is_moved(self) -> None:
        assert kinds(an_operation(), an_operation("s1", [a_visit("i1", None, at(13, 11))])) == ("moved",)

    def test_the_same_inspections_in_another_order_are_reordered_and_moved(self) -> None:
        before, after = an_operation("s1", two_visits()), an_operation("s1", two_visits("i2", "i1"))
        assert kinds(before, after) == ("moved", "reordered")

    def test_another_session_the_same_day_is_a_moved_session(self) -> None:
        assert kinds(an_operation(), an_operation("s2", id="op:s1")) == ("moved_session",)

    def test_another_session_a_later_day_is_postponed(self) -> None:
        later = an_operation("s2", [a_visit("i1", at(14, 9), at(14, 10))], id="op:s1")
        assert kinds(an_operation(), later) == ("postponed",)
        assert kinds(later, an_operation()) == ("moved_session",)

    def test_swapped_inspections_are_both_shrunk_and_grown(self) -> None:
        assert kinds(an_operation(), an_operation("s1", [a_visit("i2")])) == ("shrunk", "grown")

    def test_another_team_is_told(self) -> None:
        assert kinds(an_operation(), an_operation(teams=["t2"])) == ("team_changed",)

    def test_one_in_a_single_plan_is_dropped_or_new(self) -> None:
        assert kinds(an_operation(), None) == ("dropped",)
        assert kinds(None, an_operation()) == ("new",)

    def test_consent_given_since_changes_no_operation(self) -> None:
        assert kinds(an_operation(needs_consent=["t1"]), an_operation()) == ("kept",)


class TestSentences:
    def test_an_inspection_that_changes_operation_is_told_at_both(self) -> None:
        before = [an_operation("s1", two_visits()), an_operation("s2", [a_visit("i3")])]
        after = [an_operation("s1"), an_operation("s2", two_visits("i3", "i2"))]
        account = told(before, after)

        assert "op:s1, Tue 13 May 09:00: shrunk\n  Inspection i2 joins operation op:s2 instead." in account
        assert "op:s2, Tue 13 May 09:00: grown\n  Inspection i2 is added; it was in operation op:s1." in account

    def test_what_comes_and_goes_is_summed_up(self) -> None:
        account = told(
            [an_operation("s1", two_visits())], [an_operation("s1", [a_visit("i1"), *two_visits("i3", "i4")[1:]])]
        )

        assert "Inspection i2 is no longer planned." in account
        assert "Inspection i4 is added; it was not planned." in account
        assert account.endswith("Inspections now planned: i4.\nInspections no longer planned: i2.")

    def test_a_postponed_operation_is_told_from_when_to_when(self) -> None:
        later = an_operation("s2", [a_visit("i1", at(14, 9), at(14, 10))], id="op:s1")
        sentence = "From session s1, Tue 13 May 09:00, to session s2, Wed 14 May 09:00."
        assert sentence in told([an_operation()], [later])

    def test_a_new_operation_is_told_with_session_route_and_teams(self) -> None:
        account = told([], [an_operation("s1", two_visits(), ["t1", "t2"])])
        assert "op:s1, Tue 13 May 09:00: new\n  On session s1: i1 and i2; teams: t1 and t2." in account

    def test_teams_that_come_and_go_are_named(self) -> None:
        account = told([an_operation()], [an_operation(teams=["t2"])])
        assert "  No longer called, teams: t1.\n  Newly called, teams: t2." in account

    def test_the_new_order_is_told(self) -> None:
        account = told([an_operation("s1", two_visits())], [an_operation("s1", two_visits("i2", "i1"))])
        assert "The order is now: i2 and i1." in account

    def test_consent_that_is_missing_or_no_longer_is_told_at_the_end(self) -> None:
        asking, settled = an_operation("s1", needs_consent=["t1"]), an_operation("s1")
        assert told([settled], [asking]).endswith("Consent is now needed in op:s1 of: t1.")
        assert told([asking], [settled]).endswith("Consent is no longer needed in: op:s1.")

    def test_equal_figures_are_told_once(self) -> None:
        assert told([], []).startswith("The objective is 0 in both: value is 0 in both, disruption is 0 in both.")

    def test_empty_plans_have_no_operations(self) -> None:
        assert told([], []).endswith("Operations: 0 before, 0 after; none.")


a_route = st.lists(st.sampled_from(["i1", "i2", "i3"]), unique=True, max_size=3)
a_held = st.builds(
    lambda route, teams, hour: an_operation(
        "s1", [a_visit(id_, at(13, hour + place), at(13, hour + place, 30)) for place, id_ in enumerate(route)], teams
    ),
    a_route,
    st.lists(st.sampled_from(["t1", "t2"]), unique=True),
    st.integers(8, 12),
)


@given(a_held, a_held)
def test_a_difference_is_kept_exactly_where_nothing_differs(before: Form, after: Form) -> None:
    is_same = before["inspections"] == after["inspections"] and sorted(before["teams"]) == sorted(after["teams"])
    assert (kinds(before, after) == ("kept",)) == is_same


@given(a_held, a_held)
def test_backwards_what_shrank_has_grown(before: Form, after: Form) -> None:
    forth, back = kinds(before, after), kinds(after, before)
    assert ("shrunk" in forth, "grown" in forth) == ("grown" in back, "shrunk" in back)


@given(a_held, a_held)
def test_every_line_is_there_in_both_languages(before: Form, after: Form) -> None:
    for line in report(difference_of(read_plan(a_plan([before])), read_plan(a_plan([after])))):
        assert line.sv.strip()
        assert line.en.strip()
        assert line.sv != line.en
