"""Records as JSON: fast where a record holds plain values, and right where it does not."""

import json
from typing import Any, Dict, Mapping

from tocsin._values import plain

_encode_fast = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=plain, check_circular=False).encode

Record = Dict[str, Any]


def encoded(record: Record) -> bytes:
    """One record as JSON in UTF-8. NaN and infinities are null. Raises TypeError or ValueError for what no record may hold."""
    try:
        return _encode_fast(record).encode("ascii")
    except (ValueError, TypeError, OverflowError):
        return _encode_fast(_cleaned(record)).encode("ascii")


def _cleaned(record: Mapping[Any, Any]) -> Record:
    return {
        str(name): _cleaned(value)
        if isinstance(value, Mapping)
        else [plain(one) for one in value]
        if isinstance(value, list)
        else plain(value)
        for name, value in record.items()
    }
