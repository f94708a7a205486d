"""The desk's description (OpenAPI): each form at its own address with its fields, which the pages read by hand."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from samsyn_contracts.register import load_register

from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Field, Form

ANY_FORM = "/do/{name}"
URLENCODED = "application/x-www-form-urlencoded"
OWNED = "^[a-z][a-z0-9-]{1,40}:[A-Za-z0-9._~-]{1,80}$"
PATTERNS = {
    "operation_id": "^op:[A-Za-z0-9.:_~-]{1,130}$",
    "replan_id": "^replan:[a-z0-9-]{1,40}:[0-9a-z-]{1,40}$",
    "inspection_id": OWNED,
    "capacity_id": OWNED,
    "session_id": OWNED,
    "agency": "^[a-z][a-z0-9-]{1,40}$",
}
INSTANT = r"^2[01][0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]$"
SENT = {"303": {"description": "Said; the address of a page that shows it."}}
FAULTY = {"422": {"description": "The form again, with what is wrong at each field."}}
# Who speaks in one centre alone may leave it out.
CENTRES = {"type": "string", "enum": sorted(load_register().centres)}
HIDDEN = {"once": {"type": "string", "maxLength": 60}, "csrf": {"type": "string"}}


def described_forms(app: FastAPI) -> dict[str, Any]:
    """The framework's description with each form in place of the one address of all."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        shown = made["paths"].pop(ANY_FORM)["get"]
        without_name = {name: told for name, told in shown.items() if name != "parameters"}
        for form in FORMS.values():
            told = {**without_name, "operationId": f"show_{form.name}"}
            made["paths"][f"/do/{form.name}"] = {"get": told, "post": _filled_in(form)}
        made["paths"]["/what-if"]["post"] |= _body(FORMS["what_if"])
        app.openapi_schema = made
    return app.openapi_schema


def _filled_in(form: Form) -> dict[str, Any]:
    told = {"summary": form.title, "operationId": f"send_{form.name}", "responses": {**SENT, **FAULTY}}
    return {**told, **_body(form)}


def _body(form: Form) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {**HIDDEN, "centre": CENTRES, **{each.name: _value_of(each) for each in form.fields}},
        "required": ["centre", *(each.name for each in form.fields if each.is_required)],
    }
    return {"requestBody": {"required": True, "content": {URLENCODED: {"schema": schema}}}}


def _value_of(field: Field) -> dict[str, Any]:
    """What a field takes, as it is written in the form; the contract may want more of it."""
    if field.kind == "select":
        return {"type": "string", "enum": [option.value for option in field.options]}
    if field.kind == "number":
        return {"type": "integer"}
    if field.kind == "instant":
        return {"type": "string", "pattern": INSTANT}
    if field.kind == "day":
        return {"type": "string", "format": "date"}
    if field.kind == "yes":
        return {"type": "string", "enum": ["yes"]}
    pattern = PATTERNS.get(field.name)
    return {"type": "string", "maxLength": 2000} if pattern is None else {"type": "string", "pattern": pattern}
