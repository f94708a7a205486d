"""Makes planning problems of a real centre's size and geography, and disturbs them, the same for the same seed."""

from samsyn_planning.domain.generator.disturbing import KINDS, disturb
from samsyn_planning.domain.generator.generating import generate
from samsyn_planning.domain.generator.geography import CENTRES
from samsyn_planning.domain.generator.sizes import SIZES, Size

__all__ = ["CENTRES", "KINDS", "SIZES", "Size", "disturb", "generate"]
