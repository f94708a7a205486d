"""The kinds of files that the agency's system drops, in the order in which files of one day are read."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn_adapter_skatteverket.field_work import assessment_said, day_said, finding_said
from samsyn_adapter_skatteverket.translation import (
    COMMON,
    Kind,
    answer_said,
    interest_said,
    readiness_said,
    receipt_said,
    shift_said,
    site_said,
)

_OF_A_SHIFT = ("status", "pass", "lag", "start", "slut", "bemanning", "kompetens", "samtycke", "lat", "lon", "orsak")
_OF_A_SITE = (
    *("status", "objekt", "dnr", "namn", "orgnr", "enskild", "kommun", "lat", "lon", "sni", "brister", "polisbehov"),
    *("prioritet", "minuter", "oppet", "bor_senast", "maste_senast", "kravda", "minst_poliser", "exploatering"),
    *("motivering", "orsak"),
)
_OF_A_DAY = ("handelse", "insats", "planversion", "kontroll", "utfall", "antal_traffade", "polis", "orsak", "kvar")
_OF_A_FINDING = (
    *("fynd", "insats", "planversion", "kontroll", "omrade", "slag", "aven_for", "brister", "allvar", "text"),
)

KINDS: Mapping[str, Kind] = {
    "lagpass": Kind(_OF_A_SHIFT, shift_said, {"start_at": "start"}),
    "objekt": Kind(_OF_A_SITE, site_said, {"inspection_id": "objekt"}),
    "intresse": Kind(("kontroll", "grad"), interest_said),
    "beredskap": Kind(("kontroll", "beredd", "giltig_till"), readiness_said, {"valid_until": "giltig_till"}),
    "sekretess": Kind(
        ("bedomning", "mottagare", "omrade", "andamal", "utfall", "dokument", "giltig_till", "fynd"),
        assessment_said,
        {"valid_until": "giltig_till"},
    ),
    "svar": Kind(("svar", "insats", "pass", "polispass", "antal", "orsak", "fraga"), answer_said),
    "kvittens": Kind(("insats", "planversion", "funktion", "fraga"), receipt_said),
    "dagen": Kind(_OF_A_DAY, day_said),
    "fynd": Kind(_OF_A_FINDING, finding_said),
}

COLUMNS: Mapping[str, tuple[str, ...]] = {name: (*COMMON, *kind.columns) for name, kind in KINDS.items()}
