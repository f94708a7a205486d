"""What a message is: frozen facts whose every field has a class of sensitivity, and an owner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

Level = Literal["P0", "P1", "P2", "P3", "P4", "PV"]


@dataclass(frozen=True)
class Sensitivity:
    """Class of one field: who may read it (see contracts/README.md, "Sensitivity").

    A field `after_acceptance` is disclosed to a participant only once that party has accepted.
    """

    level: Level
    after_acceptance: bool = False

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Show the class in the JSON Schema as `x-class`."""
        shown = handler(schema)
        shown["x-class"] = self.level
        if self.after_acceptance:
            shown["x-after-acceptance"] = True
        return shown


P0 = Sensitivity("P0")
P1 = Sensitivity("P1")
P2 = Sensitivity("P2")
P2_SITE = Sensitivity("P2", after_acceptance=True)
P3 = Sensitivity("P3")

PartyCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
# A party, or one of its roles where it has several: "kommun-goteborg/miljoforvaltningen".
PartyInRole = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}(/[a-z][a-z0-9_-]{0,49})?$")]
OwnedId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}:[A-Za-z0-9._~-]{1,80}$")]
OperationId = Annotated[str, StringConstraints(pattern=r"^op:[A-Za-z0-9.:_~-]{1,130}$")]
EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:~-]{1,64}$")]
ReplanId = Annotated[str, StringConstraints(pattern=r"^replan:[a-z0-9-]{1,40}:[0-9a-z-]{1,40}$")]
ContentsRef = Annotated[str, StringConstraints(pattern=r"^contents:[a-z][a-z0-9-]{1,40}:[0-9a-f-]{36}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,49}$")]
FIRST_YEAR, END_YEAR = 2000, 2200
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written_out(value: object) -> datetime:
    """Read an instant written as in RFC 3339 (the seconds may be left out); refuse counts of seconds and bare days."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        return datetime.fromisoformat(value.upper())
    raise ValueError("an instant is written as in RFC 3339")


def _of_our_time(instant: datetime) -> datetime:
    """Refuse years near the ends of the calendar, which no conversion to UTC or database survives."""
    if not FIRST_YEAR <= instant.year < END_YEAR:
        raise ValueError(f"an instant lies between the years {FIRST_YEAR} and {END_YEAR}")
    return instant


def _written_as_a_day(value: object) -> date:
    """Read a day written as in RFC 3339; refuse counts of days, instants and years that no instant of ours has."""
    if type(value) is date:
        day = value
    elif isinstance(value, str) and _FULL_DATE.fullmatch(value):
        day = date.fromisoformat(value)
    else:
        raise ValueError("a day is written as in 2026-03-31, without a time")
    if not FIRST_YEAR <= day.year < END_YEAR:
        raise ValueError(f"a day lies between the years {FIRST_YEAR} and {END_YEAR}")
    return day


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_of_our_time)]
# A day of people in Sweden, from midnight to midnight in Europe/Stockholm.
Day = Annotated[date, BeforeValidator(_written_as_a_day)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Facts(BaseModel):
    """Frozen facts: unknown fields are ignored by readers; a field without a value is absent, never null."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Message(Facts):
    """A fact that somebody says; the body of an event.

    `subject_field` names the field that holds the id of the thing spoken of; `owner_of` the field whose value is the
    owner's party code or an id `<party>:<own id>` of the owner's: admission requires that owner to be the source.
    `owner_of` is None where the message is about a thing of Samsyn's own (services say it, or any participant may).
    A message with `is_reference` may be about all centres (`_all`); every other one names its centre.
    """

    major: ClassVar[int] = 1
    is_reference: ClassVar[bool] = False
    subject_field: ClassVar[str]
    owner_of: ClassVar[str | None] = None

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type, `se.samsyn.<Name>.v<major>`."""
        return f"se.samsyn.{cls.__name__}.v{cls.major}"

    def body(self) -> bytes:
        """The JSON body: UTF-8, absent fields left out."""
        return self.model_dump_json(exclude_none=True).encode()

    @property
    def subject(self) -> str:
        """The id of the thing spoken of."""
        return str(getattr(self, self.subject_field))

    @property
    def owner(self) -> str | None:
        """Party code of the owner of the thing spoken of; None where no party owns it."""
        if self.owner_of is None:
            return None
        return str(getattr(self, self.owner_of)).partition(":")[0]


class Reason(Facts):
    """Why, as a code and a sentence in Swedish and English; never a place, a site or a person."""

    code: Annotated[str, P1]
    sv: Annotated[str, P1]
    en: Annotated[str, P1]


class Slot(Facts):
    """A police session: which one, and from when to when."""

    session_id: Annotated[OwnedId, P1]
    start_at: Annotated[Instant, P1]
    end_at: Annotated[Instant, P1]


class Position(Facts):
    """A point in WGS 84, degrees."""

    lat: Annotated[Latitude, P2_SITE]
    lon: Annotated[Longitude, P2_SITE]
