"""Identifiers of records: UUID version 7 as lower-case text (RFC 9562 section 5.7).

The first 48 bits are the millisecond, so records sort by the order they were made in and new rows are written at the
end of the index. A person is never identified by a document number.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from hongyao_desktop.core.clock import Clock

# The 12 bits of rand_a count within one millisecond; the counter starts in its lower half so that it has room.
_COUNTER_LIMIT = 0x1000
_SEED_BITS = 11


def _random_bits(count: int) -> int:
    """Up to 64 bits from the system's source of randomness."""
    return int.from_bytes(os.urandom(8), "big") >> (64 - count)


class IdMaker:
    """Makes identifiers that only ever rise.

    When the clock stands still or goes back, the last millisecond is kept and a counter is raised; when the counter is
    full, the next millisecond is borrowed. So order holds even when the clock was corrected while the program ran.
    """

    def __init__(self, randbits: Callable[[int], int] = _random_bits) -> None:
        self._randbits = randbits
        self._lock = threading.Lock()
        self._last_ms = -1
        self._counter = 0

    def make(self, clock: Clock) -> str:
        """A new identifier, greater than every one made before by this maker."""
        now_ms = int(clock.now().timestamp() * 1000)
        with self._lock:
            if now_ms > self._last_ms:
                self._last_ms = now_ms
                self._counter = self._randbits(_SEED_BITS)
            else:
                self._counter += 1
                if self._counter >= _COUNTER_LIMIT:
                    self._last_ms += 1
                    self._counter = self._randbits(_SEED_BITS)
            number = (
                (self._last_ms & 0xFFFF_FFFF_FFFF) << 80
                | 0x7 << 76
                | self._counter << 64
                | 0b10 << 62
                | self._randbits(62)
            )
        digits = f"{number:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_maker = IdMaker()


def new_id(clock: Clock) -> str:
    """A new identifier, greater than every one this process made before."""
    return _maker.make(clock)
