"""Which lessons a briefing may tell: none by which a single agency's evaluation could be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

# An evaluation is told to the centre alone; what so many agencies have said is nobody's own.
FEWEST_AGENCIES = 2


def told_lessons(given: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """The codes that different agencies have given, what is said most often first; `given`: agency and its codes."""
    pairs = [(agency, code) for agency, codes in given for code in codes]
    num_agencies = Counter(code for _, code in set(pairs))
    num_times = Counter(code for _, code in pairs)
    told = (code for code, num in num_agencies.items() if num >= FEWEST_AGENCIES)
    return tuple(sorted(told, key=lambda code: (-num_times[code], code)))
