"""From where somebody asks, as far as a limit has to tell: places without names, soon forgotten.

No address is kept. What stands in memory is a hash under a key that nobody knows and that is thrown
away every few minutes, and only for as long as that place has asked more than its share. See
docs/decisions/rate-limits.md.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from werkzeug.wrappers import Request

KEY_SECONDS: Final = 600.0
"""After how long places are hashed under another key."""
KEY_BYTES: Final = 32
PLACE_BYTES: Final = 16
MOST_PLACES: Final = 4096
"""Places that are counted at the same time in one process; a flood from more of them is none that
this can stop."""
CLEAN_SECONDS: Final = 1.0
IPV6_PREFIX: Final = 56
"""Bits of an IPv6 address that are one place: what a household is given (RFC 6177 §2)."""
MOST_PROXIES: Final = 9

Clock = Callable[[], float]


class Places:
    """Gives each address a name of its own for some minutes.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._renew()

    def _renew(self) -> None:
        self._key, self._until = secrets.token_bytes(KEY_BYTES), self._clock() + KEY_SECONDS

    def place(self, address: str) -> bytes | None:
        """The place of an address; None when the address tells nobody apart.

        Args:
            address: an IP address as text, or anything else that a request said.
        """
        network = _network(address)
        if network is None:
            return None
        with self._lock:
            if self._clock() >= self._until:
                self._renew()
            key = self._key
        return hashlib.blake2b(network, key=key, digest_size=PLACE_BYTES).digest()


class Allowance:
    """How much each place may ask: some at once, then one more every so many seconds.

    Of a place there is one number, the moment from which it is as if it had never asked; then it is
    removed.

    Args:
        spare: how much a place may ask at once.
        again_seconds: after how long it may ask once more.
        clock: seconds that only grow.

    Source: the generic cell rate algorithm (ITU-T I.371, annex A).
    """

    def __init__(self, spare: int, again_seconds: float, clock: Clock = time.monotonic) -> None:
        self._again = again_seconds
        self._most = spare * again_seconds
        self._clock = clock
        self._forgotten_at: dict[bytes, float] = {}
        self._clean_at = clock() + CLEAN_SECONDS
        self._lock = threading.Lock()

    def take(self, place: bytes) -> bool:
        """Count one more of a place; whether it is within what the place may ask."""
        with self._lock:
            now = self._clock()
            full = place not in self._forgotten_at and len(self._forgotten_at) >= MOST_PLACES
            if full or now >= self._clean_at:
                self._clean(now)
            if full and len(self._forgotten_at) >= MOST_PLACES:
                return True
            after = max(now, self._forgotten_at.get(place, now)) + self._again
            if after - now > self._most + self._again / 2:  # half a step: fractions add up
                return False
            self._forgotten_at[place] = after
            return True

    def _clean(self, now: float) -> None:
        self._clean_at = now + CLEAN_SECONDS
        kept = {place: moment for place, moment in self._forgotten_at.items() if moment > now}
        self._forgotten_at = kept

    def __len__(self) -> int:
        """How many places are counted at the moment."""
        return len(self._forgotten_at)


def address_of(asked: Request, proxies: int) -> str:
    """The address that a limit may go by; empty when it tells nobody apart.

    Args:
        asked: the request.
        proxies: how many web servers in front of this one write `X-Forwarded-For`. What stands in
            it before their entries may be anybody's invention.

    Without such a server, only an address of the public network is one person's or one group's:
    a private one may be a server in front that nobody told us of, and thus everybody.
    """
    if proxies:
        entries = asked.headers.get("X-Forwarded-For", "").split(",")
        return entries[-proxies].strip() if len(entries) >= proxies else ""
    address = _parsed(asked.remote_addr or "")
    return str(address) if address is not None and address.is_global else ""


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _network(address: str) -> bytes | None:
    """What of an address is one place. This machine itself is a server in front, or Tor."""
    parsed = _parsed(address)
    if parsed is None or parsed.is_loopback or parsed.is_unspecified:
        return None
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.packed
    return parsed.packed[: IPV6_PREFIX // 8]
