"""The import contracts name only rooms of the house and libraries of the requirements.

A misspelt name would guard nothing.
"""

import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from tests.house.sources import read

PACKAGE = "hongyao_desktop"
# Contracted before they are in the requirements: the hub and the packets come with their own issue.
TO_COME = {"pyrage", "psycopg"}


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads(read("pyproject.toml"))
    found = settings["tool"]["importlinter"]["contracts"]
    assert isinstance(found, list)
    return found


def rooms() -> set[str]:
    layers = next(c["layers"] for c in contracts() if c.get("exhaustive"))
    return {room.strip().strip("()") for layer in layers for room in layer.split("|")}


def named(contract: dict[str, Any]) -> set[str]:
    keys = ("protected_modules", "allowed_importers", "source_modules", "forbidden_modules")
    return {name for key in keys for name in contract.get(key, [])}


def test_contracts_name_rooms_that_are_in_the_house() -> None:
    inside = {name for c in contracts() for name in named(c) if name.startswith(PACKAGE)}
    assert inside
    assert {name.split(".")[1] for name in inside} - {"*", "**"} <= rooms()


def test_contracts_name_libraries_that_exist() -> None:
    outside = {name for c in contracts() for name in named(c) if not name.startswith(PACKAGE)}
    assert {"PySide6", "sqlite3", "openpyxl", "reportlab"} <= outside
    known = set(packages_distributions()) | set(sys.stdlib_module_names)
    assert outside - known - TO_COME == set()
