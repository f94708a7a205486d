"""What the planner says when a problem cannot be read or has no plan."""


class ProblemError(ValueError):
    """A problem that cannot be planned: which field (JSON pointer), what is wrong, and the remedy.

    `status` is 2 for bad input and 3 when two frozen operations clash (planning.md, "Exit status").
    """

    def __init__(self, pointer: str, fault: str, remedy: str, status: int = 2) -> None:
        super().__init__(f"{pointer or '/'}: {fault}; {remedy}")
        self.pointer = pointer
        self.fault = fault
        self.remedy = remedy
        self.status = status


class FrozenClashError(ProblemError):
    """Two frozen `operations` that cannot both stand, by `rule`: no plan keeps them."""

    def __init__(self, one: str, other: str, rule: str) -> None:
        remedy = "release one of them (pinned, hold, freeze_until)"
        super().__init__("/published/operations", f"frozen {one} and {other} clash by {rule}", remedy, 3)
        self.operations = (one, other)
        self.rule = rule
