"""Code names of operations: a neutral list, not reused within two years."""

from __future__ import annotations

from collections.abc import Collection

_TREES = "Ask Björk Ek Gran Hassel Lind Lönn Oxel Pil Rönn Sälg Tall Alm Bok En Hägg"
_HERBS = "Blåsippa Vitsippa Klint Lin Malva Nejlika Ljung Mossa Måra Rölleka Syren Timjan Tistel Viol Vallmo Åkerbär"
_LAND = "ås bäck dal fors gärde hult holme kulle lund mo näs park sjö skog strand sund udde vik vret äng ö backe berg"
_MORE = "damm fjärd grund hed källa mosse sten tegen torp"
_ENDINGS = (*_LAND.split(" "), *_MORE.split(" "))
NAMES = tuple(f"{plant}{land}" for land in _ENDINGS for plant in (*_TREES.split(" "), *_HERBS.split(" ")))


def free_names(used: Collection[str], num: int) -> tuple[str, ...]:
    """The first names of the list that nobody uses; after a thousand of them a number is added."""
    free = [name for name in NAMES if name not in used][:num]
    number = 2
    while len(free) < num:
        free += [f"{name} {number}" for name in NAMES if f"{name} {number}" not in used][: num - len(free)]
        number += 1
    return tuple(free)
