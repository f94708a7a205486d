"""The trades where work-life crime is looked for. Opening hours and shares are invented, and stated as such."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """How usual a trade is among sites, when it is open (weekdays 0 = Monday; hours), and who looks for what there."""

    name: str
    weight: int
    num_weekdays: int
    opens: int
    closes: int
    agencies: tuple[str, ...]
    is_food: bool = False
    is_temporary: bool = False


TRADES = (
    Trade("restaurang", 30, 7, 10, 22, ("kommun", "skatteverket", "arbetsmiljoverket"), is_food=True),
    Trade("livsmedelsbutik", 12, 7, 8, 21, ("kommun", "skatteverket", "forsakringskassan"), is_food=True),
    Trade("bygg", 26, 5, 7, 16, ("arbetsmiljoverket", "skatteverket", "migrationsverket"), is_temporary=True),
    Trade("fordon_biltvatt", 12, 6, 9, 18, ("arbetsmiljoverket", "migrationsverket", "skatteverket")),
    Trade("har_nagel_skonhet", 14, 6, 10, 18, ("arbetsmiljoverket", "skatteverket")),
    Trade("stad", 10, 5, 7, 20, ("arbetsformedlingen", "forsakringskassan", "skatteverket")),
    Trade("transport", 9, 6, 6, 18, ("skatteverket", "arbetsmiljoverket")),
    Trade("bemanning", 6, 5, 8, 17, ("skatteverket", "migrationsverket", "ekobrottsmyndigheten")),
    Trade("hotell", 6, 7, 7, 21, ("arbetsmiljoverket", "migrationsverket", "raddningstjansten")),
    Trade("vard_omsorg", 8, 5, 8, 17, ("forsakringskassan", "ekobrottsmyndigheten")),
    Trade("avfall_atervinning", 6, 5, 7, 17, ("arbetsmiljoverket", "lansstyrelsen")),
    Trade("tvatteri", 5, 5, 7, 17, ("arbetsmiljoverket", "arbetsformedlingen")),
    Trade("skog_barplockning", 4, 5, 7, 16, ("migrationsverket", "arbetsmiljoverket")),
)
