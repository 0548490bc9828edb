"""Whether Heard learns from where people ask: what a server in front writes, and HEARD_PROXIES.

Heard believes as many entries of X-Forwarded-For as HEARD_PROXIES says, counted from the end
(docs/decisions/rate-limits.md).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..notes import Note

SEEN = ("$remote_addr", "$realip_remote_addr", "$binary_remote_addr")
APPENDED = "$proxy_add_x_forwarded_for"


def nginx_forwards(place: str, value: str | None, proxies: int | None) -> Iterator[Note]:
    """Yield what there is to say about one place of nginx that passes requests on.

    Args:
        place: the file and the line.
        value: what it writes into X-Forwarded-For; None when it lets pass what a browser says.
        proxies: HEARD_PROXIES; None when that is not known.
    """
    setting = "proxy_set_header X-Forwarded-For $remote_addr;"
    if value is None:
        if proxies:
            message = f"{place}: HEARD_PROXIES is {proxies}, and what a browser says of where it"
            yield Note("wrong", f"{message} is passes unchanged. Write {setting}")
        else:
            message = f"{place}: no flood can be told from everybody else. Write {setting}"
            yield Note("waits", f"{message} and set HEARD_PROXIES=1.")
    elif value == "":
        return  # as over Tor, where nobody comes from anywhere
    elif value not in (*SEEN, APPENDED):
        message = f"{place}: {value} is what a browser says of where it is, which may be anything."
        yield Note("wrong", f"{message} Write {setting}")
    else:
        yield from _counted(place, value == APPENDED, proxies, f"Write {setting}")


def caddy_forwards(place: str, appends: bool, proxies: int | None) -> Iterator[Note]:
    """Yield what there is to say about one `reverse_proxy` of Caddy, which writes by itself.

    Args:
        place: the file and the line.
        appends: whether it keeps entries of servers that it trusts.
        proxies: HEARD_PROXIES; None when that is not known.
    """
    yield from _counted(place, appends, proxies, "Take trusted_proxies out.")


def _counted(place: str, appends: bool, proxies: int | None, otherwise: str) -> Iterator[Note]:
    if proxies == 0:
        message = f"{place}: it says where people come from, and HEARD_PROXIES is 0: no flood can"
        yield Note("wrong", f"{message} be told from everybody else. Set HEARD_PROXIES=1.")
    elif appends and proxies is not None:
        before = proxies - 1
        message = f"{place}: what it saw is added to what came. That is right when {before}"
        advice = f"other web servers stand before it and each adds its own. Else: {otherwise}"
        yield Note("waits", f"{message} {advice} HEARD_PROXIES=1.")
    elif proxies is not None and proxies > 1:
        message = f"{place}: HEARD_PROXIES is {proxies}, and there is one entry: no flood can be"
        yield Note("wrong", f"{message} told from everybody else. Set HEARD_PROXIES=1.")
