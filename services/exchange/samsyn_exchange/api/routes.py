"""Every path of the exchange under /v1."""

from __future__ import annotations

from fastapi import APIRouter

from samsyn_exchange.api.clock import ClockDesk
from samsyn_exchange.api.contents import Contents
from samsyn_exchange.api.why import WhyDesk


def routes(contents: Contents, desk: ClockDesk, why: WhyDesk) -> APIRouter:
    """Everything under /v1."""
    router = APIRouter(prefix="/v1")
    router.add_api_route("/contents/{ref}", contents.put, methods=["PUT"], response_model=None)
    router.add_api_route("/contents/{ref}", contents.get, methods=["GET"], response_model=None)
    router.add_api_route("/contents/{ref}/acknowledged", contents.acknowledge, methods=["POST"], response_model=None)
    router.add_api_route("/clock", desk.show, methods=["GET"], response_model=None)
    router.add_api_route("/clock", desk.set, methods=["POST"], response_model=None)
    router.add_api_route("/clock/confirm", desk.confirm, methods=["POST"], response_model=None)
    router.add_api_route("/why/{asked}", why.show, methods=["GET"], response_model=None)
    return router
