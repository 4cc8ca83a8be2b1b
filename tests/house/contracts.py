"""Import contracts for a growing house: names that nobody imports yet are left out instead of being an error.

import-linter's own contracts stop when a module named in them is not in the import graph, so a contract could be
written only after the room it guards exists. `test_contracts.py` sees to it that the names are spelt right.
"""

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.imports import ModuleExpression

# The fields of a contract class are descriptions; on an instance they hold the parsed values (hence the ignores below).


def _known(graph: ImportGraph, expressions: object) -> list[ModuleExpression]:
    assert isinstance(expressions, (list, set))
    return [e for e in expressions if e.has_wildcard_expression() or e.expression in graph.modules]


class ReservedContract(ProtectedContract):
    """Only `allowed_importers` may import `protected_modules` directly."""

    type_name = "reserved"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Check what exists of the contract."""
        self.protected_modules = _known(graph, self.protected_modules)  # type: ignore[assignment]
        self.allowed_importers = _known(graph, self.allowed_importers)  # type: ignore[assignment]
        return super().check(graph, verbose)


class NeverContract(ForbiddenContract):
    """No `source_modules` may reach `forbidden_modules`, not even through others."""

    type_name = "never"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Check what exists of the contract."""
        self.source_modules = _known(graph, self.source_modules)  # type: ignore[assignment]
        self.forbidden_modules = _known(graph, self.forbidden_modules)  # type: ignore[assignment]
        return super().check(graph, verbose)
