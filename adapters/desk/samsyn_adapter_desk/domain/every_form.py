"""Every form of the desk, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn_adapter_desk.domain import (
    forms_before_the_day,
    forms_by_phone,
    forms_of_compromised,
    forms_of_contacts,
    forms_of_officers,
    forms_of_operations,
    forms_of_plans,
    forms_of_the_day,
    forms_of_wishes,
)
from samsyn_adapter_desk.domain.forms import Form

FAMILIES = (
    forms_of_plans,
    forms_of_operations,
    forms_by_phone,
    forms_of_compromised,
    forms_of_wishes,
    forms_of_officers,
    forms_before_the_day,
    forms_of_the_day,
    forms_of_contacts,
)
FORMS: Mapping[str, Form] = {form.name: form for family in FAMILIES for form in family.FORMS}
