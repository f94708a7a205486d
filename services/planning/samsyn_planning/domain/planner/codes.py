"""Codes of reasons as bits, so that what stands between an inspection and a session is one number."""

# The rules that a reason can name, as bits; TAKEN and VALUE where no rule forbids the session.
BIT = {f"H{number}": 1 << number for number in range(2, 17)} | {"TAKEN": 1 << 18, "VALUE": 1 << 19}
# Nothing but a choice of rules stands in the way: other teams fail on other rules, and no single one is to blame.
SEVERAL = 1 << 17
CODE = {bit: code for code, bit in BIT.items()}


def codes_in(bits: int) -> list[str]:
    """The codes of a number, by rule."""
    return [code for code, bit in BIT.items() if bits & bit]
