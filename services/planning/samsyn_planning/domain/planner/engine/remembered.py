"""Columns kept from one solve to the next: a replan begins with what the last plan of the centre was chosen from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

# So many columns are kept, those nearest to the linear optimum.
MOST_COLUMNS = 600


class Named(NamedTuple):
    """A column by ids, which stay the same from problem to problem: session, inspections in order, team sessions."""

    session: str
    inspections: tuple[str, ...]
    teams: tuple[str, ...]


@dataclass
class ColumnPool:
    """What one solve leaves to the next; given to `solve`, which takes from it and fills it anew.

    Nothing in it is believed: each column is judged and valued by the problem at hand. The same problem, work and pool
    have the same plan.
    """

    columns: tuple[Named, ...] = ()

    def keep(self, columns: Iterable[Named]) -> None:
        """Keep these and no others, the first if they are too many."""
        self.columns = tuple(columns)[:MOST_COLUMNS]
