"""Published disturbances become losses of police sessions, by one rule; and one invented storm day."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from io import StringIO
from pathlib import Path
from random import Random

from samsyn_demo.input_error import DemoInputError
from samsyn_demo.places import STOCKHOLM, Municipality, city_of, day_of, distance_km, municipalities, municipalities_of
from samsyn_demo.records import PoliceLoss, PolicePass, World

# The rule of the demo: what takes a police session, where and when, and when it is said.
REACH_KM = 40.0
REACH_BEFORE_START = timedelta(hours=12)
SAID_AFTER_MINUTES = (5, 60)
DEFAULT_P_B = 0.3
STORM_AT_LEAST = 6
_COLUMNS = ("id", "occurred", "type", "klass", "kommunkod")
_SEVERITIES: Mapping[str, str] = {"A": "heavy", "B": "serious"}
# Word in the police's type (lower case) -> kind of disturbance; the first that fits.
_KINDS = (
    ("skottlossning", "shooting"),
    ("explosion", "explosion"),
    ("detonation", "explosion"),
    ("bombhot", "explosion"),
    ("olycka", "accident"),
    ("haveri", "accident"),
    ("brand", "fire"),
    ("bråk", "order"),
    ("kommendering", "order"),
    ("våld/hot", "order"),
    ("sabotage", "order"),
)


@dataclass(frozen=True)
class Disturbance:
    """A published disturbance; `klass` is A (heavy) or B (serious)."""

    disturbance_id: str
    occurred_at: datetime
    kind: str
    klass: str
    municipality: Municipality


@dataclass(frozen=True)
class DisturbanceCounts:
    """What a file held and what was left out of it."""

    num_rows: int
    num_heavy: int
    num_serious: int
    num_other_class: int
    num_without_municipality: int
    num_unknown_municipality: int
    num_occurred_after_published: int
    first_day: str
    last_day: str

    def facts(self) -> dict[str, int | str]:
        """The counts as plain values, for summaries."""
        return asdict(self)


def read_disturbances(path: Path | None = None) -> tuple[tuple[Disturbance, ...], DisturbanceCounts]:
    """The disturbances of a file (those that ship with the demo when none is given), and what was left out.

    A file is UTF-8 CSV with the columns id, occurred (ISO, Swedish local time), type, klass and kommunkod; others are
    ignored, save `published`. Raises DemoInputError naming the file, the column or the line, and the remedy.
    """
    reader = csv.DictReader(StringIO(_text_of(path)))
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise DemoInputError(
            f"--events, column {', '.join(missing)}",
            f"the file has no such column, but {', '.join(reader.fieldnames or ['nothing'])}",
            f"Save it as comma-separated UTF-8 with the columns {', '.join(_COLUMNS)}.",
        )
    rows = [(line, row, _occurred(line, row)) for line, row in enumerate(reader, start=2)]
    if not rows:
        raise DemoInputError("--events", "the file has no rows", "Give a file with at least one disturbance.")
    taken = tuple(_disturbance(row, at) for _, row, at in rows if row["klass"] in _SEVERITIES and _place(row))
    return tuple(sorted(taken, key=lambda d: (d.occurred_at, d.disturbance_id))), _counts(rows)


def _text_of(path: Path | None) -> str:
    if path is None:
        return files("samsyn_demo").joinpath("data", "disturbances.csv").read_text("utf-8")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise DemoInputError("--events", f"{path} is not UTF-8", "Save it as UTF-8.") from None
    except OSError as error:
        raise DemoInputError("--events", f"{path}: {error.strerror}", "Give the path of a CSV file.") from None


def _occurred(line: int, row: Mapping[str, str | None]) -> datetime:
    """The instant of a row; a file's own offset is kept, otherwise Swedish time is meant."""
    try:
        occurred = datetime.fromisoformat(row["occurred"] or "")
    except ValueError:
        raise DemoInputError(
            f"--events, line {line}, column occurred",
            f"{row['occurred']!r} is no time",
            "Write it as 2025-05-05T14:30, in Swedish time.",
        ) from None
    return (occurred if occurred.tzinfo else occurred.replace(tzinfo=STOCKHOLM)).astimezone(UTC)


def _place(row: Mapping[str, str | None]) -> Municipality | None:
    return municipalities().get(row["kommunkod"] or "")


def _disturbance(row: Mapping[str, str], occurred_at: datetime) -> Disturbance:
    return Disturbance(row["id"], occurred_at, kind_of(row["type"]), row["klass"], municipalities()[row["kommunkod"]])


def kind_of(police_type: str) -> str:
    """The kind of disturbance for a type of the police's: shooting, explosion, accident, fire, order or other."""
    words = police_type.lower()
    return next((kind for word, kind in _KINDS if word in words), "other")


def _counts(rows: Sequence[tuple[int, Mapping[str, str | None], datetime]]) -> DisturbanceCounts:
    classes = [row["klass"] for _, row, _ in rows]
    codes = [row["kommunkod"] or "" for _, row, _ in rows]
    late = [row for _, row, _ in rows if row.get("published") and (row["occurred"] or "") > (row["published"] or "")]
    return DisturbanceCounts(
        num_rows=len(rows),
        num_heavy=classes.count("A"),
        num_serious=classes.count("B"),
        num_other_class=sum(klass not in _SEVERITIES for klass in classes),
        num_without_municipality=codes.count(""),
        num_unknown_municipality=sum(bool(code) and code not in municipalities() for code in codes),
        num_occurred_after_published=len(late),
        first_day=day_of(min(at for _, _, at in rows)).isoformat(),
        last_day=day_of(max(at for _, _, at in rows)).isoformat(),
    )


def check_covers(counts: DisturbanceCounts, world: World) -> None:
    """Raise DemoInputError unless the file tells of some day of the world's weeks."""
    first, last = day_of(world.passes[0].start_at), day_of(world.ends_at - timedelta(seconds=1))
    if date.fromisoformat(counts.last_day) < first or date.fromisoformat(counts.first_day) > last:
        raise DemoInputError(
            "--from",
            f"the disturbances are of {counts.first_day} to {counts.last_day}, the weeks of {first} to {last}",
            "Give a day within the file's range, or another file with --events.",
        )


def losses(
    world: World, disturbances: Iterable[Disturbance], p_b: float = DEFAULT_P_B, seed: int = 1
) -> tuple[PoliceLoss, ...]:
    """The police sessions that the disturbances take, each once (by the first one said), each wholly.

    A disturbance of class A takes, one of class B takes with probability `p_b` (drawn once per disturbance, by seed
    and id), every session whose base is within 40 km of its municipality's point and that starts within the 12 hours
    after it (start excluded: what is running is not cancelled). The police say it 5-60 minutes later (drawn once per
    disturbance), but a minute before the start at the latest. Raises DemoInputError unless 0 <= p_b <= 1.
    """
    if not 0 <= p_b <= 1:
        raise DemoInputError("--p-b", f"{p_b} is no probability", "Give a number from 0 to 1.")
    first_at, last_at = world.passes[0].start_at - REACH_BEFORE_START, world.passes[-1].start_at
    of_these_weeks = (d for d in disturbances if first_at <= d.occurred_at < last_at)
    found = [loss for d in of_these_weeks if _takes(d, p_b, seed) for loss in _losses_of(world, d, seed)]
    return lost_once(found)


def lost_once(found: Iterable[PoliceLoss]) -> tuple[PoliceLoss, ...]:
    """Of several losses of one session the first said, in the order they are said."""
    first: dict[str, PoliceLoss] = {}
    for loss in sorted(found, key=lambda loss: (loss.said_at, loss.disturbance_id, loss.pass_id)):
        first.setdefault(loss.pass_id, loss)
    return tuple(first.values())


def is_reached(disturbance: Disturbance, police_pass: PolicePass) -> bool:
    """Whether a disturbance is near enough in space and time to take a police session."""
    place = disturbance.municipality
    is_in_time = police_pass.start_at - REACH_BEFORE_START <= disturbance.occurred_at < police_pass.start_at
    return is_in_time and distance_km(police_pass.lat, police_pass.lon, place.lat, place.lon) <= REACH_KM


def _takes(disturbance: Disturbance, p_b: float, seed: int) -> bool:
    if disturbance.klass == "A":
        return True
    return Random(f"{seed}:takes:{disturbance.disturbance_id}").random() < p_b


def _losses_of(world: World, disturbance: Disturbance, seed: int) -> Iterator[PoliceLoss]:
    minutes = Random(f"{seed}:said:{disturbance.disturbance_id}").randint(*SAID_AFTER_MINUTES)
    said_at = disturbance.occurred_at + timedelta(minutes=minutes)
    for police_pass in world.passes:
        if is_reached(disturbance, police_pass):
            latest_at = max(disturbance.occurred_at, police_pass.start_at - timedelta(minutes=1))
            yield PoliceLoss(
                pass_id=police_pass.pass_id,
                disturbance_id=disturbance.disturbance_id,
                kind=disturbance.kind,
                severity=_SEVERITIES[disturbance.klass],
                municipality=disturbance.municipality.code,
                occurred_at=disturbance.occurred_at,
                said_at=min(said_at, latest_at),
            )


def storm(world: World, earlier: Sequence[PoliceLoss] = (), seed: int = 1) -> tuple[PoliceLoss, ...]:
    """The losses of one invented disturbance that takes at least six sessions of one day; () if no day has so many.

    It is a shooting two hours before the day's first session, on the day and in the municipality where it takes most
    sessions that no loss said before has taken. Join it with the real ones by `lost_once([*real, *stormed])`.
    """
    best: tuple[PoliceLoss, ...] = ()
    num_sessions = Counter(day_of(p.start_at) for p in world.passes)
    places = (city_of(world.centre), *municipalities_of(world.centre))
    for day in sorted(day for day, num in num_sessions.items() if num >= STORM_AT_LEAST):
        first_at = min(p.start_at for p in world.passes if day_of(p.start_at) == day)
        for place in places:
            storm_id = f"storm-{world.centre}-{day}"
            invented = Disturbance(storm_id, first_at - timedelta(hours=2), "shooting", "A", place)
            taken = _taken_by_storm(world, invented, day, earlier, seed)
            best = max(best, taken, key=len)
    return best if len(best) >= STORM_AT_LEAST else ()


def _taken_by_storm(
    world: World, invented: Disturbance, day: date, earlier: Sequence[PoliceLoss], seed: int
) -> tuple[PoliceLoss, ...]:
    own_day = {p.pass_id for p in world.passes if day_of(p.start_at) == day}
    taken = [loss for loss in _losses_of(world, invented, seed) if loss.pass_id in own_day]
    gone = {loss.pass_id for loss in earlier if taken and loss.said_at <= taken[0].said_at}
    return tuple(loss for loss in taken if loss.pass_id not in gone)
