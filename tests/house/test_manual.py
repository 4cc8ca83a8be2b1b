"""What README promises can be done."""

import re

import click

from hongyao_desktop.app.cli import hongyao
from tests.house.sources import TOP, read

SCRIPT = re.compile(r"\b((?:packaging|\.ci)/[\w./-]+\.(?:sh|cmd|py))\b")
# A command in backquotes or at the start of a line of a code block: hongyao import …
COMMAND = re.compile(r"(?:`|^\s*(?:\$ )?)hongyao ([a-z][a-z-]*)", re.MULTILINE)
ROOM = re.compile(r"`(hongyao_desktop/[\w/]+(?:\.py)?|resources/[\w/]+|tests/[\w/]+)/?`")


def test_readme_names_the_two_commands_and_they_exist() -> None:
    scripts = set(SCRIPT.findall(read("README.md")))
    assert {"packaging/run.sh", "packaging/test.sh"} <= scripts
    assert [script for script in scripts if not (TOP / script).is_file()] == []


def test_readme_names_only_commands_the_program_has() -> None:
    promised = set(COMMAND.findall(read("README.md")))
    assert promised
    assert promised - set(hongyao.list_commands(click.Context(hongyao))) == set()


def test_readme_names_only_folders_that_exist() -> None:
    folders = set(ROOM.findall(read("README.md")))
    assert [folder for folder in folders if not (TOP / folder).exists()] == []
