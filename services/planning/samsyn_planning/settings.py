"""Settings of planning, beside those of every service."""

from __future__ import annotations

from pydantic import Field
from samsyn_chassis.settings import Settings

from samsyn_planning.domain.policy import DEFAULT, Policy


class PlanningSettings(Settings):
    """Read from variables that begin with `SAMSYN_`; both weights are off unless they are given."""

    risk_weight: int = Field(
        default=0, ge=0, le=1000, description="the weight of sessions likelier cancelled than others of their area"
    )
    fairness_cap: int = Field(
        default=0, ge=0, le=10, description="the most points that a year's fairness adds to or takes from an interest"
    )


def policy_of(settings: Settings) -> Policy:
    """The policy with the weights that the settings give."""
    if not isinstance(settings, PlanningSettings):
        return DEFAULT
    return DEFAULT.model_copy(update={"risk": settings.risk_weight, "fairness_cap": settings.fairness_cap})
