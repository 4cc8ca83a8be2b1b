"""Computing the chain anew: operations and images walked side by side, every break named."""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from collections.abc import Callable, Iterator

from hongyao_desktop.store import chain
from hongyao_desktop.store.blocks import IMAGE_BLOCK_SQL, OPERATION_BLOCK_SQL, Block, BlockReader
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.journal import Head, head_of, image_blocks
from hongyao_desktop.store.shapes import Shape

Found = Callable[[str, str], None]
"""Told a stable code and a Chinese sentence."""


class Sums:
    """The running sums of keyed image hashes, by table."""

    def __init__(self, shapes: dict[str, Shape]) -> None:
        self.by_table: dict[bytes, int] = {}
        self._old_shapes = {name.encode(): shape for name, shape in shapes.items() if shape.settled_from}
        # Python keys its own hash of bytes at random for every process; where somebody switched that off, a keyed
        # BLAKE2 takes its place, so that nobody can prepare rows whose sums agree.
        self._hash: Callable[[bytes], int] = hash
        if not sys.flags.hash_randomization:
            key = secrets.token_bytes(16)
            self._hash = lambda data: (
                int.from_bytes(hashlib.blake2b(data, digest_size=8, key=key).digest()) if data else 0
            )

    def of(self, images: list[bytes]) -> int:
        """The sum over the images of rows that are present."""
        return sum(map(self._hash, images))

    def add(self, lines: list[bytes]) -> list[bytes]:
        """Count image lines; returns those that are no image lines at all."""
        sums, number = self.by_table, self._hash
        strange = []
        for line in lines:
            try:
                n, _, table, _, _, before, after = line.split(chain.UNIT)
            except ValueError:
                strange.append(line)
                continue
            if table in self._old_shapes:
                shape = self._old_shapes[table]
                before, after = shape.upgraded(int(n), before), shape.upgraded(int(n), after)
            sums[table] = (
                sums.get(table, 0) + (number(after) if after else 0) - (number(before) if before else 0)
            )
        return strange


class Recount:
    """Walks operations and images side by side and computes the chain anew."""

    def __init__(
        self, reader: BlockReader, head: Head, sums: Sums, found: Found, step: Callable[[int], None]
    ) -> None:
        self._reader = reader
        self._head = head
        self._sums = sums
        self._found = found
        self._step = step
        self._base = chain.hasher(head.algorithm)
        self._images: Iterator[Block] = reader.blocks(IMAGE_BLOCK_SQL)
        self._lines: list[bytes] = []
        self._position = 0
        self.images = 0

    def run(self) -> tuple[int, int]:
        """Walk the whole journal; returns the last operation's number and how many images there are."""
        seq, value, image = 0, "", 0
        for block in self._reader.blocks(OPERATION_BLOCK_SQL):
            for line in block.lines:
                try:
                    number, first, count, digest, prev, said, body = _fields(line)
                except ValueError:
                    self._found("check.operation", f"第 {seq + 1} 号操作的记录格式不对，被改动")
                    continue
                self._check_order(number, seq, prev, value)
                real = self._base.copy()
                real.update(body)
                if real.hexdigest() != said:
                    self._found("check.operation", f"第 {number} 号操作的记录（{_named(body)}）被改动")
                if first != image + 1:
                    self._found("check.images", f"第 {number} 号操作（{_named(body)}）的影像编号不连续")
                self._check_digest(number, count, digest, body)
                seq, value, image = number, said, first + count - 1
            self._step(len(block.lines))
        self._check_end(seq, value)
        return seq, self.images

    def _check_order(self, number: int, before: int, prev: str, value: str) -> None:
        if number != before + 1:
            missing = f"第 {before + 1} 号" if number == before + 2 else f"第 {before + 1} 至 {number - 1} 号"
            self._found("check.missing", f"日志缺少{missing}操作，被人删去")
        elif prev != value:
            self._found("check.order", f"第 {number} 号操作接不上前一号，日志被删改或调换过次序")

    def _check_digest(self, number: int, count: int, digest: str, body: bytes) -> None:
        hasher = self._base.copy()
        taken = 0
        while taken < count:
            if self._position == len(self._lines) and not self._next_block():
                break
            lines = self._lines[self._position : self._position + count - taken]
            if taken:
                hasher.update(chain.RECORD)
            hasher.update(chain.RECORD.join(lines))
            taken += len(lines)
            self._position += len(lines)
        if taken == count and hasher.hexdigest() == digest:
            return
        self._resume_after(number, body)

    def _resume_after(self, number: int, body: bytes) -> None:
        """Say what is wrong with an operation's images, and go on with the first image of a later one."""
        self._found("check.image", f"第 {number} 号操作（{_named(body)}）的影像被改动、删去、插入或调换")
        # The images taken may already be those of later operations: step back within the block as far as possible.
        while self._position and _operation_of(self._lines[self._position - 1]) > number:
            self._position -= 1
        while self._position < len(self._lines) or self._next_block():
            if _operation_of(self._lines[self._position]) > number:
                return
            self._position += 1

    def _next_block(self) -> bool:
        block = next(self._images, None)
        if block is None:
            return False
        self._lines, self._position = block.lines, 0
        self.images += len(block.lines)
        for line in self._sums.add(block.lines):
            self._found("check.image", f"日志影像格式不对：{line[:60].decode(errors='replace')}")
        self._step(len(block.lines))
        return True

    def _check_end(self, seq: int, value: str) -> None:
        head = self._head
        if self._position < len(self._lines) or self._next_block():
            self._found("check.image", "日志末尾有不属于任何操作的影像，末尾的操作被人删去")
            while self._next_block():
                pass
        if head.seq != seq or head.hash != value or head.images != self.images:
            self._found("check.head", f"日志应到第 {head.seq} 号操作，实际到第 {seq} 号，末尾的操作被人删改")


def _fields(line: bytes) -> tuple[int, int, int, str, str, str, bytes]:
    """The parts of an operation's line; raises ValueError for one that somebody put separators into."""
    number, first, count, digest, prev, said, body = line.split(chain.UNIT, 6)
    return (
        int(number),
        int(first),
        int(count),
        digest.decode(errors="replace"),
        prev.decode(errors="replace"),
        said.decode(errors="replace"),
        body,
    )


def _operation_of(line: bytes) -> int:
    parts = line.split(chain.UNIT, 2)
    return int(parts[1]) if len(parts) > 2 and parts[1].isdigit() else 0


def _named(body: bytes) -> str:
    try:
        fields = json.loads(body)
        return f"{fields[1]}，{fields[3]}，{fields[5]}"
    except (ValueError, IndexError, TypeError):
        return "内容不可读"


def tail_fits(connection: Connection, operations: int = 20, images: int = 5000) -> bool:
    """Whether the last few operations are as their chain values say; quick enough for every opening.

    Operations with more than ``images`` images are taken at their own hash: counting them again is the check's work.
    """
    try:
        return _tail_fits(connection, operations, images)
    except (TypeError, ValueError):
        return False  # no version of this program writes what stands there


def _tail_fits(connection: Connection, operations: int, images: int) -> bool:
    head = head_of(connection)
    rows = connection.execute(
        f"SELECT seq, first_image, images, digest, prev, hash, CAST({chain.OPERATION_SQL} AS BLOB)"
        " FROM journal_operation WHERE seq > ? ORDER BY seq DESC",
        (head.seq - operations,),
    ).fetchall()
    if not rows or (rows[0][0], rows[0][5], rows[0][1] + rows[0][2] - 1) != (
        head.seq,
        head.hash,
        head.images,
    ):
        return False
    for number, (_, first, count, digest, prev, value, body) in enumerate(rows):
        if chain.operation_hash(head.algorithm, body) != value:
            return False
        if number + 1 < len(rows) and rows[number + 1][5] != prev:
            return False
        if count <= images:
            hasher = chain.hasher(head.algorithm)
            hasher.update(chain.RECORD.join(image_blocks(connection, first - 1, first + count - 1)))
            if hasher.hexdigest() != digest:
                return False
    return True
