"""Cadres by category (干部类别): who has to reach which yearly requirement, and who is exempt."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.people.service import missing_fields
from hongyao_desktop.training.records import CADRES

_COLUMNS = frozenset(field.name for field in CADRES.entered)


def check_cadre(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong about a cadre's category before saving."""
    found = missing_fields(CADRES, values)
    if found:
        return found
    if values.get("until_on") and values["until_on"] < values["from_on"]:
        found.append(Problem(Level.ERROR, "cadre.dates", "截止日期早于起始日期，请核对", "until_on"))
    begun, over = values.get("exempt_from"), values.get("exempt_until")
    if (begun or over) and not values.get("exempt_reason"):
        found.append(Problem(Level.ERROR, "cadre.exempt", "填了免学起止，还要写明免学原因", "exempt_reason"))
    if begun and over and over < begun:
        found.append(Problem(Level.ERROR, "cadre.exempt_dates", "免学止早于免学起，请核对", "exempt_until"))
    same = reader.one(
        "SELECT id FROM cadre WHERE person_id = ?1 AND category = ?2 AND (until_on IS NULL OR until_on >= ?3) "
        "AND from_on <= COALESCE(?4, '9999-12-31') AND id <> COALESCE(?5, '')",
        (values["person_id"], values["category"], values["from_on"], values.get("until_on"), row_id),
    )
    if same is not None:
        message = f"这位同志在这段时间已登记为“{values['category']}”，请改原来的那一条"
        found.append(Problem(Level.ERROR, "cadre.double", message, "category"))
    return found


def save_cadre(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a cadre's category or change one; returns its id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_cadre(writer, values, row_id))
    row = {key: value for key, value in values.items() if key in _COLUMNS}
    if row_id is None:
        return writer.insert("cadre", row)
    writer.update("cadre", row_id, row)
    return row_id
