"""A community on a filter holds its grids, whatever is missing or wrong in the tree."""

from __future__ import annotations

from hongyao_desktop.kit.tree_values import gathered

ABOVE = {
    "street": None,
    "east": "street",
    "west": "street",
    "east-1": "east",
    "east-2": "east",
    "west-1": "west",
}


def test_each_holds_what_lies_below_it_the_largest_first() -> None:
    counts = {"east": 1, "east-1": 4, "east-2": 2, "west": 3, None: 9}
    assert gathered(counts, ABOVE) == {
        ("street", "east", "east-1", "east-2", "west", "west-1"): 10,
        ("east", "east-1", "east-2"): 7,
    }, "what has rows of its own only needs no gathering"
    assert list(gathered(counts, ABOVE).values()) == [10, 7]


def test_nothing_to_gather_offers_nothing() -> None:
    assert gathered({}, ABOVE) == {}
    assert gathered({"a": 3}, {"a": None, "b": None}) == {}


def test_a_circle_in_the_tree_ends() -> None:
    assert gathered({"a": 1, "b": 2}, {"a": "b", "b": "a"}) == {("a", "b"): 3, ("b", "a"): 3}
