"""Names of agencies and their roles for reasons, from the register's data alone."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def party_names() -> dict[str, tuple[str, str]]:
    """Swedish and English names by party code.

    The register's own reader checks every row with pydantic, which takes longer to import than a small problem takes
    to solve; the contracts' tests have checked the rows.
    """
    contracts = find_spec("samsyn_contracts")
    if contracts is None or contracts.origin is None:
        return {}
    path = Path(contracts.origin).parent / "register" / "parties.json"
    named: dict[str, tuple[str, str]] = {}
    for party in json.loads(path.read_text("utf-8"))["parties"]:
        named[party["code"]] = (party["name_sv"], party["name_en"])
        for role in party.get("roles", []):
            named[f"{party['code']}/{role['code']}"] = (role["name_sv"], role["name_en"])
    return named
