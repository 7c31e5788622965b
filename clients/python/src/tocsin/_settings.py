"""Where to send, and how much may wait."""

import os
import ssl
import string
from dataclasses import dataclass, field
from typing import Optional
from urllib.parse import urlsplit


class SettingsError(ValueError):
    """What is wrong with a setting. Never holds the key."""


@dataclass(frozen=True)
class Settings:
    url: str
    key: Optional[str] = field(default=None, repr=False)
    ca: Optional[str] = None
    """A file of certificates in PEM, in place of those of the system."""
    timeout: float = 10.0
    """Seconds that a server may stay silent."""
    interval: float = 1.0
    """Seconds for which records wait for others, to be sent together."""
    max_records: int = 100_000
    max_bytes: int = 64 * 1024 * 1024
    """What waits at most; what comes above is dropped, and counted."""
    flush_timeout: float = 5.0
    """Seconds that the end of a process may take longer, so that what waits is sent."""

    def checked(self) -> "Settings":
        """The same, if all but the file of certificates is well, which is read where it is used. Raises SettingsError."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError("the URL is none: expected one such as http://127.0.0.1:4319 or https://ingest.example")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise SettingsError(
                "the URL holds a password or a query: give the key as key= or TOCSIN_INGEST_KEY, and the address alone as URL"
            )
        try:
            parts.port  # noqa: B018, reading it checks it
        except ValueError:
            raise SettingsError("the port in the URL is none") from None
        if any(character not in _printed for character in self.url):
            raise SettingsError("the URL holds a space or another character that no URL has")
        if self.key is not None and (self.key == "" or any(character not in _printed for character in self.key)):
            raise SettingsError("the key is empty or holds a space, a line break or what is not ASCII: copy it again")
        for name in ("timeout", "interval", "max_records", "max_bytes", "flush_timeout"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise SettingsError(f"{name}: expected a number above 0; received {value!r}")
        return self

    def tls(self) -> ssl.SSLContext:
        """Checks certificates with `ca`, or with what the system or SSL_CERT_FILE names. Raises SettingsError."""
        try:
            return ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(f"the file of certificates {self.ca} cannot be read: {error}") from None

    @property
    def is_key_in_clear(self) -> bool:
        """Whether the key goes over the network for everybody to read."""
        parts = urlsplit(self.url)
        is_local = parts.hostname in ("localhost", "::1") or (parts.hostname or "").startswith("127.")
        return self.key is not None and parts.scheme == "http" and not is_local


_printed = frozenset(string.ascii_letters + string.digits + string.punctuation)


def is_switched_off() -> bool:
    return os.environ.get("TOCSIN_DISABLED", "").lower() not in ("", "0", "false", "no")


def from_environment(name: str) -> Optional[str]:
    """TOCSIN_INGEST_URL, or TOCSIN_URL, by which the command line finds a service; the same for the key."""
    for variable in (f"TOCSIN_INGEST_{name}", f"TOCSIN_{name}"):
        value = os.environ.get(variable, "").strip()
        if value:
            return value
    return None
