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
        "Referensen har redan ett annat innehåll. Ge varje innehåll en egen referens.",
        "The reference already has other contents. Give all contents a reference of their own.",
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
    "backwards": (409, "Klockan kan inte gå bakåt.", "The clock cannot go backwards."),
}


def refused(code: str) -> JSONResponse:
    """An error: its code, and a sentence in both languages."""
    status, swedish, english = ERRORS[code]
    return JSONResponse({"code": code, "text_sv": swedish, "text_en": english}, status)
