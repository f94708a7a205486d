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
