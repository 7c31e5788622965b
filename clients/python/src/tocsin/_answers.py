"""What an answer of the server means for what was sent."""

import email.utils
import json
import time
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Union

_longest_wait = 300.0
_longest_text = 300
_no_json = "it answered with something that is not JSON, so perhaps it is not Tocsin"


@dataclass(frozen=True)
class Taken:
    """The server has all but `rejected` records; `reason` is of the first of them."""

    rejected: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Retry:
    """Not now."""

    reason: str
    after: Optional[float] = None
    """Seconds, if the server said so."""


@dataclass(frozen=True)
class Refused:
    """Sending the same again fails again."""

    reason: str
    is_key: bool = False
    """The key is missing, wrong or not allowed to send this: all that follows fails as well."""


Outcome = Union[Taken, Retry, Refused]


def outcome_of(status: int, headers: Mapping[str, str], body: bytes, records: int) -> Outcome:
    """What became of a request with so many records."""
    answer = _object_in(body)
    if status == 200:
        return Retry(_no_json) if answer is None else _taken(answer, records)
    reason = f"{status}: {_error_in(answer) or 'no reason is given'}"
    if status in (408, 425, 429) or status >= 500:
        return Retry(reason, _seconds_in(_header(headers, "retry-after")))
    if status == 400 and answer is not None and isinstance(answer.get("rejected"), int):
        return Taken(min(records, max(0, answer["rejected"])), _first_reason(answer))
    if 300 <= status < 400:
        reason = f"{status}: it sends elsewhere, which is not followed for the sake of the key; give the address itself as URL"
    return Refused(reason, is_key=status in (401, 403))


def printable(text: str) -> str:
    """One line of what somebody else wrote, short enough for a log."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _longest_text else f"{line[:_longest_text]}..."


def _header(headers: Mapping[str, str], name: str) -> Optional[str]:
    return next((value for given, value in headers.items() if given.lower() == name), None)


def _taken(answer: Mapping[str, Any], records: int) -> Taken:
    rejected = answer.get("rejected", 0)
    count = rejected if isinstance(rejected, int) and not isinstance(rejected, bool) else 0
    return Taken(min(records, max(0, count)), _first_reason(answer))


def _object_in(body: bytes) -> Optional[Mapping[str, Any]]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _error_in(answer: Optional[Mapping[str, Any]]) -> str:
    error = None if answer is None else answer.get("error")
    return printable(error) if isinstance(error, str) else ""


def _first_reason(answer: Mapping[str, Any]) -> str:
    rejections = answer.get("rejections")
    first = rejections[0] if isinstance(rejections, list) and rejections else None
    reason = first.get("reason") if isinstance(first, dict) else None
    return printable(reason) if isinstance(reason, str) else ""


def _seconds_in(text: Optional[str]) -> Optional[float]:
    """Of a header `Retry-After`, in seconds or as a date; never more than five minutes."""
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(text).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(0.0, seconds), _longest_wait) if seconds == seconds else None
