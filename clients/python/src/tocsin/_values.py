"""What a value of Python, numpy, pandas or polars is in JSON."""

import datetime
import decimal
import enum
import math
import numbers
import uuid
from typing import Any, Optional, Union

Scalar = Union[str, int, float, bool, None]

# The server reads numbers up to 1e100; Python refuses to print integers of more than 4,300 digits.
_largest = 10**100


def plain(value: Any) -> Scalar:
    """A feature, prediction or label as a text, a finite number, true, false or nothing.

    NaN, infinities, ``pandas.NA`` and ``NaT`` are nothing. Integers keep every digit. Decimals and fractions become floats. Times
    become ISO 8601 text (UTC where they have a zone), durations seconds, bytes UTF-8 text or else hexadecimal digits. Raises
    TypeError for what is no single value, such as a list.
    """
    if value is None or type(value) in (bool, str):
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        # Without a subclass: `numpy.str_`, or an enumeration of texts, whose value is meant.
        return plain(value.value) if isinstance(value, enum.Enum) else str.__str__(value)
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, int):
        return int(value) if abs(value) <= _largest else None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime.datetime):
        return _iso(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() if value == value else None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _text_of(bytes(value))
    if isinstance(value, decimal.Decimal):
        # A signalling NaN raises where it is made a float.
        return plain(float(value)) if value.is_finite() else None
    if isinstance(value, uuid.UUID):
        return str(value)
    # numpy scalars, tensors of one element.
    if hasattr(value, "item") and getattr(value, "size", 1) == 1:
        return _of_numpy(value)
    if isinstance(value, numbers.Real):
        return plain(float(value))
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    raise TypeError(f"expected a text, number, true, false or a time; received {type(value).__name__}")


def _of_numpy(value: Any) -> Scalar:
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "M":
        # Of nanoseconds, `item` gives an integer.
        text = str(value)
        return None if text == "NaT" else text
    if kind == "m":
        return None if str(value) == "NaT" else float(value / type(value)(1, "s"))
    item = value.item()
    if isinstance(item, type(value)):
        # A long double is its own item.
        return plain(float(item))
    return plain(item)


def _iso(value: datetime.datetime) -> Optional[str]:
    # NaT is a datetime that equals nothing.
    if value != value:
        return None
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def _text_of(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()


def id_text(value: Any) -> Optional[str]:
    """The text of an id or version: 64-bit integers keep their digits, 3.0 of a column with gaps is 3; nothing for a missing one."""
    one = plain(value)
    if one is None or one == "":
        return None
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, float) and one.is_integer():
        return str(int(one))
    return str(one)


def milliseconds(value: Union[datetime.datetime, float, int, str, None]) -> Union[int, str, None]:
    """A time as the server reads it: a datetime (without a zone: local time, as in Python), seconds since the epoch, or ISO 8601 text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return None if value != value else int(value.timestamp() * 1000)
    if isinstance(value, datetime.date):
        return value.isoformat()
    seconds = plain(value)
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool):
        return int(seconds * 1000)
    return seconds if isinstance(seconds, str) else None
