"""Slips of the counter (兑换单): what was redeemed in one go."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Refusal


def slip(reader: Reader, word: str) -> tuple[Row, list[Row]]:
    """A slip by its number or id, or that of one of its redemptions, with its lines; refuses an unknown one.

    A redemption of before there were slips stands alone.
    """
    row = reader.one(
        """
        SELECT slip.*, volunteer.number AS volunteer_number, person.name, unit.name AS unit_name
        FROM shop_slip AS slip
        JOIN volunteer ON volunteer.id = slip.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE slip.id = :word OR slip.number = :word OR slip.id IN (
            SELECT line.slip_id FROM shop_slip_line AS line
            JOIN shop_redemption AS redemption ON redemption.id = line.redemption_id
            WHERE redemption.id = :word OR redemption.number = :word
        )
        """,
        {"word": word},
    )
    if row is None:
        alone = reader.one(
            "SELECT * FROM shop_redemption_view WHERE id = :word OR number = :word", {"word": word}
        )
        if alone is None:
            raise Refusal(f"没有单号为“{word}”的兑换，请核对", exit_code=2)
        return alone, [alone]
    lines = reader.all(
        "SELECT redemption.* FROM shop_slip_line AS line "
        "JOIN shop_redemption_view AS redemption ON redemption.id = line.redemption_id "
        "WHERE line.slip_id = ? ORDER BY redemption.year, redemption.serial",
        (row["id"],),
    )
    return row, lines
