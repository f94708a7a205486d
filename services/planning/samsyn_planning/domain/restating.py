"""A plan made before for a loss that was only assumed, told as the answer to the loss that has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

# The event of a loss that has not happened; in reasons it stands, nameless, where the true one is to stand.
ASSUMED = "assumed:loss-of-police"


def restate(
    problem: Mapping[str, Any], plan: Mapping[str, Any], session_id: str, names: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """The plan with the true cause in its reasons, in both languages, and notice from now.

    For a plan of a problem that says the same but for `now`, and for who took `session_id`. KeyError where it is not
    lost in this problem; whether the rest is true the verifier says.
    """
    event = {row["id"]: row["cause"] for row in problem["lost"]}[session_id]
    sv, en = names.get(event, (event, event))
    now = datetime.fromisoformat(problem["now"])
    changes = [
        {
            **change,
            "reasons": [
                {**why, "sv": why["sv"].replace(ASSUMED, sv), "en": why["en"].replace(ASSUMED, en)}
                for why in change["reasons"]
            ],
            "notice_seconds": int((_start_of(change) - now).total_seconds()),
        }
        for change in plan["changes"]
    ]
    return {**plan, "changes": changes}


def _start_of(change: Mapping[str, Any]) -> datetime:
    """Start of the session that the operation is on now, else of the one that it was on."""
    return datetime.fromisoformat((change["to"] or change["from"])["start_at"])
