"""The organisation tree of a demonstration street: communities, grids, buildings."""

from __future__ import annotations

from dataclasses import dataclass

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.people import queries, service

COMMUNITIES = tuple(
    f"{name}社区"
    for name in (
        "水湾",
        "柳巷",
        "石桥",
        "锦绣",
        "春晖",
        "望江",
        "荷塘",
        "枫林",
        "长乐",
        "永安",
        "临河",
        "东苑",
    )
)
_CODES = ("SW", "LX", "SQ", "JX", "CH", "WJ", "HT", "FL", "CL", "YA", "LH", "DY")
_GRIDS = ("第一网格", "第二网格", "第三网格", "第四网格")


@dataclass(frozen=True, slots=True)
class Tree:
    """The units made: the street, its communities, and the grids of each community by the community's id."""

    street: str
    communities: tuple[str, ...]
    grids: dict[str, tuple[str, ...]]

    @property
    def all_grids(self) -> tuple[str, ...]:
        """Every grid of the street."""
        return tuple(grid for grids in self.grids.values() for grid in grids)


def make_units(writer: Writer, communities: int) -> Tree:
    """Build ``communities`` communities of four grids, with a few small branches in each grid."""
    top = queries.top_unit(writer)
    assert top is not None, "a new office has its own unit"
    street = str(top["id"])
    grids: dict[str, tuple[str, ...]] = {}
    made = []
    for order, (name, code) in enumerate(zip(COMMUNITIES[:communities], _CODES, strict=False), 1):
        community = _unit(writer, code, name, "社区", "社区大党委", street, order)
        made.append(community)
        below = []
        for number, grid in enumerate(_GRIDS, 1):
            grid_code = f"{code}-{number:02d}"
            below.append(_unit(writer, grid_code, f"{name}{grid}", "网格", "网格大支部", community, number))
            _unit(writer, f"{grid_code}-A", f"{name}{grid}小区党支部", "楼栋", "小区党支部", below[-1], 1)
            _unit(writer, f"{grid_code}-B", f"{name}{grid}微网格党小组", "楼栋", "微网格党小组", below[-1], 2)
        grids[community] = tuple(below)
    return Tree(street, tuple(made), grids)


def _unit(writer: Writer, code: str, name: str, level: str, kind: str, parent: str, position: int) -> str:
    values = {
        "code": code,
        "name": name,
        "level": level,
        "kind": kind,
        "parent_id": parent,
        "position": position,
    }
    return service.save_unit(writer, values, None)
