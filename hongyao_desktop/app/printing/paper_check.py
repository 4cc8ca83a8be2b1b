"""Matching a paper with its file (``hongyao check --paper``): was it printed from here, from which state, as it was?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from hongyao_desktop.app.printing.print_runs import run_of_digest, runs_of_content
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.paper.stamp import read_stamp

PAPER_PASSWORD_VARIABLE = "HONGYAO_PAPER_PASSWORD"  # noqa: S105 - the variable's name, not a password


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """What a paper says of itself and what the file says of it: sentences, and what does not fit."""

    title: str
    head: str
    told: tuple[str, ...]
    findings: tuple[Problem, ...]


def check_paper(reader: Reader, pdf: Path, password: str = "") -> PaperCheck:
    """Hold a PDF against the journal and the print runs. Raises PaperError for a file that is no PDF or locked."""
    stamp = read_stamp(pdf, password)
    if not stamp.chain_head:
        wrong = f"“{pdf.name}”里没有核验码，不是本程序打印的材料，或已被别的软件另存"
        return PaperCheck(stamp.title, "", (), (_wrong("paper.no_code", wrong),))
    told: list[str] = []
    findings: list[Problem] = []
    operation = reader.one("SELECT seq, at FROM journal_operation WHERE hash = ?", (stamp.chain_head,))
    if operation is None:
        sentence = f"“{pdf.name}”的核验码 {stamp.chain_head[:12]} 不在这个台账的日志里，不是从这个台账打印的"
        findings.append(_wrong("paper.head", sentence))
    else:
        told.append(f"核验码对应台账第 {operation['seq']:,} 次操作之后的状态（{_moment(operation['at'])}）")
        _runs(reader, pdf, stamp.checksum, told, findings)
    return PaperCheck(stamp.title, stamp.chain_head, tuple(told), tuple(findings))


def _runs(reader: Reader, pdf: Path, checksum: str, told: list[str], findings: list[Problem]) -> None:
    run = run_of_digest(reader, hashlib.sha256(pdf.read_bytes()).hexdigest())
    if run is not None:
        told.append(
            f"与打印记录一致：{run['operator']} {_moment(run['printed_at'])} 打印，{run['form']}，"
            f"用途{Purpose(run['purpose']).label}，{run['line_count']:,} 行，打印后没有改动"
        )
        return
    same = runs_of_content(reader, checksum) if checksum else []
    if same:
        when = f"{same[0]['operator']} {_moment(same[0]['printed_at'])}"
        sentence = f"这个文件与 {when} 打印的那一份不完全相同，可能被改过或另存过，请用 --reprint 重印后对照"
        findings.append(_wrong("paper.changed", sentence))
    else:
        sentence = "打印记录里没有这份材料，内容可能被改过，或打印时没有登记，请重新打印后对照"
        findings.append(_wrong("paper.unknown", sentence))


def _moment(text: str) -> str:
    return str(text)[:16].replace("T", " ")


def _wrong(code: str, message: str) -> Problem:
    return Problem(Level.ERROR, code, message)
