#!/usr/bin/env python3
"""Smoke test: runs the packed program on a temporary folder and fails on any unexpected line of output.

    python3 packaging/smoke.py dist/hongyao/hongyao     the frozen program
    python3 packaging/smoke.py --unfrozen               the module in this environment

What a build usually forgets shows here: a data file, a font, a module imported by name, a Qt plugin, and the second
process that reads spreadsheets. Needs no installed Python package; the window is shown on a screen of its own (Xvfb).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[1]
SAMPLES = TOP / "resources" / "demo" / "samples"
IMPORTS = (
    ("volunteers", "01"),
    ("service_records", "02"),
    ("attendance", "03"),
    ("fund_entries", "04"),
    ("spot_reports", "05"),
)
ALSO = {"certificate": ["volunteer", "chief", "contact"], "volunteer-notice": ["what"]}
"""Papers that can be asked for in several ways, and what the one taken here needs besides."""


class Smoke(Exception):
    """The program did something it should not; the message says what."""


class Program:
    """The program under test, in a folder and with a home of its own."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.command = [*command]
        self.folder = folder
        keep = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
        self.environment = {name: os.environ[name] for name in keep if name in os.environ} | {
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
        }

    def run(self, *arguments: object, good: Sequence[int] = (0,)) -> str:
        """Run one command; returns its output. Anything on standard error is a failure."""
        line = [*self.command, *map(str, arguments)]
        done = subprocess.run(
            line,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        shown = " ".join(map(str, arguments))
        if done.returncode not in good:
            raise Smoke(f"{shown}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        if done.stderr:
            raise Smoke(f"{shown}: unexpected output on standard error\n{done.stderr}")
        return done.stdout

    def data(self, *arguments: object, good: Sequence[int] = (0,)) -> Any:
        """Run one command with --json; returns what it printed, which must be nothing but JSON."""
        output = self.run(*arguments, "--json", good=good)
        try:
            return json.loads(output)
        except json.JSONDecodeError as error:
            raise Smoke(f"{arguments[0]}: not JSON\n{output[:2000]}") from error


def expect(right: object, what: str) -> None:
    """Fail with a sentence when something is not as it should be."""
    if not right:
        raise Smoke(what)


def smoke(program: Program) -> None:
    """Demo, import, list, figures, every paper, workbook, check, window."""
    version = program.run("--version")
    expect(re.fullmatch(r"红耀台账 \d+\.\d+\.\d+\n", version), f"--version printed {version!r}")
    step("version", version.strip())

    office = program.folder / "演示.hongyao"
    demo = program.data("demo", office)
    expect(office.stat().st_size > 0 and demo["operators"], "demo made no office")
    program.environment["HONGYAO_PASSWORD"] = demo["password"]
    clerk = ("--as", demo["operators"][0]["name"])
    step("demo", ", ".join(f"{name} {count}" for name, count in demo["counts"].items()))

    # From copies: rows that come back are written beside the sheet they came from.
    samples = shutil.copytree(SAMPLES, program.folder / "samples")
    for register, number in IMPORTS:
        sheet = next(samples.glob(f"{number}*"))
        program.data("import", office, register, sheet, *clerk, good=(0, 1))
    program.data("import", office, "volunteers", next(samples.glob("01*")), "--commit", *clerk, good=(0, 1))
    step("import", f"{len(IMPORTS)} sheets")

    people = program.data("list", office, "people", "--search", "zh", "--limit", 5, *clerk)
    expect(people, "nobody found by initials")
    figures = program.data("figures", office, *clerk)["figures"]
    expect(any(figure["value"] for figure in figures), "all figures are nought")
    step("figures", str(len(figures)))

    known = answers(program, office, clerk)
    for paper in program.data("papers"):
        asked = [one["name"] for one in paper["parameters"] if one["required"]] + ALSO.get(paper["name"], [])
        values = [(name, known.get(f"{paper['name']}.{name}") or known[name]) for name in asked]
        given = [word for name, value in values for word in ("--set", f"{name}={value}")]
        target = program.folder / f"{paper['name']}.pdf"
        program.run("paper", office, paper["name"], target, *given, *clerk)
        expect(target.read_bytes().startswith(b"%PDF-"), f"{paper['name']} is no PDF")
        step("paper", f"{paper['name']}, {target.stat().st_size >> 10} kB")
    target = program.folder / "人员.xlsx"
    program.run("export", office, "people", target, *clerk)
    expect(target.read_bytes().startswith(b"PK"), "the exported sheet is no workbook")
    step("export", f"{target.stat().st_size >> 10} kB")

    told = program.run("tour", program.folder / "tour").splitlines()
    missing = [
        line for line in told if line.startswith("写出 ") and not Path(line.removeprefix("写出 ")).is_file()
    ]
    expect(any(line.startswith("写出 ") for line in told) and not missing, f"tour did not write {missing}")
    step("tour", f"{len(told)} lines")

    report = program.data("check", office, *clerk)
    expect(report["ok"] and not report["findings"], f"check found {report['findings']}")
    step("check", f"{report['operations']} operations")
    step("window", f"{window(program, office):.1f} s until shown")


def answers(program: Program, office: Path, clerk: Sequence[str]) -> dict[str, str]:
    """What the papers ask for, by parameter: the first record of each kind."""

    def first(register: str, field: str) -> str:
        return str(program.data("list", office, register, "--limit", 1, *clerk)["rows"][0][field])

    return {
        "activity": first("activities", "title"),
        "volunteer": first("volunteers", "number"),
        "order-slip.number": first("orders", "number"),
        "points-lot.number": first("point_lots", "number"),
        "shop-slip.number": first("shop_redemptions", "number"),
        "person": first("trainees", "person_name"),
        "register": "people",
        "what": "积分",
        "chief": "（演示）负责人",
        "contact": "（演示）联系电话",
        "phone": "（演示）社区服务电话",
        "place": "社区党群服务中心",
    }


def window(program: Program, office: Path) -> float:
    """Open the office in its window on a screen of its own, as its first operator; nothing may be printed.

    Returns the seconds until the window is there.
    """
    read_end, write_end = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1366x768x24", "-noreset", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        display = f":{pipe.readline().strip()}"
    environment = program.environment | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
    started = time.monotonic()
    running = subprocess.Popen(
        [*program.command, "open", str(office)],
        cwd=program.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )

    def xdotool(*arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=environment, capture_output=True, encoding="utf-8", check=False
        )
        return done.stdout.strip()

    def shown(title: str) -> bool:
        return running.poll() is not None or bool(xdotool("search", "--onlyvisible", "--name", title))

    try:
        wait_until(lambda: shown("^红耀台账$"), seconds=30)
        seconds = time.monotonic() - started
        expect(running.poll() is None, "the window did not open")
        # The way in stands in the field for the password; behind it the title names the office.
        xdotool("search", "--onlyvisible", "--name", "^红耀台账$", "windowfocus", "--sync")
        xdotool("type", program.environment["HONGYAO_PASSWORD"])
        xdotool("key", "Return")
        wait_until(lambda: shown(" - 红耀台账$"), seconds=30)
        expect(running.poll() is None, "the office did not open")
    finally:
        running.terminate()
        output, _ = running.communicate(timeout=30)
        screen.terminate()
        screen.wait(timeout=30)
    expect(not output, f"opening the window printed\n{output}")
    return seconds


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Ask again and again; fail when the time is over."""
    until = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < until, f"nothing happened for {seconds:.0f} s")
        time.sleep(0.05)


def step(name: str, text: str) -> None:
    """One line for each thing that works."""
    print(f"{name}: {text}", flush=True)


def main() -> int:
    """Run the smoke test; returns the exit code."""
    parser = argparse.ArgumentParser(description="Runs the packed program on a temporary folder.")
    parser.add_argument("program", nargs="?", type=Path, help="the frozen program")
    parser.add_argument("--unfrozen", action="store_true", help="run the module in this environment instead")
    chosen = parser.parse_args()
    if chosen.unfrozen == (chosen.program is not None):
        parser.error("give either the program or --unfrozen")
    if chosen.unfrozen:
        command = [sys.executable, "-X", "utf8", "-m", "hongyao_desktop"]
    else:
        command = [str(chosen.program.resolve())]
    with tempfile.TemporaryDirectory(prefix="hongyao-smoke-") as folder:
        try:
            smoke(Program(command, Path(folder)))
        except (Smoke, subprocess.TimeoutExpired, OSError) as error:
            print(f"FAILED {error}", file=sys.stderr)
            for report in sorted(Path(folder).rglob("crashes/*.txt")):
                print(report.read_text(encoding="utf-8"), file=sys.stderr)
            return 1
    print("the program works")
    return 0


if __name__ == "__main__":
    sys.exit(main())
