"""Every error that the exchange tells: status, whether to try again, and a sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from samsyn_contracts.rejection import TEXTS, RejectionCode

# never: nothing changes by saying it again · after_mending: not as it is; mend the event, the request, or the right to
# it · later: the same again, once what it lacks has come · soon: the same again, after a pause.
Retry = Literal["never", "after_mending", "later", "soon"]
PAUSE_SECONDS = 2

# code -> (HTTP status, Swedish, English)
ERRORS: dict[str, tuple[int, str, str]] = {
    "not_known": (
        401,
        "Ange partens nyckel: Authorization: Bearer <nyckel>.",
        "Give the party's token: Authorization: Bearer <token>.",
    ),
    "not_owner": (403, "Referensen tillhör en annan part.", "The reference belongs to another party."),
    "not_found": (
        404,
        "Innehållet finns inte, eller får inte läsas av parten.",
        "There are no such contents, or the party may not read them.",
    ),
    "differs": (
        409,
        "Referensen har redan ett annat innehåll, eller gäller något annat. Ge varje innehåll en egen referens.",
        "The reference already has other contents, or is about something else. Give all contents their own reference.",
    ),
    "expired": (
        410,
        "Rätten att hämta innehållet har upphört: efter 30 dagar, eller för att ägaren tagit tillbaka den. "
        "Fråga den part som äger referensen.",
        "The right to fetch the contents has ended: after 30 days, or because the owner took it back. "
        "Ask the party that owns the reference.",
    ),
    "part_ended": (
        410,
        "Rätten att hämta innehållet upphörde när partens medverkan gjorde det: den har lämnat insatsen, eller "
        "insatsen eller objektet har utgått. Den som medverkar på nytt får hämta på nytt.",
        "The right to fetch the contents ended with the party's part: it has left the operation, or the operation or "
        "the site is off. Who takes part again may fetch again.",
    ),
    "acknowledged": (
        410,
        "Parten har kvitterat innehållet och får inte hämta det igen. Fråga den part som äger referensen.",
        "The party has acknowledged the contents and may not fetch them again. Ask the party that owns the reference.",
    ),
    "erased": (
        410,
        "Innehållet är gallrat och kan inte läsas av någon. Fråga den part som äger referensen.",
        "The contents have been erased and can be read by nobody. Ask the party that owns the reference.",
    ),
    "cannot_open": (
        503,
        "Innehållet kan inte öppnas just nu. Försök igen; Samsyns förvaltning har fått veta det.",
        "The contents cannot be opened now. Try again; the operator of Samsyn has been told.",
    ),
    "about_missing": (
        422,
        "Parametern about saknas: ange insatsens eller platsens id, ?about=op:<pass> eller ?about=<part>:<eget id>.",
        "The parameter about is missing: give the operation's or the site's id, ?about=op:<session> or "
        "?about=<party>:<own id>.",
    ),
    "bad_about": (
        422,
        "Parametern about ska vara ett id för en insats (op:<pass>) eller en plats (<part>:<eget id>).",
        "The parameter about must be the id of an operation (op:<session>) or of a site (<party>:<own id>).",
    ),
    "too_large": (413, "Innehållet är större än 1 MiB.", "The contents are larger than 1 MiB."),
    "not_json": (422, "Innehållet är inte giltig JSON i UTF-8.", "The body is not valid JSON in UTF-8."),
    "bad_ref": (
        422,
        "Referensen ska ha formen contents:<part>:<uuid>.",
        "The reference must have the form contents:<party>:<uuid>.",
    ),
    "bad_time": (
        422,
        "Ange now (tidpunkt med tidszon) och centres (registrerade center).",
        "Give now (an instant with a time zone) and centres (registered ones).",
    ),
    "clock_is_real": (
        409,
        "Klockan är verklig och kan inte ställas.",
        "The clock is a real one and cannot be set.",
    ),
    "nothing_noted": (
        404,
        "Inget är antecknat om det. Ange ett kodnamn, en insats id (op:<pass>) eller en händelses id.",
        "Nothing is noted of it. Give a code name, an operation's id (op:<session>) or an event's id.",
    ),
    "several_centres": (
        409,
        "Det finns i flera center. Ange vilket: ?centre=<center>.",
        "Several centres have one. Say which: ?centre=<centre>.",
    ),
    "backwards": (409, "Klockan kan inte gå bakåt.", "The clock cannot go backwards."),
    "bad_content_type": (
        415,
        "Ange Content-Type: application/json (med ce-huvuden), application/cloudevents+json eller "
        "application/cloudevents-batch+json.",
        "Give Content-Type: application/json (with ce- headers), application/cloudevents+json or "
        "application/cloudevents-batch+json.",
    ),
    "too_many": (
        413,
        "Fler än 100 händelser i samma anrop. Dela upp dem.",
        "More than 100 events in one request. Send them in parts.",
    ),
    "bad_query": (
        422,
        "Ange cursor (0 eller högre), limit (1–500) och wait (0–60 sekunder) som heltal.",
        "Give cursor (0 or more), limit (1–500) and wait (0–60 seconds) as whole numbers.",
    ),
    "cursor_unknown": (
        409,
        "Inkorgen slutar före cursor: den har gjorts om. Hämta läget (GET /v1/state) och läs vidare från dess cursor, "
        "eller utelämna cursor.",
        "The inbox ends before the cursor: it was made anew. Take the state (GET /v1/state) and read on from its "
        "cursor, or leave the cursor out.",
    ),
    "cursor_gone": (
        410,
        "Det som följer på cursor finns inte kvar (90 dagar). Läs vidare från earliest, och hämta läget "
        "(GET /v1/state) för det som är äldre.",
        "What follows the cursor is kept no longer (90 days). Read on from earliest, and take the state "
        "(GET /v1/state) for what is older.",
    ),
    "unknown_centre": (
        422,
        "Centret finns inte i registret. Ange ett registrerat center: ?centre=<center>.",
        "The centre is not in the register. Give a registered centre: ?centre=<centre>.",
    ),
    "not_member": (
        403,
        "Parten är inte medlem i centret i dag. Kontrollera medlemskapet.",
        "The party is no member of the centre today. Check the membership.",
    ),
    "no_contract": (
        404,
        "Meddelandet finns inte i denna version. Se GET /v1/contracts.",
        "There is no such message in this version. See GET /v1/contracts.",
    ),
    "away": (
        503,
        "Växeln når inte sin databas eller Kafka just nu. Skicka samma sak igen, med samma id.",
        "The exchange cannot reach its database or Kafka now. Send the same again, with the same id.",
    ),
    "fault": (
        500,
        "Växeln har ett fel som träffar händelsen. Skicka den igen senare, med samma id.",
        "The exchange has a fault that this event meets. Send it again later, with the same id.",
    ),
}
_FORBIDDEN = {"foreign_source", "wrong_environment", "not_allowed", "not_owner", "not_member"}
_STATUSES = {"id_reused": 409, "too_large": 413, **dict.fromkeys(_FORBIDDEN, 403)}
_NEVER = {"already_past", "superseded", "already_decided", "clock_is_real", "expired", "acknowledged", "erased"}
_LATER = {"not_found", "nothing_noted", "part_ended"}


class Problem(BaseModel):
    """Why a request was refused, and whether to send it again."""

    code: str
    text_sv: str
    text_en: str
    retry: Retry


class KnownError(Problem):
    """An error of the catalogue: of an event (a reason why it is refused), or of a request as a whole."""

    of: Literal["event", "request"]
    http_status: int


def status_of(code: str) -> int:
    """The HTTP status of an event refused for this reason."""
    return _STATUSES.get(code, 422)


def catalogue() -> list[KnownError]:
    """Every error, those of events first."""
    events = [
        KnownError(of="event", code=code, http_status=status_of(code), retry=_event_retry(code), text_sv=sv, text_en=en)
        for code, (sv, en, _) in TEXTS.items()
    ]
    requests = [
        KnownError(of="request", code=code, http_status=status, retry=_retry(code), text_sv=sv, text_en=en)
        for code, (status, sv, en) in ERRORS.items()
    ]
    return [*events, *requests]


def table() -> str:
    """The catalogue as the README shows it: for each way to go on the codes, with the statuses that they come in."""
    lines = ["| `retry` | reasons in the answer to an event | errors of a request |", "|---|---|---|"]
    for retry in get_args(Retry):
        cells = [
            _listed(one for one in catalogue() if (one.retry, one.of) == (retry, of)) for of in ("event", "request")
        ]
        lines.append(f"| `{retry}` | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _listed(errors: Iterable[KnownError]) -> str:
    by_status: dict[int, list[str]] = {}
    for error in errors:
        by_status.setdefault(error.http_status, []).append(f"`{error.code}`")
    return " · ".join(f"{status} {' '.join(codes)}" for status, codes in sorted(by_status.items()))


def _event_retry(code: RejectionCode) -> Retry:
    return "later" if TEXTS[code][2] else "never" if code in _NEVER else "after_mending"


def _retry(code: str) -> Retry:
    if ERRORS[code][0] >= 500:
        return "soon"
    return "never" if code in _NEVER else "later" if code in _LATER else "after_mending"


def refused(code: str, **more: int) -> JSONResponse:
    """An error: its code, a sentence in both languages, and whether to try again."""
    status, swedish, english = ERRORS[code]
    problem = Problem(code=code, text_sv=swedish, text_en=english, retry=_retry(code))
    pause = {"Retry-After": str(PAUSE_SECONDS)} if problem.retry == "soon" else None
    return JSONResponse(problem.model_dump() | more, status, pause)


if __name__ == "__main__":
    print(table())
