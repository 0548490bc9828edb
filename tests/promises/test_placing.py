"""Each kind of place is one that a program may keep: where all is kept, each mark is found."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from tests.place import Place

from .placing import KINDS, RAW, place_everywhere
from .scan import search
from .story import Story


@contextmanager
def keeping_everything(base: str, kept: Path) -> Iterator[str]:
    """A proxy in front of a site that writes down each byte that people send."""
    site = urlsplit(base)
    listening = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, target: socket.socket, keep: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if keep:
                    with kept.open("ab") as file:
                        file.write(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def listen() -> None:
        with suppress(OSError):
            while True:
                person, _ = listening.accept()
                there = socket.create_connection((site.hostname or "", site.port or 0))
                for pair in ((person, there, True), (there, person, False)):
                    Thread(target=pump, args=pair, daemon=True).start()

    Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()


def test_a_leak_of_each_kind_of_place_is_found(place: Place, tmp_path: Path) -> None:
    story = Story(tmp_path)
    with keeping_everything(place.demo.base, tmp_path / "kept") as base:
        place_everywhere(story.mark, base, place.code())

    found = {one.name for one in search(tmp_path, story.marks)}

    assert found == {f"placed: {kind}" for kind in (*KINDS, *RAW)}
