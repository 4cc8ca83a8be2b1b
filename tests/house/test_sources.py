"""Rules for the sources that ruff and mypy have no word for. Each failure names the file and the line."""

import ast
import re
from pathlib import PurePosixPath

from tests.house.sources import links, python_files, read, text_files, tracked

MOST_LINES = 600
TOP_LEVEL = {
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "hongyao_desktop",
    "packaging",
    "pyproject.toml",
    "resources",
    "tests",
}
# A name that says nothing collects everything.
NAMES_THAT_SAY_NOTHING = {"utils", "util", "misc", "common", "helpers", "helper", "manager", "managers"}

# A letter in brackets keeps this file from finding itself.
UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b|raise NotImplementedErro[r]")
ONE_MACHINE = re.compile(
    r"(?<![\w.])/(wor[k]|roo[t]|tm[p]|far[m])/|[.]librar[y]|far[m]-(bench|studio)"
    r"|pyp[i][.]org|pythonhoste[d]|registry[.]np[m]|deb[.]debia[n]"
)
WAITING_FOR_TIME = re.compile(r"time\.slee[p]\(|qtbot\.wai[t]\(|QTest\.qWai[t]\(")
CHECKS = re.compile(r"\bassert\b|raises\(|warns\(|waitUntil|waitSignal|\bcheck_|\bassert_|expect")


def lines_with(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name in names
        for number, line in enumerate(read(name).splitlines(), 1)
        if pattern.search(line)
    ]


def test_files_stay_small_enough_to_be_read() -> None:
    lengths = {name: len(read(name).splitlines()) for name in python_files()}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}


def test_every_name_says_what_is_in_it() -> None:
    bad = [
        name
        for name in python_files()
        if NAMES_THAT_SAY_NOTHING & set(PurePosixPath(name).with_suffix("").parts)
    ]
    assert bad == []


def test_no_link_leads_out_of_the_tree() -> None:
    assert links() == [], "a link to somebody's environment takes the place of everybody's"


def test_nothing_is_left_unfinished() -> None:
    assert lines_with(UNFINISHED, text_files()) == []


def test_no_file_knows_one_machine_or_index() -> None:
    assert lines_with(ONE_MACHINE, text_files()) == []


def test_tests_wait_for_a_condition_never_for_a_time() -> None:
    assert lines_with(WAITING_FOR_TIME, [n for n in python_files() if n.startswith("tests/")]) == []


def test_an_error_is_caught_by_name_or_passed_on() -> None:
    # Cleaning up after anything at all is right as long as the error goes on its way.
    swallowed = [
        f"{name}:{node.lineno}"
        for name in python_files()
        for node in ast.walk(ast.parse(read(name)))
        if isinstance(node, ast.ExceptHandler) and catches_anything(node) and not passes_on(node)
    ]
    assert swallowed == []


def catches_anything(handler: ast.ExceptHandler) -> bool:
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        n is None or (isinstance(n, ast.Name) and n.id in {"Exception", "BaseException"}) for n in named
    )


def passes_on(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.body[-1], ast.Raise)


def test_top_level_holds_the_agreed_entries_only() -> None:
    assert {PurePosixPath(name).parts[0] for name in tracked()} - TOP_LEVEL == set()


def test_every_test_can_fail() -> None:
    functions = [
        (name, node, "\n".join(ast.unparse(statement) for statement in node.body))
        for name in python_files()
        if name.startswith("tests/")
        for node in ast.walk(ast.parse(read(name)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    # A test may leave the asserting to a function of the tests, which may leave it to another.
    asserting = {node.name for _, node, body in functions if CHECKS.search(body)}
    asserting |= {node.name for _, node, body in functions if called(node) & asserting}
    silent = [
        f"{name}:{node.lineno} {node.name} asserts nothing"
        for name, node, body in functions
        if node.name.startswith("test_") and node.name not in asserting
    ]
    assert silent == []


def called(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {
        f.id if isinstance(f, ast.Name) else f.attr for f in calls if isinstance(f, ast.Name | ast.Attribute)
    }


def test_no_office_file_or_packed_build_was_committed() -> None:
    suffixes = (".hongyao", ".sqlite", ".sqlite3", ".deb", ".exe", ".whl", ".pyc")
    assert [name for name in tracked() if name.endswith(suffixes)] == []
