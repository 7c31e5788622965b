"""What became of what was to be sent."""

from dataclasses import dataclass, field
from typing import Dict


@dataclass
class Stats:
    """Counts since the process began, in records: a prediction, a label, a change, a report of a job or a training is one each.

    Every record ends in exactly one of ``sent``, ``rejected`` and ``dropped``; those that have not ended are ``pending``.
    """

    queued: int = 0
    """Handed over by callers."""
    sent: int = 0
    """The server has them."""
    rejected: int = 0
    """The server, or the encoder, refused them alone, such as a prediction that is no number."""
    dropped: Dict[str, int] = field(default_factory=dict)
    """Lost, by why: ``queue full``, ``refused``, ``too old``, ``closed``, ``not sent at exit``, ``error``."""
    pending: int = 0
    retries: int = 0
    """Requests that were sent again."""

    @property
    def lost(self) -> int:
        return sum(self.dropped.values())

    def drop(self, reason: str, records: int) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + records

    def copy(self) -> "Stats":
        return Stats(self.queued, self.sent, self.rejected, dict(self.dropped), self.pending, self.retries)
