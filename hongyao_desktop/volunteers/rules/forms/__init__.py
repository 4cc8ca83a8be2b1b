"""Forms of rule sets (规则表单): which inputs a kind of rule has, how they become its body, how it is tried out."""

from __future__ import annotations

from collections.abc import Sequence

from hongyao_desktop.volunteers.rules.forms.approval import APPROVAL
from hongyao_desktop.volunteers.rules.forms.conduct import CONDUCT, SHOP, SIGNALS, SPOTS
from hongyao_desktop.volunteers.rules.forms.form import RuleForm
from hongyao_desktop.volunteers.rules.forms.points import POINTS
from hongyao_desktop.volunteers.rules.forms.standards import EXPIRY, LIMITS
from hongyao_desktop.volunteers.rules.forms.stars import STARS

__all__ = ["EXAMPLE", "FORMS", "RuleForm", "form_of"]

FORMS: tuple[RuleForm, ...] = (POINTS, LIMITS, STARS, EXPIRY, APPROVAL, CONDUCT, SIGNALS, SPOTS, SHOP)
"""Every kind of rule the room has, in the order a clerk meets them."""

EXAMPLE = "-example"
"""What the kind of a shipped example ends with."""


def form_of(kind: str, forms: Sequence[RuleForm] = FORMS) -> RuleForm | None:
    """The form of a kind of rule set, also of its examples; None for kinds that are not among ``forms``."""
    return next((form for form in forms if form.kind == kind.removesuffix(EXAMPLE)), None)
