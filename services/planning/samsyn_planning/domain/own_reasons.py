"""Why an operation is another one than before, where the planner gives no reason: it did not plan that."""

from __future__ import annotations

from samsyn_contracts.message import Reason

BACK = Reason(
    code="RESTORED",
    sv="Det som saknades finns åter; insatsen har sitt tillfälle igen.",
    en="What was missing is there again; the operation has its occasion again.",
)
AS_BEFORE = Reason(
    code="RETRACTED",
    sv="En inställelse var ett misstag; insatsen är åter som före den.",
    en="A cancellation was a mistake; the operation is again as it was before it.",
)
NOT_NEEDED = Reason(
    code="RETRACTED",
    sv="En inställelse var ett misstag; det som kom i stället behövs inte.",
    en="A cancellation was a mistake; what came instead is not needed.",
)
NO_POLICE = Reason(
    code="WITHOUT_POLICE",
    sv="Polisen kan inte komma; insatsen görs utan polis.",
    en="The police cannot come; the operation goes on without them.",
)
OTHER_HOURS = Reason(
    code="TIME",
    sv="Polispassets tider är ändrade; kontrollerna är desamma.",
    en="The hours of the police session have changed; the inspections are the same.",
)
STOPPED = Reason(
    code="COMPROMISED",
    sv="Stoppad: platsen kan vara röjd; samordnaren avgör.",
    en="Stopped: the site may be compromised; the coordinator decides.",
)
OWN = {"restored": BACK, "unchanged": OTHER_HOURS, "without_police": NO_POLICE}
OF_A_MISTAKE = {"restored": AS_BEFORE, "cancelled": NOT_NEEDED, "postponed": NOT_NEEDED}


def own_reasons(step: str | None, *, is_mistake: bool) -> tuple[Reason, ...]:
    """The reason by what has happened; `is_mistake`: because a cancellation was one."""
    reason = (OWN | OF_A_MISTAKE if is_mistake else OWN).get(step or "")
    return () if reason is None else (reason,)
