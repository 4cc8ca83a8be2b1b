"""What the papers that left the office show to the rest of the program (打印材料)."""

from __future__ import annotations

from hongyao_desktop.briefing.records import PRINT_RUNS
from hongyao_desktop.core.desk import Desk
from hongyao_desktop.core.module import Module

MODULE = Module(name="papers", label="打印材料", desks=(Desk(register=PRINT_RUNS),))
