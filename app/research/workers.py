"""Opening in several processes: the key goes to each in memory, never through a file."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread, active_count
from typing import Final, NamedTuple, TypeAlias

from app.consultation import Definition
from app.sealing import PrivateKey, ScratchKey

from .bundle import Bundle, open_bundle
from .codebook import Codebook
from .opening import Batch, Opener, Scratch

FEWEST: Final = 2_000
"""Responses for which starting processes, which can take a second, is worth while."""

_WAITING: Final = 3  # batches for each process that may lie around: bounds the memory

_FOR_THE_STARTER: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl+C and a closed terminal."""

Wait: TypeAlias = Callable[[], None]


class Hands(NamedTuple):
    """What the processes do: open lists of ids, and something else while this one goes on.

    `open` gives one batch for each list, in their order. `beside` calls a function that can be
    imported by its name with arguments that can be handed over, and returns what waits for it.
    """

    open: Callable[[Iterator[list[bytes]]], Iterator[Batch]]
    beside: Callable[..., Wait]


class Stopped(Exception):
    """A process that opened responses was ended from outside, or its files were changed."""


@dataclass(frozen=True)
class Workers:
    """How many processes open responses, and what each does first.

    `prepare` is a function that can be imported by its name; it keeps the memory of the process
    out of files.
    """

    count: int = 1
    prepare: Callable[[], None] | None = None


@dataclass(frozen=True)
class _Work:
    """What a process needs; it is handed over in memory."""

    paths: tuple[Path, ...]
    seed: bytes = field(repr=False)
    definitions: Mapping[str, Definition]
    codebook: Codebook
    prepare: Callable[[], None] | None
    folder: Path
    secret: bytes = field(repr=False)
    heaps: int


_opener: Opener | None = None  # of a working process


@contextmanager
def opening(
    bundles: Sequence[Bundle],
    key: PrivateKey,
    definitions: Mapping[str, Definition],
    codebook: Codebook,
    workers: Workers,
    *,
    scratch: Scratch,
    meanwhile: Callable[[], None],
) -> Iterator[Hands]:
    """Give what opens responses; what is in them comes to lie in the folder for scratch.

    What is needed later is loaded by `meanwhile`, while other processes open.

    Raises (while it works): Stopped.
    """
    responses = sum(bundle.manifest.count for bundle in bundles)
    if workers.count == 1 or responses < FEWEST:
        opener = Opener(bundles, key, definitions, codebook, scratch)
        try:
            yield Hands(lambda lists: map(opener.open, lists), _at_once)
        finally:
            opener.close()
        return
    paths = tuple(bundle.path for bundle in bundles)
    ours = (scratch.folder, scratch.key.secret, scratch.heaps)
    work = _Work(paths, key.seed, definitions, codebook, workers.prepare, *ours)
    import app.consultation.identifying  # noqa: F401, PLC0415  # once, rather than in each

    # A copy has everything at once; but one of a process with threads can stand still.
    method = "fork" if sys.platform == "linux" and active_count() == 1 else "spawn"
    pool = ProcessPoolExecutor(workers.count, get_context(method), _begin, (work,))
    loading = Thread(target=meanwhile)
    try:
        with _no_signal_goes_to_both():
            pool.submit(_nothing)  # starts the copies now, before there are threads
        loading.start()
        most = workers.count * _WAITING
        yield Hands(lambda lists: _in_turn(pool, lists, most), partial(_beside, pool))
    except BrokenProcessPool:
        raise Stopped(
            "A part of the work was stopped from outside. Run the command again."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
        if loading.is_alive():
            loading.join()


@contextmanager
def _no_signal_goes_to_both() -> Iterator[None]:
    """Hold back signals while processes start, until each has said what it does about them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (*_FOR_THE_STARTER, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_signals_to_the_other() -> None:
    """Only the process that started this one tidies up; a request to end ends this one at once."""
    for each in _FOR_THE_STARTER:
        signal.signal(each, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (*_FOR_THE_STARTER, signal.SIGTERM))


def _in_turn(pool: ProcessPoolExecutor, lists: Iterator[list[bytes]], most: int) -> Iterator[Batch]:
    waiting: deque[Future[Batch]] = deque()
    for ids in lists:
        waiting.append(pool.submit(_open, ids))
        if len(waiting) == most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _beside(pool: ProcessPoolExecutor, function: Callable[..., None], *arguments: object) -> Wait:
    return pool.submit(function, *arguments).result


def _at_once(function: Callable[..., None], *arguments: object) -> Wait:
    function(*arguments)
    return lambda: None


def _begin(work: _Work) -> None:
    """Get a process ready; it ends with the one that started it."""
    global _opener  # noqa: PLW0603  # each process has one of its own
    if work.prepare:
        work.prepare()
    _leave_signals_to_the_other()
    Thread(target=_end_with_the_other, daemon=True).start()
    bundles = [open_bundle(path) for path in work.paths]
    gc.freeze()  # what is there from the beginning stays: nobody needs to look through it again
    key, scratch = PrivateKey.from_seed(work.seed), ScratchKey(work.secret)
    lies = Scratch(work.folder, scratch, work.heaps)
    _opener = Opener(bundles, key, work.definitions, work.codebook, lies)


def _nothing() -> None:
    pass


def _end_with_the_other() -> None:
    """End when the process that started this one is gone, however it ended: the key is here too."""
    starter = parent_process()
    if starter is not None:
        starter.join()
    os._exit(1)


def _open(ids: list[bytes]) -> Batch:
    if _opener is None:
        raise AssertionError
    return _opener.open(ids)
