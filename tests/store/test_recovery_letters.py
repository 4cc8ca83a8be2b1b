"""The key on paper: typed back however it is written, and a wrong letter is noticed with its row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.recovery_letters import printed_rows, read_rows


@given(st.binary(min_size=32, max_size=32))
def test_the_recovery_sheet_gives_the_key_back_however_it_is_typed(key: bytes) -> None:
    rows = printed_rows(key)
    assert [len(row) for row in rows] == [17] * 4
    assert read_rows("\n".join(rows)) == key
    assert read_rows("-".join(rows).lower().replace("0", "o").replace("1", "l")) == key


@given(st.binary(min_size=32, max_size=32), st.integers(0, 3), st.integers(0, 16), st.integers(1, 31))
def test_a_wrong_letter_is_noticed_with_its_row(key: bytes, row: int, place: int, shift: int) -> None:
    rows = list(printed_rows(key))
    letter = rows[row][place]
    if letter == " ":
        return
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    other = letters[(letters.index(letter) + shift) % 32]
    rows[row] = rows[row][:place] + other + rows[row][place + 1 :]
    said = None
    read = None
    try:
        read = read_rows(" ".join(rows))
    except Refusal as refusal:
        said = refusal.message
    # ten bits of check let one in a thousand pass; the file's own seal refuses that key
    assert f"第 {row + 1} 行" in said if said is not None else read != key


def test_a_sheet_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(Refusal, match="4 行"):
        read_rows("ABCDE FGHJK")
