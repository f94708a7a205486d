"""Whether what a problem holds can stand, by itself and together, before anything is solved."""

from collections.abc import Mapping
from typing import Any

from samsyn_planning.domain.planner.errors import FrozenClashError, ProblemError
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.reading import read_problem


def frozen_clash(problem: Mapping[str, Any]) -> FrozenClashError | None:
    """The first two frozen operations that clash, if any; a problem that cannot be read has its error when solved."""
    try:
        Facts(read_problem(problem))
    except FrozenClashError as clash:
        return clash
    except ProblemError:
        return None
    return None


def is_hit(problem: Mapping[str, Any], operation_id: str) -> bool:
    """Whether a published operation of a problem in which nothing frozen clashes no longer stands by itself (M4).

    A problem that cannot be read has its error when solved.
    """
    try:
        formers = Facts(read_problem(problem)).formers
    except ProblemError:
        return False
    return any(former.is_hit for former in formers if former.operation.id == operation_id)
