"""E-1: a checked reason for each inspection that is moved or dropped, and what explaining costs."""

from samsyn_planning.domain.planner import ProblemError

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar, spread
from tests.bench.planner.replans import Replan, Replans
from tests.bench.planner.timed import Timed
from tests.support.planning_forms import Form
from tests.support.reason_check import wrong_reasons
from tests.support.tiny_problems import any_problem

SIZES = ("S", "M", "L")
NUM_TINY, NUM_TINY_QUICK = 200, 40
TINY_SECONDS = 2.0


def explains_all(bench: Bench, replans: Replans) -> list[Bar]:
    """E-1: on the replans whether each has its reasons and what they cost; on tiny problems whether they are true."""
    made = [replan for size in SIZES for replan in replans.of(size)]
    unexplained = [told for replan in made for told in _unexplained(replan)]
    num_touched = sum(len(_touched(replan.run)) for replan in made)
    each = spread([replan.run.explaining_seconds / max(1, _num_explained(replan.run)) for replan in made])
    num_tiny, untrue = _untrue(bench)
    figures = (
        f"replans: n {len(made)}; inspections moved or dropped {num_touched}, without a reason {len(unexplained)}",
        each.of_seconds("a reason, from the last line of progress to the end by what is explained (bar: p95 0.2 s)"),
        f"tiny problems whose every reason was tried by machine: n {num_tiny}, untrue {len(untrue)}",
        *unexplained[:5],
        *untrue[:5],
    )
    return [Bar("E-1", not unexplained and not untrue and each.p95 <= 0.2, figures)]


def _touched(run: Timed) -> set[str]:
    """Listed inspections that were published and are now elsewhere, at another time, or nowhere."""
    listed = {inspection["id"] for inspection in run.problem["inspections"]}
    lost = {loss["id"] for loss in run.problem["lost"]}
    before = _places(run.problem["published"]["operations"])
    after = _places(run.plan["operations"])
    return {own for own, place in before.items() if own in listed - lost and after.get(own) != place}


def _places(operations: list[Form]) -> dict[str, tuple[str, str]]:
    return {
        visit["id"]: (operation["session"], visit["start_at"])
        for operation in operations
        for visit in operation["inspections"]
    }


def _unexplained(replan: Replan) -> list[str]:
    """Touched inspections of which neither their own entry nor their operation's change gives a reason."""
    run = replan.run
    explained = {entry["inspection"] for entry in run.plan["unplanned"] if _is_told(entry)}
    operations = {change["operation"] for change in run.plan["changes"] if _is_told(change)}
    for operation in (*run.problem["published"]["operations"], *run.plan["operations"]):
        if operation["id"] in operations:
            explained |= {visit["id"] for visit in operation["inspections"]}
    return [f"{replan.label}: {inspection} has no reason" for inspection in sorted(_touched(run) - explained)]


def _is_told(entry: Form) -> bool:
    return bool(entry["reasons"]) and all(reason["sv"] and reason["en"] for reason in entry["reasons"])


def _num_explained(run: Timed) -> int:
    changed = [change for change in run.plan["changes"] if change["kinds"] != ["kept"]]
    return len(run.plan["unplanned"]) + len(changed)


def _untrue(bench: Bench) -> tuple[int, list[str]]:
    """Tiny problems of which every reason is tried by machine, and what was found untrue."""
    num, found = NUM_TINY_QUICK if bench.is_quick else NUM_TINY, list[str]()
    for seed in range(bench.seed_base, bench.seed_base + num):
        problem = any_problem(seed)
        try:
            plan = bench.solve(f"tiny seed {seed}", problem, TINY_SECONDS).plan
        except ProblemError as error:
            if error.status != 3:
                raise
            continue  # frozen operations that clash: there is no plan to explain
        found += [f"tiny seed {seed}: {said}" for said in wrong_reasons(problem, plan)]
    bench.say(f"{num} tiny problems explained and tried")
    return num, found
