"""The planner: columns, a linear bound and search behind `solve` (forms and meaning: FORMS.md, M0-H16)."""

from samsyn_planning.domain.planner.account import plan_bytes
from samsyn_planning.domain.planner.baselines import just_cancel, refill_only
from samsyn_planning.domain.planner.engine.remembered import ColumnPool
from samsyn_planning.domain.planner.errors import FrozenClashError, ProblemError
from samsyn_planning.domain.planner.frozen import frozen_clash, is_hit
from samsyn_planning.domain.planner.limit import Limit
from samsyn_planning.domain.planner.progress import Progress, Watcher
from samsyn_planning.domain.planner.solving import solve

__all__ = [
    "ColumnPool",
    "FrozenClashError",
    "Limit",
    "ProblemError",
    "Progress",
    "Watcher",
    "frozen_clash",
    "is_hit",
    "just_cancel",
    "plan_bytes",
    "refill_only",
    "solve",
]
