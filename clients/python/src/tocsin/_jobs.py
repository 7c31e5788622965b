"""What waits to be sent."""

from dataclasses import dataclass
from typing import Callable, Iterator, Union

from tocsin._json import Record


@dataclass(frozen=True)
class Records:
    """Records of one call, which share requests with others to the same place."""

    path: str
    rows: int
    nbytes: int
    read: Callable[[], Iterator[Record]]
    """Makes the records, in the thread that sends."""

    @property
    def lane(self) -> str:
        return self.path


@dataclass(frozen=True)
class Message:
    """A request of its own, such as a report of a job."""

    lane: str
    """What is sent one after another, so that the reports of a job come in their order."""
    path: str
    nbytes: int
    body: Callable[[], bytes]
    content_type: str = "application/json"

    @property
    def rows(self) -> int:
        return 1


Job = Union[Records, Message]
