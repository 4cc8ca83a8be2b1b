"""The border between the program and the terminal: every error leaves as one Chinese sentence, never a traceback.

Exit codes: 0 good, 1 findings or a refusal, 2 wrong use (DESIGN section 4).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.core.problem import Problem, Refusal

GOOD, FINDINGS, USAGE = 0, 1, 2


def run(command: click.Command, arguments: Sequence[str] | None) -> int:
    """Run a command line and return its exit code; nothing escapes but the interpreter's own exits."""
    _speak_utf8()
    try:
        outcome = command.main(args=arguments, prog_name="hongyao", standalone_mode=False)
    except Refusal as refusal:
        _complain(refusal.message)
        return refusal.exit_code
    except click.exceptions.Abort:
        _complain("已取消，没有改动任何内容")
        return FINDINGS
    except click.UsageError as error:
        _complain(usage_sentence(error))
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINDINGS
    return outcome if isinstance(outcome, int) else GOOD


def _speak_utf8() -> None:
    """Chinese must come out whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _complain(sentence: str) -> None:
    click.echo(" ".join(sentence.split()), err=True)


def usage_sentence(error: click.UsageError) -> str:
    """A complaint of click in the clerk's language."""
    where = " ".join(("hongyao", *_path(error.ctx)))
    hint = f"，用 {where} --help 查看用法"
    match error:
        case click.exceptions.NoSuchOption():
            return f"没有“{error.option_name}”这个选项{hint}"
        case click.exceptions.MissingParameter():
            return f"缺少“{_named(error)}”{hint}"
        case click.exceptions.BadOptionUsage():
            return f"选项“{error.option_name}”后面缺少内容{hint}"
        case click.BadParameter():
            return f"“{_named(error)}”填写不对：{_reason(error)}{hint}"
    if "No such command" in error.message:
        return f"没有这个命令：{error.message.rsplit(' ', maxsplit=1)[-1].strip(chr(39) + '.')}{hint}"
    return f"命令写法不对：多出或缺少内容{hint}"


def _path(ctx: click.Context | None) -> list[str]:
    """The words of the command below the program: of a group's command both."""
    words: list[str] = []
    while ctx is not None and ctx.parent is not None:
        words.insert(0, ctx.info_name or "")
        ctx = ctx.parent
    return words


def _named(error: click.BadParameter) -> str:
    """An option as it is typed (--reason), an argument as the help shows it."""
    param = error.param
    if isinstance(param, click.Option):
        return param.opts[0]
    return str(param.human_readable_name if param is not None else error.param_hint)


def _reason(error: click.BadParameter) -> str:
    """Own checks speak Chinese already; click's own are put in one general phrase."""
    return error.message if any(char >= "\u4e00" for char in error.message) else "不在允许的内容之内"


def show(*, as_json: bool, data: Any, text: Callable[[], str]) -> None:
    """Print the result: machine-readable with ``--json``, else as text for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
    else:
        shown = text()
        if shown:
            click.echo(shown)


def problem_data(problem: Problem) -> dict[str, Any]:
    """A finding as JSON: level, code, message, and its place where it has one."""
    return {
        "level": problem.level.value,
        "code": problem.code,
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
    }


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]]) -> str:
    """Rows as a plain text table; Chinese characters count two columns wide."""
    lines = [[heading for _key, heading in columns]]
    lines += [["" if row.get(key) is None else str(row[key]) for key, _heading in columns] for row in rows]
    widths = [max(_width(line[index]) for line in lines) for index in range(len(columns))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if ord(char) >= 0x1100 else 1 for char in text)


def writable_target(path: Path, *, overwrite: bool = True) -> Path:
    """The path to write a result to; refuses a folder, a missing folder, and a file that must not be replaced."""
    if path.is_dir():
        raise Refusal(f"“{path}”是文件夹，请写出文件名", exit_code=USAGE)
    if not path.parent.exists():
        raise Refusal(f"文件夹“{path.parent}”不存在，请先建好或换一个位置", exit_code=USAGE)
    if not overwrite and path.exists():
        raise Refusal(f"“{path.name}”已经存在，不会覆盖，请换一个文件名", exit_code=USAGE)
    return path
