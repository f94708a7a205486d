"""What is answered to a wrong parameter: which one, and what to give instead, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

# parameter -> what to give: Swedish, English
REMEDIES: dict[str, tuple[str, str]] = {
    "centre": (
        "Ange ett centers kod, t.ex. centre=akc-vast; upprepa för flera, eller ange centre=all för alla.",
        "Give the code of a centre, such as centre=akc-vast; repeat it for several, or give centre=all for all.",
    ),
    "from": (
        "Ange periodens första dag som ÅÅÅÅ-MM-DD, t.ex. from=2025-05-01.",
        "Give the first day of the period as YYYY-MM-DD, such as from=2025-05-01.",
    ),
    "to": (
        "Ange periodens sista dag som ÅÅÅÅ-MM-DD, t.ex. to=2025-05-31.",
        "Give the last day of the period as YYYY-MM-DD, such as to=2025-05-31.",
    ),
    "year": ("Ange ett år med fyra siffror, t.ex. year=2025.", "Give a year in four digits, such as year=2025."),
    "format": ("Ange format=json eller format=csv.", "Give format=json or format=csv."),
}
# code -> what is wrong: Swedish, English
FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("{} saknas.", "{} is missing."),
    "invalid": ("{} kan inte läsas.", "{} cannot be read."),
    "before_from": ("{} ligger före from.", "{} is before from."),
    "too_long": ("{} ligger mer än fem år efter from.", "{} is more than five years after from."),
}


class Refusal(BaseModel):
    """Why a request is refused."""

    code: Annotated[str, Field(description="`missing`, `invalid`, `before_from` or `too_long`")]
    parameter: Annotated[str, Field(description="The parameter that is wrong")]
    text_sv: Annotated[str, Field(description="What is wrong and what to give, in Swedish")]
    text_en: Annotated[str, Field(description="What is wrong and what to give, in English")]


class WrongParameterError(Exception):
    """A parameter that can be read and makes no sense."""

    def __init__(self, code: str, parameter: str) -> None:
        super().__init__(code, parameter)
        self.code, self.parameter = code, parameter


class RefusingRoute(APIRoute):
    """A page that answers wrong parameters with a Refusal."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The page's handler, with what it raises turned into an answer."""
        answer = super().get_route_handler()

        async def answer_or_refuse(request: Request) -> Response:
            try:
                return await answer(request)
            except WrongParameterError as error:
                return _refused(error.code, error.parameter)
            except RequestValidationError as error:
                first = error.errors()[0]
                return _refused("missing" if first["type"] == "missing" else "invalid", str(first["loc"][1]))

        return answer_or_refuse


def _refused(code: str, parameter: str) -> JSONResponse:
    wrong_sv, wrong_en = FAULTS[code]
    give_sv, give_en = REMEDIES[parameter]
    refusal = Refusal(
        code=code,
        parameter=parameter,
        text_sv=f"{wrong_sv.format(parameter)} {give_sv}",
        text_en=f"{wrong_en.format(parameter)} {give_en}",
    )
    return JSONResponse(refusal.model_dump(), 422)
