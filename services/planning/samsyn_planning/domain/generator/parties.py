"""The parties that take part in a centre's operations, with how many teams and shifts they have (invented)."""

from dataclasses import dataclass

from samsyn_planning.domain.generator.geography import CENTRES

COUNTY: dict[str, str] = {
    "akc-bergslagen": "orebro",
    "akc-mitt": "uppsala",
    "akc-nord": "vasterbotten",
    "akc-ost": "ostergotland",
    "akc-stockholm": "stockholm",
    "akc-syd": "skane",
    "akc-vast": "vastra-gotaland",
}
_ASCII = str.maketrans("åäö", "aao")


@dataclass(frozen=True, slots=True)
class Party:
    """An agency (in a role), how often its teams are offered on a day with police (per cent), and their skills."""

    code: str
    percent_offered: int
    skills: tuple[str, ...] = ()


def parties_of(centre: str, count: int) -> tuple[Party, ...]:
    """The first `count` parties of a centre, those who take part most often first."""
    city, county = CENTRES[centre].lower().translate(_ASCII), COUNTY[centre]
    known = (
        Party("arbetsmiljoverket", 70, ("byggarbetsmiljo",)),
        Party("skatteverket", 65, ("personalliggare",)),
        Party(f"kommun-{city}/miljoforvaltningen", 45),
        Party("forsakringskassan", 45),
        Party("migrationsverket", 45),
        Party("arbetsformedlingen", 35),
        Party(f"lansstyrelsen-{county}", 40, ("region_coordinator",)),
        Party("ekobrottsmyndigheten", 25),
        Party(f"kommun-{city}/tillstandsenheten", 35),
        Party(f"kommun-{city}/stadsbyggnadskontoret", 20),
        Party("raddningstjansten", 25, ("brandskydd",)),
        Party("aklagarmyndigheten", 10),
    )
    return known[:count]
