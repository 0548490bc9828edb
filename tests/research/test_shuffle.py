"""The order of the rows says nothing of the ids."""

from __future__ import annotations

import os

from app.research.shuffle import Shuffle


def ids(number: int) -> list[bytes]:
    return [each.to_bytes(16, "big") for each in range(number)]


def test_each_id_comes_once() -> None:
    with Shuffle() as shuffle:
        shuffle.add(ids(100))
        shuffle.add(ids(150))

        assert len(shuffle) == 150
        assert sorted(shuffle) == ids(150)


def test_the_order_is_another_each_time() -> None:
    orders = []
    for _ in range(2):
        with Shuffle() as shuffle:
            shuffle.add(ids(100))
            orders.append(list(shuffle))

    assert orders[0] != orders[1]
    assert ids(100) not in orders


def test_every_place_is_as_likely_for_every_id() -> None:
    first = [0] * 4
    for _ in range(400):
        with Shuffle() as shuffle:
            shuffle.add(ids(4))
            first[next(iter(shuffle))[-1]] += 1

    # 100 each, give or take six standard deviations of 8.7.
    assert all(48 <= count <= 152 for count in first)


def test_what_is_kept_for_sorting_does_not_hold_the_ids() -> None:
    secret = os.urandom(16)
    with Shuffle() as shuffle:
        shuffle.add([secret, *ids(10)])

        image = shuffle._connection.serialize()

    assert secret not in image
    assert len(image) > 500
