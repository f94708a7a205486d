"""What operations staff and the demo may look up: plan versions (problem, plan, causes) and backups; read only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from samsyn_chassis.database import Database
from sqlmodel import select

from samsyn_planning.domain.facts import Operation
from samsyn_planning.domain.problem import plan_form
from samsyn_planning.kept_backups import Backups
from samsyn_planning.tables import CentreRow, PlanVersionRow


def router(database: Database) -> APIRouter:
    """GET /v1/centres/{centre}, /v1/plans/{centre}, /v1/plans/{centre}/{version} and /v1/backups/{centre}."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/centres/{code}")
    async def centre(code: str) -> dict[str, Any]:
        async with database.transaction() as transaction:
            row = await transaction.session.get(CentreRow, code)
        if row is None:
            raise HTTPException(404, f"nothing is known of the centre {code}")
        return row.value

    @routes.get("/plans/{code}")
    async def versions(code: str) -> list[dict[str, Any]]:
        async with database.transaction() as transaction:
            rows = await transaction.session.exec(
                select(PlanVersionRow).where(PlanVersionRow.centre == code).order_by("version")
            )
            return [_summary(row) for row in rows]

    @routes.get("/plans/{code}/{version}")
    async def version(code: str, version: int) -> dict[str, Any]:
        async with database.transaction() as transaction:
            row = await transaction.session.get(PlanVersionRow, (code, version))
        if row is None:
            raise HTTPException(404, f"{code} has no plan version {version}")
        before = plan_form(o for o in map(Operation.model_validate, row.before) if o.is_planned)
        return {**_summary(row), "before": before, "problem": row.problem, "plan": row.plan}

    @routes.get("/backups/{code}")
    async def backups(code: str) -> list[dict[str, Any]]:
        async with database.transaction() as transaction:
            found = await Backups(transaction).of(code)
        return [backup.model_dump(mode="json", exclude={"plan", "likeness"}, exclude_none=True) for backup in found]

    return routes


def _summary(row: PlanVersionRow) -> dict[str, Any]:
    return {
        "version": row.version,
        "replan_id": row.replan_id,
        "facts_version": row.facts_version,
        "causes": row.causes,
        "changes": row.changes,
        "engine": row.engine,
        "solve_seconds": row.solve_seconds,
        "hash": row.hash,
        "hash_prev": row.hash_prev,
    }
