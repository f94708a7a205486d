"""The errors of the exchange's HTTP interface: status, whether to try again, and a sentence in both languages."""

from __future__ import annotations

from fastapi.responses import JSONResponse

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
}


def refused(code: str) -> JSONResponse:
    """An error: its code, and a sentence in both languages."""
    status, swedish, english = ERRORS[code]
    return JSONResponse({"code": code, "text_sv": swedish, "text_en": english}, status)
