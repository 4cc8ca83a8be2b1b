"""What training shows to the rest of the program."""

from __future__ import annotations

from hongyao_desktop.core.desk import Desk, Role
from hongyao_desktop.core.module import Module
from hongyao_desktop.training import figures, service
from hongyao_desktop.training.imports.sign_in import SIGN_IN
from hongyao_desktop.training.records import ATTENDANCE, CADRES, CLASSES, TRAINEES

_CLERKS = (Role.ENTRY, Role.REVIEW)

MODULE = Module(
    name="training",
    label="干部培训",
    desks=(
        Desk(register=CLASSES, check=service.check_class, save=service.save_class, roles=_CLERKS),
        Desk(register=TRAINEES),
        Desk(register=ATTENDANCE, check=service.check_mark, save=service.correct_mark, roles=_CLERKS),
        Desk(register=CADRES, check=service.check_cadre, save=service.save_cadre, roles=_CLERKS),
    ),
    figures=figures.FIGURES,
    targets=(SIGN_IN,),
)
