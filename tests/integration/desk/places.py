"""Every page that the desk can show: who sees it, at which address, and what must be on it for it to be that page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Form
from samsyn_adapter_desk.people import MAY, Role

from tests.integration.desk.known_desk import DECIDED, OPERATIONS, QUESTIONS, TEAM, WAITING, WISH, YEAR, operation
from tests.unit.desk.told import CENTRE, OTHER, POLICE

COORDINATOR, CITY_COORDINATOR = "samordnare-akc-vast", "samordnare-goteborg"
OPERATIONAL, DUTY_OFFICER = "operativ-samordnare-polisen", "vakthavande-befal-polisen"
REGION, READER, NEW_CENTRE = "regionkoordinator-vast", "lasare-akc-vast", "samordnare-akc-stockholm"
# Users of the provider of sign-in, by subject; the last one's party has heard nothing yet.
PEOPLE: Mapping[str, Role] = {
    COORDINATOR: "centre_coordinator",
    CITY_COORDINATOR: "agency_coordinator",
    OPERATIONAL: "operational_coordinator",
    DUTY_OFFICER: "duty_officer",
    REGION: "region_coordinator",
    READER: "reader",
    NEW_CENTRE: "centre_coordinator",
}
COUNTED = ("#c1-programmes", "#c1-agencies", "#c1-areas")
ABOUT = {
    "operation_id": operation("asked"),
    "capacity_id": TEAM,
    "session_id": f"{POLICE}:asked",
    "inspection_id": WISH,
    "agency": OTHER,
    "replan_id": WAITING,
    "consent_id": f"{OTHER}:samtycke-1",
    "cause_event": "scheduled-asked",
    "cancelled_event": "lost",
    "plan_version": "4",
    "left": WISH,
}
OF_POLICE = {"capacity_id": f"{POLICE}:lost"}


@dataclass(frozen=True)
class Place:
    """A page: `shows` are selectors, `is_sent` where it is the answer to the form there, sent as it stands."""

    who: str
    path: str
    shows: tuple[str, ...] = ()
    is_sent: bool = False
    status: int = 200

    @property
    def is_drawn(self) -> bool:
        """Whether a script draws a part of it."""
        return self.path.startswith("/plan")

    @property
    def name(self) -> str:
        """Short, for a report and a file."""
        told = self.path.strip("/").replace("/", "-").replace("%3A", "-")
        about = told.partition("?")[0] if told.startswith("do-") else told.replace("?", "-").replace("=", "-")
        return f"{self.who}.{about.replace(':', '-')}{'.sent' if self.is_sent else ''}"


def every_place() -> Iterator[Place]:
    """All of them; each is looked at in both languages and at both sizes."""
    yield from _of_the_centre()
    yield from _of_the_agencies()
    yield from _of_the_police()
    yield from _of_those_who_mostly_read()
    yield from _with_nothing_on_them()
    for form in FORMS.values():
        yield from _of_a_form(form)


def _of_the_centre() -> Iterator[Place]:
    duties = tuple(f".duty--{kind}" for kind in ("at_risk", "compromised", "decide", "unacknowledged"))
    yield Place(COORDINATOR, "/todo", (*duties, "h2 ~ ul"))
    yield Place(COORDINATOR, "/plan", ("#timeline .ec-event", "#operations"))
    yield Place(COORDINATOR, "/changes", ("a[href^='/proposal/']", "a[href^='/changes/']"))
    yield Place(COORDINATOR, f"/changes/{CENTRE}/5", (".cards h3 a",))
    yield Place(COORDINATOR, f"/changes/{CENTRE}/4")
    yield Place(COORDINATOR, f"/proposal/{WAITING}", ("#approve", "section[aria-labelledby^=way]", ".choice"))
    yield Place(COORDINATOR, f"/proposal/{DECIDED}", (".state--approved",))
    yield Place(COORDINATOR, "/what-if", ("#choices", "a[href^='/what-if/']"))
    yield Place(COORDINATOR, "/what-if", ("#faults",), is_sent=True, status=422)
    yield Place(COORDINATOR, f"/what-if/{QUESTIONS['open']}", (".calm",))
    yield Place(COORDINATOR, f"/what-if/{QUESTIONS['answered']}", (".is-thought",))
    yield Place(COORDINATOR, f"/what-if/{QUESTIONS['refused']}", (".faults",))
    yield Place(COORDINATOR, "/inspections", ("#wanted",))
    yield Place(COORDINATOR, f"/wheel?year={YEAR}", ("svg.wheel", "progress", "table.periods", *COUNTED))
    yield Place(COORDINATOR, f"/wheel?year={YEAR + 1}", (".faults",))
    yield Place(COORDINATOR, f"/wheel/edit?year={YEAR}", ("fieldset.group",))
    yield Place(COORDINATOR, "/wheel/edit?year=2030", ("#faults",), is_sent=True, status=422)
    yield Place(COORDINATOR, "/directory", ("details", "a[href^='tel:']"))
    yield Place(COORDINATOR, "/words", ("#words-name",))
    yield Place(COORDINATOR, "/accessibility", ("a[href^='mailto:']",))
    for name in OPERATIONS:
        shows = ("#calls-name", "#risk") if name == "today" else ("#calls-name",)
        yield Place(COORDINATOR, f"/operation/{operation(name)}", shows)


def _of_the_agencies() -> Iterator[Place]:
    duties = tuple(f".duty--{kind}" for kind in ("answer", "acknowledge", "ready", "site"))
    yield Place(CITY_COORDINATOR, "/todo", duties)
    yield Place(CITY_COORDINATOR, "/plan", ("#timeline .ec-event",))
    yield Place(CITY_COORDINATOR, "/changes")
    yield Place(CITY_COORDINATOR, f"/changes/{CENTRE}/5", ("form[action='/do/acknowledge']",))
    yield Place(CITY_COORDINATOR, "/inspections", ("#wanted", "a[href^='/do/readiness']"))
    yield Place(CITY_COORDINATOR, "/inspections?all=true", (".state--withdrawn",))
    yield Place(CITY_COORDINATOR, "/capacity", ("#offered", "a[href^='/do/revoke']"))
    yield Place(CITY_COORDINATOR, f"/wheel?year={YEAR}", ("svg.wheel",))
    shown = {
        "asked": "form[action='/do/accept']",
        "today": "form[action='/do/check_in']",  # the lead on the spot, an hour before
        "begun": "a[href^='/do/abort']",
        "over": "a[href^='/do/evaluate']",
        "postponed": "form[action='/do/acknowledge']",
    }
    for name, selector in shown.items():
        yield Place(CITY_COORDINATOR, f"/operation/{operation(name)}", (selector,))


def _of_the_police() -> Iterator[Place]:
    sessions = (
        "li.is-lost:has-text('Marmor')",
        f"[id='session-{POLICE}:rescued'].is-lost:has-text('Diabas')",
        "a[href^='/do/cancel_police']",
        "a[href^='/do/retract']",
        "a[href^='/do/restore']",
    )
    yield Place(OPERATIONAL, "/todo", (".duty--answer",))
    yield Place(OPERATIONAL, "/loss", sessions)
    yield Place(OPERATIONAL, "/capacity", ("#offered", "#officers"))
    yield Place(OPERATIONAL, "/inspections")
    yield Place(OPERATIONAL, f"/operation/{operation('asked')}", ("form[action='/do/commit']",))
    yield Place(OPERATIONAL, f"/operation/{operation('today')}", ("a[href^='/do/start']",))
    yield Place(DUTY_OFFICER, "/loss", sessions)
    yield Place(DUTY_OFFICER, "/todo", (".duty--acknowledge",))
    yield Place(DUTY_OFFICER, "/plan")
    yield Place(DUTY_OFFICER, f"/operation/{operation('lost')}", ("a[href^='/do/compromised']",))
    cancel = f"/do/cancel_police?{urlencode({'capacity_id': f'{POLICE}:today', 'centre': CENTRE})}"
    yield Place(DUTY_OFFICER, cancel, ("p.about",))
    yield Place(DUTY_OFFICER, cancel, ("#faults",), is_sent=True, status=422)


def _of_those_who_mostly_read() -> Iterator[Place]:
    yield Place(REGION, "/todo", (".duty--acknowledge",))
    yield Place(REGION, "/inspections", ("a[href^='/do/propose']",))
    yield Place(REGION, f"/operation/{operation('over')}", ("a[href^='/do/evaluate']",))
    yield Place(REGION, "/do/propose")
    yield Place(READER, "/todo", (".duty--at_risk",))
    yield Place(READER, "/plan", ("#operations",))
    yield Place(READER, "/changes")
    yield Place(READER, f"/proposal/{WAITING}", (".state",))
    yield Place(READER, f"/operation/{operation('feared')}", ("#calls-name",))
    yield Place(READER, f"/wheel?year={YEAR}", ("svg.wheel",))


def _with_nothing_on_them() -> Iterator[Place]:
    for path in ("/todo", "/plan", "/changes", "/what-if", "/inspections", "/wheel", "/capacity", "/loss"):
        yield Place(NEW_CENTRE, path, (".calm",))
    yield Place(NEW_CENTRE, "/wheel/edit?year=2030", ("fieldset.group",))


def _of_a_form(form: Form) -> Iterator[Place]:
    """The form as it is reached by a link, and again with what is wrong with it."""
    is_of_police = form.act == "cancel_police" or form.name in ("commit", "decline_police")
    in_turn = (OPERATIONAL,) if is_of_police else (CITY_COORDINATOR, COORDINATOR, OPERATIONAL)
    who = next(who for who in in_turn if form.act in MAY[PEOPLE[who]])
    of = ABOUT | (OF_POLICE if is_of_police else {})
    about = {each.name: of[each.name] for each in form.fields if each.kind == "hidden" and each.name in of}
    whole = f"/do/{form.name}?{urlencode({**about, 'centre': CENTRE})}"
    yield Place(who, whole, ("form.form",))
    is_lacking = any(each.kind != "hidden" and each.is_required and not each.value for each in form.fields)
    # An occasion that the operation has left; else nothing that it is about.
    former = f"?{urlencode({**about, 'session_id': f'{POLICE}:former', 'centre': CENTRE})}"
    wrong = f"/do/{form.name}{former if 'session_id' in about else ''}"
    yield Place(who, whole if is_lacking else wrong, ("#faults",), is_sent=True, status=422)
