"""What the demo says when it is asked for something it cannot do: which field, why, and the remedy."""

from __future__ import annotations


class DemoInputError(ValueError):
    """A wish the demo cannot meet; `field` is the option or column, `remedy` what to do instead."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem}. {remedy}")
        self.field = field
        self.problem = problem
        self.remedy = remedy
