"""What a replan did to inspections that were not hit themselves."""

from samsyn_demo.evidence import Replan
from samsyn_demo.rescues import displaced_by, hits_of

from tests.unit.demo.demo_forms import Form


def an_operation(session: str, *inspections: str) -> Form:
    """An operation with its visits, all at one time: only which stand matters here."""
    visits = [
        {"id": i, "start_at": "2025-05-13T08:00:00+02:00", "end_at": "2025-05-13T09:00:00+02:00"} for i in inspections
    ]
    return {"id": f"op:{session}", "session": session, "inspections": visits, "teams": []}


def a_replan(*after: Form, wanted: tuple[str, ...] = ("i1", "i2", "i3")) -> Replan:
    """Session p1 is lost; p1 held i1, p2 held i2 and i3."""
    before = {"operations": [an_operation("p1", "i1"), an_operation("p2", "i2", "i3")]}
    return Replan("akc-vast", 1, before, {"inspections": [{"id": i} for i in wanted]}, {"operations": list(after)})


def test_an_inspection_pushed_out_for_a_hit_one_is_displaced() -> None:
    replan = a_replan(an_operation("p2", "i1", "i2"))

    assert displaced_by(replan, hits_of(replan.operations_before, {"p1"})) == {"i3"}


def test_a_hit_inspection_that_is_not_rescued_is_lost_and_not_displaced() -> None:
    replan = a_replan(an_operation("p2", "i2", "i3"))

    assert displaced_by(replan, hits_of(replan.operations_before, {"p1"})) == frozenset()


def test_an_inspection_that_nobody_wants_any_more_is_not_displaced() -> None:
    replan = a_replan(an_operation("p2", "i1", "i2"), wanted=("i1", "i2"))

    assert displaced_by(replan, hits_of(replan.operations_before, {"p1"})) == frozenset()
