"""Settings of the exchange, beside those of every service."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import AwareDatetime, Field, model_validator
from samsyn_chassis.settings import Settings


class ExchangeSettings(Settings):
    """Read from variables that begin with `SAMSYN_`."""

    clock: Literal["real", "driven"] = Field(default="real", description="real, or driven in demos and tests")
    clock_start: AwareDatetime | None = Field(default=None, description="where a driven clock starts the first time")
    clock_tick_seconds: int = Field(default=300, ge=1, description="how often a real clock tells the time")
    token_secret: str = Field(default="", repr=False, description="what the parties' tokens are made from")
    contents_key: str = Field(
        default="", repr=False, description="the key (hex) that the keys of contents are sealed by"
    )

    @model_validator(mode="after")
    def _refuse_what_the_border_cannot_stand(self) -> ExchangeSettings:
        if len(self.token_secret) < 32:
            raise ValueError("SAMSYN_TOKEN_SECRET is missing or shorter than 32 characters: give a long random one")
        if not re.fullmatch("[0-9a-f]{64}", self.contents_key):
            raise ValueError("SAMSYN_CONTENTS_KEY is missing or not 64 hex digits: give a random one, and keep it safe")
        if self.clock == "driven" and self.environment == "prod":
            raise ValueError("SAMSYN_CLOCK=driven is for demos and tests: anyone could set the time of production")
        return self
