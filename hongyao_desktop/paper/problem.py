"""What can go wrong when a paper is written."""

from __future__ import annotations

from dataclasses import dataclass

from hongyao_desktop.core.problem import Refusal


class PaperError(Refusal):
    """A paper cannot be made; the message is one Chinese sentence: what happened, where, what to do."""


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character that no font of the program can draw; it is printed as its code point in brackets.

    Attributes:
        character: the character itself.
        text: the whole text it stands in, usually a name.
        where: the place on the paper in Chinese, such as "表“花名册”第 12 行“姓名”".
    """

    character: str
    text: str
    where: str

    @property
    def code_point(self) -> str:
        """As it is printed inside the brackets: "U+31353"."""
        return f"U+{ord(self.character):04X}"

    def sentence(self) -> str:
        """For the list shown before printing."""
        point = self.code_point
        return f"{self.where}：“{self.text}”里有一个字（{point}）字库中没有，将印成 [{point}]，请手工补写。"
