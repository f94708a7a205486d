"""Who sits at the desk in the end-to-end tests, one user a role."""

from __future__ import annotations

CENTRE = "akc-vast"
CITY, SKV, POLICE = "kommun-goteborg", "skatteverket", "polisen"
PARTIES = (CENTRE, "akc-stockholm", CITY, SKV, "arbetsmiljoverket", POLICE)
COORDINATOR = "Samordnare, AKC Väst"
CITY_COORDINATOR = "Samordnare, Göteborg"
TAX_COORDINATOR = "Samordnare, Skatteverket"
DUTY_OFFICER = "Vakthavande befäl"
OPERATIONAL = "Operativ samordnare"
READER = "Läsare, AKC Väst"
OTHER_CENTRE = "Samordnare, AKC Stockholm"
OTHER_DEPARTMENT = "Samordnare, Tillståndsenheten"


def _user(name: str, *seats: tuple[str, str, str], department: str | None = None) -> dict[str, object]:
    told = [{"party": party, "role": role, "function": function} for party, role, function in seats]
    for seat in told:
        if department is not None:
            seat["actor_role"] = department
    subject = "-".join((seats[0][0], department or seats[0][1])).replace("_", "-")
    return {"subject": subject, "name": name, "name_en": name, "language": "sv", "seats": told}


USERS = (
    _user(
        COORDINATOR,
        (CENTRE, "centre_coordinator", "samordnare"),
        ("arbetsmiljoverket", "agency_coordinator", "samordnare-vast"),
    ),
    _user(CITY_COORDINATOR, (CITY, "agency_coordinator", "samordnare"), department="miljoforvaltningen"),
    _user(OTHER_DEPARTMENT, (CITY, "agency_coordinator", "samordnare"), department="tillstandsenheten"),
    _user(TAX_COORDINATOR, (SKV, "agency_coordinator", "samordnare")),
    _user(DUTY_OFFICER, (POLICE, "duty_officer", "vakthavande-befal")),
    _user(OPERATIONAL, (POLICE, "operational_coordinator", "operativ-samordnare")),
    _user(READER, (CENTRE, "reader", "lasare")),
    _user(OTHER_CENTRE, ("akc-stockholm", "centre_coordinator", "samordnare")),
)
