"""Whether an operation counts as one (insats): by dated rules that are data, for a centre of its own or for all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

ALL = "*"


class CountingRule(BaseModel):
    """What an operation needs to count, at a centre (or `*`), between two days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    centre: str
    needs_police: bool
    min_other_agencies: int
    valid_from: date
    valid_to: date | None = None

    def holds(self, centre: str, day: date) -> bool:
        """Whether it is in force at the centre that day."""
        is_in_force = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return is_in_force and self.centre in (centre, ALL)

    def counts(self, *, police_present: bool, num_other_agencies: int) -> bool:
        """Whether an operation counts by it."""
        return num_other_agencies >= self.min_other_agencies and (police_present or not self.needs_police)


def rule_of(rules: Sequence[CountingRule], centre: str, day: date) -> CountingRule | None:
    """The rule in force: the centre's own before that of all, and of several the newest."""
    holding = [rule for rule in rules if rule.holds(centre, day)]
    return max(holding, key=lambda rule: (rule.centre != ALL, rule.valid_from, rule.id), default=None)


@cache
def load_counting_rules() -> tuple[CountingRule, ...]:
    """The rules that ship with the service."""
    rows = json.loads(files("samsyn_inspection").joinpath("counting_rules.json").read_text("utf-8"))["rules"]
    return tuple(CountingRule.model_validate(row) for row in rows)
