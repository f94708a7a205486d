"""The four sizes of problem that the planner is measured on (planning.md, "What a prototype showed")."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How many inspections are wanted, sessions offered and parties taking part, and over how many weeks."""

    num_inspections: int
    num_sessions: int
    num_parties: int
    num_weeks: int


SIZES: dict[str, Size] = {
    "S": Size(50, 10, 8, 3),
    "M": Size(150, 25, 10, 4),
    "L": Size(300, 60, 12, 5),
    "XL": Size(1000, 200, 12, 6),
}


def size_of(name: str) -> Size:
    """The size of that name; raises ValueError naming those there are."""
    if name not in SIZES:
        raise ValueError(f"size: {name!r} is not known, choose one of {', '.join(SIZES)}")
    return SIZES[name]
