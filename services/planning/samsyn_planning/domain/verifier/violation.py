"""A broken rule, told so that a coordinator finds the place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: the rule's name ("H2", "M3", "objective" …), the operation if it is of one, and what is wrong."""

    rule: str
    operation: str | None
    sentence: str
