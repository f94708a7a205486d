"""Why an inspection is not planned, and what it would cost to plan it: each reason checked by machine."""

from typing import Any

import numpy as np

from samsyn_planning.domain.planner.beside import with_room
from samsyn_planning.domain.planner.codes import CODE, codes_in
from samsyn_planning.domain.planner.obstacles import Obstacles
from samsyn_planning.domain.planner.schedule import Prices, Schedule
from samsyn_planning.domain.planner.words import (
    RULES,
    Names,
    Said,
    counted,
    listed,
    name_of,
    plainly,
    points,
    sessions_counted,
)

CHOICES = ("TAKEN", "VALUE")
# Only a search that was cut short leaves out what would gain; it is said, not covered up.
UNTRIED = Said("sökningen slutade innan det prövades", "the search ended before it was tried")


class Unplanned:
    """Explains the inspections that a finished schedule leaves out."""

    def __init__(self, schedule: Schedule, prices: Prices, names: Names) -> None:
        self._facts = schedule.facts
        self._names = names
        self._obstacles = Obstacles(schedule, schedule.unplanned())
        self._only = self._sessions_by_only_code()
        roomy = ((i, self._only[row]["VALUE"]) for i, row in self._obstacles.row.items() if "VALUE" in self._only[row])
        self._prices = with_room(schedule, prices, roomy)
        self._within = [int(number) for number in self._obstacles.within.sum(axis=1)]

    def entries(self) -> list[dict[str, Any]]:
        """The plan's entries; the cost is null where no price is known."""
        return [self._entry(row, inspection) for row, inspection in enumerate(self._obstacles.inspections)]

    def reasons(self, inspection: int) -> list[dict[str, Any]]:
        """Why this inspection is left out."""
        return self._reasons(self._obstacles.row[inspection], inspection)

    def _sessions_by_only_code(self) -> list[dict[str, list[int]]]:
        """For each inspection the sessions that one code alone keeps it from, by code."""
        found: list[dict[str, list[int]]] = [{} for _ in self._obstacles.inspections]
        rows, sessions = np.nonzero(self._obstacles.only)
        bits = self._obstacles.bits[rows, sessions]
        for row, session, bit in zip(rows.tolist(), sessions.tolist(), bits.tolist(), strict=True):
            if bit in CODE:
                found[row].setdefault(CODE[bit], []).append(session)
        return found

    def _entry(self, row: int, inspection: int) -> dict[str, Any]:
        forced = self._prices.get(inspection)
        cost = None if forced is None else forced[0]
        own_id = self._facts.inspections[inspection].id
        return {"inspection": own_id, "reasons": self._reasons(row, inspection), "cost_of_inclusion": cost}

    def _reasons(self, row: int, inspection: int) -> list[dict[str, Any]]:
        only = self._only[row]
        # First what a coordinator could still choose to do, then the rules that most sessions fail on.
        ranked = sorted(only, key=lambda code: (code not in CHOICES, -len(only[code]), code))
        return [self._reason(code, inspection, only[code], self._within[row]) for code in ranked] or [self._no_way(row)]

    def _reason(self, code: str, inspection: int, sessions: list[int], num_within: int) -> dict[str, Any]:
        what = self._what(code, inspection, sessions)
        within = counted(num_within, ("pass nås", "pass nås"), ("session is", "sessions are"))
        verb = "stannar" if code in CHOICES else "faller"
        fails = "fails" if len(sessions) == 1 else "fail"
        sv = f"{within.sv} före sista datum; {len(sessions)} {verb} bara på: {what.sv}"
        en = f"{within.en} within reach before the deadline; {len(sessions)} {fails} only on: {what.en}"
        price = self._price(inspection) if code in CHOICES else Said("", "")
        ids = [self._facts.sessions[session].id for session in sessions]
        return {"code": code, "sv": f"{sv}{price.sv}.", "en": f"{en}{price.en}.", "sessions": ids}

    def _what(self, code: str, inspection: int, sessions: list[int]) -> Said:
        what = RULES[code]
        if code == "VALUE" and self._prices.get(inspection, (0, []))[0] < 0:
            return UNTRIED
        if code != "H7":
            return what
        parties = {party for session in sessions for party in self._obstacles.missing_parties(session, inspection)}
        named = listed(name_of(party, self._names) for party in sorted(parties))
        return Said(f"{what.sv}: {named.sv}", f"{what.en}: {named.en}") if parties else what

    def _price(self, inspection: int) -> Said:
        forced = self._prices.get(inspection)
        if forced is None:
            return Said("", "")
        if forced[0] < 0:
            gain = points(-forced[0])
            return Said(f"; kan tas med och ger {gain.sv} till", f"; can be taken and brings another {gain.en}")
        cost, out = points(forced[0]), plainly(self._facts.inspections[other].id for other in forced[1])
        if not forced[1]:
            return Said(f"; kan tas med och kostar högst {cost.sv}", f"; can be taken and costs at most {cost.en}")
        sv = f"; kan tas med, tränger undan {out.sv} och kostar högst {cost.sv}"
        return Said(sv, f"; can be taken, pushes out {out.en} and costs at most {cost.en}")

    def _no_way(self, row: int) -> dict[str, Any]:
        """No session fails on one rule alone: say how many each rule stops."""
        all_bits = self._obstacles.bits[row].tolist()
        if not all_bits:
            return {"code": "H2", "sv": "Inga pass finns kvar.", "en": "No sessions are left.", "sessions": []}
        tally: dict[str, int] = {}
        for bits in all_bits:
            for code in codes_in(bits):
                tally[code] = tally.get(code, 0) + 1
        worst = sorted(tally, key=lambda code: (-tally[code], int(code[1:])))
        what = listed(Said(f"{RULES[c].sv} ({tally[c]})", f"{RULES[c].en} ({tally[c]})") for c in worst)
        count = sessions_counted(len(all_bits))
        sv = f"Inget av {count.sv} går, och inget faller på ett enda skäl: {what.sv}."
        en = f"None of {count.en} will do, and none fails on a single rule: {what.en}."
        return {"code": worst[0], "sv": sv, "en": en, "sessions": []}
