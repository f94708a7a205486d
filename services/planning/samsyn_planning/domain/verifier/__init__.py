"""The independent verifier of plans: shares nothing with the search, does no I/O and reads no clock."""

from samsyn_planning.domain.verifier.objective import Figures
from samsyn_planning.domain.verifier.reading import ProblemError
from samsyn_planning.domain.verifier.verdict import Verdict, objective_of, verify
from samsyn_planning.domain.verifier.violation import Violation

__all__ = ["Figures", "ProblemError", "Verdict", "Violation", "objective_of", "verify"]
