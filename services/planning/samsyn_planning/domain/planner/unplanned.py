"""Why an inspection is not planned, and what it would cost to plan it: each reason checked by machine."""

from typing import Any

from samsyn_planning.domain.planner.moves import Prices
from samsyn_planning.domain.planner.obstacles import Obstacles
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.words import RULES, Names, Said, counted, listed, name_of, plainly, sessions_counted


class Unplanned:
    """Explains the inspections that a finished schedule leaves out."""

    def __init__(self, schedule: Schedule, prices: Prices, names: Names) -> None:
        self._schedule = schedule
        self._facts = schedule.facts
        self._prices = prices
        self._names = names
        self._obstacles = Obstacles(schedule)

    def entry(self, inspection: int) -> dict[str, Any]:
        """The plan's entry for one inspection; its cost is null where no price is known."""
        forced = self._prices.get(inspection)
        sessions = range(len(self._facts.sessions))
        codes = {session: self._obstacles.codes(session, inspection, most=2) for session in sessions}
        num_within = sum(self._obstacles.fits_alone(session, inspection) for session in sessions)
        within = counted(num_within, ("pass nås", "pass nås"), ("session is", "sessions are"))
        only: dict[str, list[int]] = {}
        for session, found in codes.items():
            if len(found) == 1:
                only.setdefault(found[0], []).append(session)
        # First what a coordinator could still choose to do, then the rules that most sessions fail on.
        ranked = sorted(only, key=lambda code: (code not in ("TAKEN", "VALUE"), -len(only[code]), code))
        reasons = [self._reason(code, inspection, only[code], within, forced) for code in ranked]
        if not reasons:
            reasons = [self._hopeless({session: self._obstacles.codes(session, inspection) for session in sessions})]
        cost = None if forced is None else forced[0]
        return {"inspection": self._facts.inspections[inspection].id, "reasons": reasons, "cost_of_inclusion": cost}

    def _reason(
        self, code: str, inspection: int, sessions: list[int], within: Said, forced: tuple[int, list[int]] | None
    ) -> dict[str, Any]:
        what = RULES[code]
        if code == "H7":
            parties = {p for session in sessions for p in self._obstacles.missing_parties(session, inspection)}
            named = listed(name_of(party, self._names) for party in sorted(parties))
            what = Said(f"{what.sv}: {named.sv}", f"{what.en}: {named.en}")
        count = sessions_counted(len(sessions))
        verb = "faller" if code not in ("TAKEN", "VALUE") else "stannar"
        sv = f"{within.sv} före sista datum; {count.sv} {verb} bara på: {what.sv}"
        en = f"{within.en} within reach before the deadline; {count.en} only because: {what.en}"
        price = self._price(forced) if code in ("TAKEN", "VALUE") else Said("", "")
        ids = sorted(self._facts.sessions[session].id for session in sessions)
        return {"code": code, "sv": f"{sv}{price.sv}.", "en": f"{en}{price.en}.", "sessions": ids}

    def _price(self, forced: tuple[int, list[int]] | None) -> Said:
        if forced is None:
            return Said("", "")
        cost, out = forced
        if not out:
            return Said(
                f"; kan tas med och kostar högst {cost} poäng", f"; can be taken and costs at most {cost} points"
            )
        gone = plainly(self._facts.inspections[inspection].id for inspection in out)
        sv = f"; kan tas med, tränger undan {gone.sv} och kostar högst {cost} poäng"
        return Said(sv, f"; can be taken, pushes out {gone.en} and costs at most {cost} points")

    def _hopeless(self, codes: dict[int, list[str]]) -> dict[str, Any]:
        """Every session fails on two rules or more: name the rule that most fail on."""
        if not codes:
            return {"code": "H2", "sv": "Inga pass finns kvar.", "en": "No sessions are left.", "sessions": []}
        tally: dict[str, int] = {}
        for found in codes.values():
            for code in found:
                tally[code] = tally.get(code, 0) + 1
        worst = sorted(tally, key=lambda code: (-tally[code], int(code[1:])))[:3]
        what = listed(Said(f"{RULES[c].sv} ({tally[c]})", f"{RULES[c].en} ({tally[c]})") for c in worst)
        count = sessions_counted(len(codes))
        sv = f"Inget av {count.sv} går, vart och ett av flera skäl: {what.sv}."
        en = f"None of {count.en} will do, each for several reasons: {what.en}."
        return {"code": worst[0], "sv": sv, "en": en, "sessions": []}
