"""Who comes late to an operation, kept from the first word of it: the value that planning remembers."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from samsyn_planning.domain.facts import Operation, Value


class Late(Value):
    """When an agency comes at the earliest, and the event that told so."""

    from_at: datetime
    said_by: str


class Delay(Value):
    """An operation's late participants by agency, on the occasion that they were late for.

    `sequences`: the highest number heard of each source. The id of an operation that is over may be given to another;
    the code name may not.
    """

    id: str
    centre: str
    code_name: str
    session_id: str
    late: dict[str, Late]
    sequences: dict[str, int] = Field(default={})

    def is_of(self, operation: Operation) -> bool:
        """Whether it is of the operation's occasion of now."""
        return (self.id, self.code_name, self.session_id) == (operation.id, operation.code_name, operation.session_id)
