"""The files of the repository, for the tests that check the house itself."""

import subprocess
from functools import cache
from pathlib import Path

TOP = Path(__file__).parents[2]
TEXT_SUFFIXES = (
    ".py",
    ".sh",
    ".md",
    ".toml",
    ".cmd",
    ".spec",
    ".cfg",
    ".yml",
    ".yaml",
    ".in",
    ".txt",
    ".json",
)
# What is data rather than prose or program: generated, or made to be nasty.
NOT_OURS = ("packaging/requirements.txt", "packaging/requirements-dev.txt", "LICENSE")


@cache
def tracked() -> tuple[str, ...]:
    """Paths of all committed files that are still there, relative to the top."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=True)
    names = done.stdout.decode("utf-8").split("\0")
    return tuple(name for name in names if name and (TOP / name).is_file())


def links() -> list[str]:
    """Paths that are committed as links."""
    done = subprocess.run(["git", "ls-files", "-z", "--stage"], cwd=TOP, capture_output=True, check=True)
    lines = done.stdout.decode("utf-8").split("\0")
    return [line.partition("\t")[2] for line in lines if line.startswith("120000 ")]


def text_files() -> list[str]:
    """Paths of the texts that people write: programs, scripts, manuals, settings."""
    return [n for n in tracked() if (n.endswith(TEXT_SUFFIXES) or n == ".ci/run") and n not in NOT_OURS]


def python_files() -> list[str]:
    """Paths of all Python files."""
    return [name for name in tracked() if name.endswith(".py")]


def read(name: str) -> str:
    """Text of a file given relative to the top."""
    return (TOP / name).read_text(encoding="utf-8")
