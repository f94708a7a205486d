"""The kinds of cards, by name."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard, ModeCard, PlanCard, ReplanCard, WhatIfCard
from samsyn_adapter_desk.domain.cards_of_the_year import (
    ContactCard,
    FiguresCard,
    RoleCard,
    TargetCard,
    WheelCard,
    WorkCard,
)
from samsyn_adapter_desk.domain.cards_of_wishes import (
    CapacityCard,
    ConsentCard,
    InspectionCard,
    LostSessionCard,
    OfficerCard,
)

CARDS: Mapping[str, type[Card]] = {
    cls.kind: cls
    for cls in (
        OperationCard,
        QuestionCard,
        SiteRequestCard,
        ReplanCard,
        PlanCard,
        BackupCard,
        InspectionCard,
        CapacityCard,
        LostSessionCard,
        OfficerCard,
        ConsentCard,
        ModeCard,
        WheelCard,
        TargetCard,
        FiguresCard,
        WorkCard,
        WhatIfCard,
        ContactCard,
        RoleCard,
    )
}
