"""Forms by which a centre decides of plans: approve, reject, pin, the mode, the targets; and wonders about one."""

from __future__ import annotations

from samsyn_contracts import capacity, periods, plans

from samsyn_adapter_desk.domain.choices import MODE_REASONS, MODES, PINNED, UNPINNED, causes
from samsyn_adapter_desk.domain.forms import (
    Asked,
    Draft,
    Fault,
    Field,
    Form,
    FormError,
    Option,
    Values,
    listed,
    number,
    present,
)
from samsyn_adapter_desk.marks import msgid

UNITS = (
    Option("inspections", "kontroller", "inspections"),
    Option("operations", "insatser", "operations"),
)
OPERATION = Field("operation_id", msgid("Operation"), "hidden")
REPLAN = Field("replan_id", msgid("Proposal"), "hidden")
CAUSE = Field("cause_event", msgid("Asked by"), "hidden", is_required=False)
ALTERNATIVE = Field("alternative", msgid("Another way"), "hidden", is_required=False)
LET_STAND = Field("let_stand", msgid("Operations that stand as they are"), "hidden", is_required=False, of="edits")


def approve(values: Values, asked: Asked) -> Draft:
    """The centre approves a proposed plan, one of the other ways, or the plan with some operations let stand."""
    let_stand = dict.fromkeys(listed(values, "let_stand"))
    told = present(
        replan_id=values["replan_id"],
        centre=asked.centre,
        by_function=asked.function,
        alternative=values.get("alternative"),
        edits=tuple({"operation_id": own, "keep": "as_it_stands"} for own in let_stand),
    )
    return Draft(plans.ReplanApproved.model_validate(told), causationid=values.get("cause_event") or None)


def reject(values: Values, asked: Asked) -> Draft:
    """The centre rejects it: the old plan stands."""
    told = plans.ReplanRejected(
        replan_id=values["replan_id"],
        centre=asked.centre,
        by_function=asked.function,
        reason_code=values["reason_code"],
    )
    return Draft(told, causationid=values.get("cause_event") or None)


def pin(values: Values, asked: Asked) -> Draft:
    """An operation stays where it is, whatever would be better."""
    return Draft(
        plans.OperationPinned(
            operation_id=values["operation_id"],
            centre=asked.centre,
            by_function=asked.function,
            reason_code=values["reason_code"],
        )
    )


def unpin(values: Values, asked: Asked) -> Draft:
    """It may be moved again."""
    return Draft(
        plans.OperationUnpinned(
            operation_id=values["operation_id"],
            centre=asked.centre,
            by_function=asked.function,
            reason_code=values["reason_code"],
        )
    )


def switch_mode(values: Values, asked: Asked) -> Draft:
    """What happens by itself from now on."""
    told = {
        "centre": asked.centre,
        "mode": values["mode"],
        "by_function": asked.function,
        "reason_code": values["reason_code"],
    }
    return Draft(capacity.AutomationModeChanged.model_validate(told))


def set_target(values: Values, asked: Asked) -> Draft:
    """How many inspections or operations the centre means to reach in a year."""
    told = {
        "centre": asked.centre,
        "year": number(values, "year"),
        "unit": values["unit"],
        "baseline": number(values, "baseline"),
        "target": number(values, "target"),
        "by_function": asked.function,
    }
    return Draft(periods.AnnualTargetSet.model_validate(told))


def wonder(values: Values, asked: Asked) -> Draft:
    """What plan would follow without some sessions and teams; nothing is changed by asking."""
    without = tuple(dict.fromkeys(listed(values, "without")))
    if not 1 <= len(without) <= plans.MOST_TAKEN_AWAY:
        raise FormError([Fault("without", HOW_MANY)])
    return Draft(
        plans.WhatIfAsked(
            question_id=f"{asked.centre}:what-if-{asked.once}",
            centre=asked.centre,
            without=without,
            by_function=asked.function,
        )
    )


HOW_MANY = msgid("Choose at least one, and at most ten.")
FORMS = (
    Form(
        "approve",
        "decide_replan",
        msgid("Approve the proposed plan"),
        msgid("Approve"),
        (REPLAN, CAUSE, ALTERNATIVE, LET_STAND),
        approve,
        msgid("The plan is published at once, and everybody concerned is told."),
        "/changes",
    ),
    Form(
        "reject",
        "decide_replan",
        msgid("Reject the proposed plan"),
        msgid("Reject"),
        (REPLAN, CAUSE, Field("reason_code", msgid("Why"), "select", options=causes("no_resources"))),
        reject,
        msgid("The old plan stands, without what is lost."),
        "/changes",
    ),
    Form(
        "pin",
        "pin",
        msgid("Pin the operation"),
        msgid("Pin"),
        (OPERATION, Field("reason_code", msgid("Why"), "select", options=PINNED)),
        pin,
        msgid("No new plan moves it automatically. If its police are lost, it is still affected."),
        "/plan",
    ),
    Form(
        "unpin",
        "pin",
        msgid("Unpin the operation"),
        msgid("Unpin"),
        (OPERATION, Field("reason_code", msgid("Why"), "select", options=UNPINNED)),
        unpin,
        msgid("New plans may move it again."),
        "/plan",
    ),
    Form(
        "mode",
        "switch_mode",
        msgid("Switch the automation"),
        msgid("Switch"),
        (
            Field("mode", msgid("From now on"), "select", options=MODES),
            Field("reason_code", msgid("Why"), "select", options=MODE_REASONS),
        ),
        switch_mode,
        msgid("Everybody at the centre is told; who switched and why is kept."),
        "/plan",
        is_grave=True,
    ),
    Form(
        "target",
        "wheel",
        msgid("Set a target"),
        msgid("Set the target"),
        (
            Field("year", msgid("Year"), "number", msgid("Four digits.")),
            Field("unit", msgid("Unit"), "select", msgid("Inspections and operations are never added."), options=UNITS),
            Field("baseline", msgid("Last year"), "number"),
            Field("target", msgid("Target"), "number"),
        ),
        set_target,
        back_to="/wheel",
    ),
    Form(
        "what_if",
        "ask",
        msgid("What if"),
        msgid("Work out what would follow"),
        (
            Field(
                "without",
                msgid("Sessions and teams to take away"),
                hint=msgid("Their ids, separated by commas. The page What if has them to choose from."),
            ),
        ),
        wonder,
        msgid("Nothing is changed by this, and nobody is told."),
        "/what-if",
    ),
)
