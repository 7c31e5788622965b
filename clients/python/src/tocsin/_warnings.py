"""Warnings that a log can stand: each once, and lost records once a minute."""

import logging
import time
from typing import Dict, Optional, Set

logger = logging.getLogger("tocsin")

_most_kinds = 200
_seconds_between = 60.0


class Warnings:
    def __init__(self) -> None:
        self._said: Set[str] = set()
        self._reported: Dict[str, int] = {}
        self._reported_at: Optional[float] = None

    def once(self, kind: str, message: str, *values: object) -> None:
        """Logs a warning, unless one of this kind was logged before."""
        if kind in self._said or len(self._said) >= _most_kinds:
            return
        self._said.add(kind)
        logger.warning(message, *values)

    def again(self, kind: str) -> bool:
        """What was wrong is over: it is told of again. Whether it had been."""
        if kind not in self._said:
            return False
        self._said.discard(kind)
        return True

    def lost(self, dropped: Dict[str, int], is_last: bool = False) -> None:
        """Logs what was lost since the last time, at most once a minute."""
        now = time.monotonic()
        new = {reason: count - self._reported.get(reason, 0) for reason, count in dropped.items()}
        new = {reason: count for reason, count in new.items() if count > 0}
        if not new or (not is_last and self._reported_at is not None and now - self._reported_at < _seconds_between):
            return
        self._reported, self._reported_at = dict(dropped), now
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(new.items()))
        logger.warning(
            "%d records for Tocsin were lost: %s. The model is not affected; tocsin.stats() counts them", sum(new.values()), why
        )
