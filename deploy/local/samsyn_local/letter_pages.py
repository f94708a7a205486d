"""Dead letters and refused records as tables, pages and JSON: where they stood and why, never what they said."""

from collections.abc import Mapping, Sequence
from typing import Any

from samsyn_exchange.tables import RefusedRow

from samsyn_local.letter_desk import REFUSED, Named
from samsyn_local.status import table
from samsyn_local.swedish_time import day_and_time

LETTERS = ("letter", "set aside", "type", "sender", "place", "bytes", "reason", "state")
REFUSALS = ("refused", "at", "type", "sender", "place", "bytes", "reason")
Told = Mapping[str, Any]


def of_letter(named: Named) -> dict[str, Any]:
    """A letter as JSON, with everything that was done about it."""
    letter, settled = named.letter, named.letter.settled
    told = {name: value for name, value in letter.told.items() if name != "sealed"}
    return {
        "name": named.name,
        "service": named.service,
        "set_aside_at": letter.set_aside_at.isoformat(),
        "state": settled.outcome if settled is not None else "open",
        "place": letter.place,
        **told,
        "is_sealed": "sealed" in letter.told,
        "notes": [
            {
                "outcome": note.outcome,
                "told": note.told,
                "reason": note.reason,
                "by": note.noted_by,
                "at": note.noted_at.isoformat(),
            }
            for note in letter.notes
        ],
    }


def of_refused(row: RefusedRow) -> dict[str, Any]:
    """A refused record as JSON."""
    told = row.model_dump(mode="json", exclude={"number", "sealed", "record_offset"}, exclude_none=True)
    place = f"{row.topic}/{row.partition}/{row.record_offset}" if row.record_offset >= 0 else "over HTTPS"
    return {"name": f"{REFUSED}-{row.number}", "place": place, "is_sealed": row.sealed is not None, **told}


def page(letters: Sequence[Told], refused: Sequence[Told], num_left_out: int) -> str:
    """Both as tables."""
    blocks = [table(LETTERS, [_letter(one) for one in letters]) or "No dead letter is open"]
    blocks += [table(REFUSALS, [_refusal(one) for one in refused])] if refused else []
    if num_left_out:
        blocks.append(f"{num_left_out} older refusal(s) are not shown: --last NUMBER shows more, --json all")
    return "\n\n".join(blocks)


def sheet(told: Told) -> str:
    """One of them, a line for each thing known, and what was done about it."""
    lines = [f"{name:<13} {_shown(value)}" for name, value in told.items() if name not in ("notes", "opened")]
    done = [
        f"{day_and_time(note['at'])}  {note['by']}: {note['outcome']}, {note['told']} ({note['reason']})"
        for note in told.get("notes", ())
    ]
    read = [f"{day_and_time(note['at'])}  {note['by']}: opened ({note['reason']})" for note in told.get("opened", ())]
    behind = told.get("id") or told.get("rejected_id")
    is_known = told.get("source") is not None and behind is not None
    hints = [f"`samsyn why {behind}` tells what led to it and who was told"] if is_known else []
    return "\n".join([*lines, *done, *read, *hints])


def _letter(told: Told) -> Sequence[str]:
    sender = str(told.get("source", "-")).removeprefix("urn:samsyn:")
    at = day_and_time(told["set_aside_at"])
    facts = (_name_of(told.get("type")), sender, told["place"], str(told.get("size", "-")), told["reason"])
    return (told["name"], at, *facts, told["state"])


def _refusal(told: Told) -> Sequence[str]:
    reasons = "; ".join(f"{reason['code']} {reason['pointer']}".rstrip() for reason in told["reasons"])
    at, type_ = day_and_time(told["refused_at"]), _name_of(told.get("rejected_type"))
    return (told["name"], at, type_, told["party"], told["place"], str(told["size"]), reasons)


def _name_of(type_: str | None) -> str:
    return "-" if type_ is None else type_.split(".")[-2]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(" ".join(str(part) for part in one.values()).rstrip() for one in value)
    return str(value)
