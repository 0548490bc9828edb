"""HTTPS in front of a server that speaks HTTP, as a proxy in front of Heard does it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from .certificate import Certificate, certificate

AT_ONCE = 64 * 1024


@contextmanager
def https_relay(port: int, made: Certificate | None = None) -> Iterator[int]:
    """Take HTTPS on a port of its own and pass what comes to another port, byte by byte.

    Args:
        port: where the server listens, on 127.0.0.1.
        made: the certificate to show, by default the one that all tests share.

    Yields the port that speaks HTTPS.
    """
    loop = asyncio.new_event_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown = made or certificate()
    context.load_cert_chain(shown.certificate, shown.key)

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pump(reader, back), _pump(there, writer))

    listening = loop.run_until_complete(asyncio.start_server(pass_on, "127.0.0.1", 0, ssl=context))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_break_off(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _break_off(listening: asyncio.Server) -> None:
    """Take no new connections, and end those that browsers still hold open."""
    listening.close()
    open_ones = asyncio.all_tasks() - {asyncio.current_task()}
    for task in open_ones:
        task.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(AT_ONCE):
            target.write(piece)
            await target.drain()
    with suppress(OSError):
        target.close()
