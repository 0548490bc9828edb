"""Places without names: what tells people apart, how much one may ask, and when it is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from app.web.places import KEY_SECONDS, MOST_PLACES, Allowance, Places, address_of

HERE, THERE = b"one place", b"another"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def asked(peer: str | None, *forwarded: str) -> Request:
    environ = EnvironBuilder(headers=[("X-Forwarded-For", line) for line in forwarded])
    found = environ.get_environ()
    found.pop("REMOTE_ADDR", None)
    if peer is not None:
        found["REMOTE_ADDR"] = peer
    return Request(found)


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("1.2.3.4", [], 0, "1.2.3.4"),
        ("1.2.3.4", ["9.9.9.9"], 0, "1.2.3.4"),  # anybody can write that
        ("127.0.0.1", ["9.9.9.9"], 0, ""),  # a server in front that nobody told us of, or Tor
        ("172.18.0.5", [], 0, ""),  # the same, in a container beside
        ("fd00::1", [], 0, ""),
        ("::ffff:1.2.3.4", [], 0, "1.2.3.4"),
        ("", [], 0, ""),  # a Unix socket
        (None, [], 0, ""),
        ("127.0.0.1", ["9.9.9.9"], 1, "9.9.9.9"),
        ("127.0.0.1", ["1.1.1.1, 9.9.9.9"], 1, "9.9.9.9"),  # the first one is an invention
        ("127.0.0.1", ["1.1.1.1", "9.9.9.9"], 1, "9.9.9.9"),
        ("127.0.0.1", ["1.1.1.1, 9.9.9.9,8.8.8.8"], 2, "9.9.9.9"),
        ("127.0.0.1", ["9.9.9.9"], 2, ""),
        ("127.0.0.1", [], 1, ""),
        ("127.0.0.1", ["192.168.1.7"], 1, "192.168.1.7"),  # one device of many in a house
    ],
)
def test_the_address_that_counts(
    peer: str | None, forwarded: list[str], proxies: int, address: str
) -> None:
    assert address_of(asked(peer, *forwarded), proxies) == address


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1", "::1", "::", "unknown", "_hidden", "1.2.3", "a" * 9999, "\x00"],
)
def test_what_tells_nobody_apart_is_no_place(address: str) -> None:
    assert Places().place(address) is None


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_none(address: str) -> None:
    assert len(Places().place(address) or bytes(16)) == 16


def test_a_place_is_one_address_or_one_household() -> None:
    places = Places()

    assert places.place("9.9.9.9") == places.place("9.9.9.9") == places.place("::ffff:9.9.9.9")
    assert places.place("9.9.9.9") != places.place("9.9.9.8")
    assert places.place("2001:db8:1:ff00::1") == places.place("2001:db8:1:ffff:aaaa::2")
    assert places.place("2001:db8:1:fe00::1") != places.place("2001:db8:1:ff00::1")


def test_nobody_can_tell_the_address_from_the_place_and_the_key_goes_away() -> None:
    clock = Clock()
    places, others = Places(clock), Places(clock)
    before = places.place("9.9.9.9")

    assert before != others.place("9.9.9.9")
    clock.seconds += KEY_SECONDS - 1
    assert places.place("9.9.9.9") == before
    clock.seconds += 2
    assert places.place("9.9.9.9") != before
    kept = repr(vars(places))
    assert "9.9.9.9" not in kept
    assert repr(bytes([9] * 4))[2:-1] not in kept


def test_a_place_may_ask_so_much_at_once_and_more_as_time_passes() -> None:
    clock = Clock()
    allowance = Allowance(3, 2.0, clock)

    assert [allowance.take(HERE) for _ in range(5)] == [True, True, True, False, False]
    clock.seconds += 2
    assert [allowance.take(HERE) for _ in range(2)] == [True, False]
    clock.seconds += 86_400
    assert [allowance.take(HERE) for _ in range(4)] == [True, True, True, False]


def test_a_flood_from_one_place_takes_nothing_from_another() -> None:
    allowance = Allowance(3, 2.0, Clock())

    while allowance.take(HERE):
        pass

    assert [allowance.take(THERE) for _ in range(3)] == [True] * 3


@pytest.mark.parametrize("spare", [1, 7, 120, 1500])
@pytest.mark.parametrize("again", [0.04, 0.1, 1.0, 2.0])
def test_fractions_of_seconds_do_not_add_up_to_less(spare: int, again: float) -> None:
    allowance = Allowance(spare, again, Clock())

    assert sum(allowance.take(HERE) for _ in range(spare + 10)) == spare


def test_a_place_is_forgotten_as_soon_as_it_asked_no_more_than_its_share() -> None:
    clock = Clock()
    allowance = Allowance(3, 2.0, clock)
    for _ in range(3):
        allowance.take(HERE)
    assert len(allowance) == 1

    clock.seconds += 6.5
    allowance.take(THERE)

    assert len(allowance) == 1
    assert "one place" not in repr(vars(allowance))


def test_ten_thousand_places_at_once_need_no_more_room_and_stop_nobody() -> None:
    clock = Clock()
    allowance = Allowance(3, 2.0, clock)

    for number in range(10_000):
        assert allowance.take(str(number).encode())

    assert len(allowance) == MOST_PLACES
    clock.seconds += 10
    assert allowance.take(HERE)
    assert len(allowance) == 1
