"""Faults of what is counted and told of a year: targets, forecasts, evaluations, proposals that were decided."""

from __future__ import annotations

from tests.plant.fault import Fault

DOMAIN = "services/reporting/samsyn_reporting/domain"
TARGETS = "tests/unit/reporting/test_reporting_targets.py"
PROGRAMMES = "tests/unit/reporting/test_reporting_programmes.py"
WORK = "tests/unit/reporting/test_reporting_work.py"
EVALUATIONS = "tests/unit/reporting/test_reporting_evaluations.py"

OF_REPORTING = (
    Fault(
        "reporting-risk-told-daily",
        "that a target is at risk is told once per crossing",
        f"{DOMAIN}/targets.py",
        "if each.is_at_risk and each.unit not in was]",
        "if each.is_at_risk]",
        (TARGETS,),
    ),
    Fault(
        "reporting-day-of-greenwich",
        "a day ends at midnight in Sweden",
        f"{DOMAIN}/targets.py",
        "until.astimezone(STOCKHOLM).date()",
        "until.date()",
        (TARGETS,),
    ),
    Fault(
        "reporting-figures-told-unchanged",
        "figures that have not changed are not said again",
        f"{DOMAIN}/targets.py",
        "if kpis and kpis != so_far.kpis:",
        "if kpis:",
        (TARGETS,),
    ),
    Fault(
        "reporting-other-programmes-lost",
        "what is done within a programme that is not listed is counted as another's",
        f"{DOMAIN}/programmes.py",
        "return programme if programme in programme_names() else OTHER",
        "return programme",
        (PROGRAMMES,),
    ),
    Fault(
        "reporting-false-zeros-after-an-upgrade",
        "no programme is told of while what is counted was proposed before its programme was kept",
        f"{DOMAIN}/programmes.py",
        "if one.programme is None]",
        "if one.programme == OTHER]",
        (TARGETS, PROGRAMMES),
    ),
    Fault(
        "reporting-few-sites-told-by-name",
        "an area where fewer than five inspections are wanted is told together with others, without its name",
        f"{DOMAIN}/areas.py",
        "area if wanted[area] >= FEWEST_OF_AN_AREA else ELSEWHERE",
        "area if wanted[area] else ELSEWHERE",
        (WORK,),
    ),
    Fault(
        "reporting-absent-police-joined",
        "the police joined where they were there, and not where they had only accepted",
        f"{DOMAIN}/agencies.py",
        "accepted if day.had_police else accepted - {POLICE}",
        "accepted",
        (WORK,),
    ),
    Fault(
        "reporting-strangers-evaluate",
        "who was no part of an operation does not evaluate it",
        f"{DOMAIN}/evaluations.py",
        "if each.agency in ended.get(each.operation_id, ()) or each.agency in cancelled.get(each.operation_id, ())",
        "if each.operation_id in ended or each.operation_id in cancelled",
        (EVALUATIONS,),
    ),
    Fault(
        "reporting-few-lessons-counted-out",
        "a lesson that fewer than five evaluations name is not counted out",
        f"{DOMAIN}/evaluations.py",
        "evaluations=masked(number)",
        "evaluations=number",
        (EVALUATIONS,),
    ),
    Fault(
        "proposal-reminded-though-decided",
        "nobody is reminded of a proposal that is decided",
        "adapters/notify/samsyn_adapter_notify/notification.py",
        "return self.is_question or self.thing.startswith(REPLAN)",
        "return self.is_question",
        ("tests/unit/notify/test_reminded_and_escalated.py",),
    ),
)
