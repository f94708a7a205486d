"""That an operation may be compromised, kept until its centre lets go: the value that planning remembers."""

from __future__ import annotations

from pydantic import Field

from samsyn_planning.domain.facts import Value


class Compromise(Value):
    """An operation that may be compromised; its inspections and all at its sites are planned nowhere meanwhile.

    `said_by` is the event that held it. Kept when the centre lets go, for the highest number heard of each source. The
    id of an operation that is over may be given to another; the code name may not.
    """

    id: str
    centre: str
    code_name: str
    is_held: bool
    said_by: str
    sites: tuple[str, ...]
    inspections: tuple[str, ...]
    sequences: dict[str, int] = Field(default={})
