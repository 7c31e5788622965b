"""What waits to be sent."""

from typing import Callable, Iterator, NamedTuple, Union

from tocsin._json import Record


class Records(NamedTuple):
    """Records of one call, which share requests with others to the same place."""

    path: str
    rows: int
    nbytes: int
    read: Callable[[], Iterator[Record]]
    """Makes the records, in the thread that sends."""

    @property
    def lane(self) -> str:
        return self.path


class Message(NamedTuple):
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
