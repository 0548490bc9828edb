"""Logging that cannot carry what a person sent.

A record is made quiet when it is born, by the record factory, so that no handler, formatter or
library added later can print more, at any level. What is left is a list of what may be told: the
level, the module that speaks, sentences that were written down beforehand, and for an error its
type, the places in the code it passed, the worker's process number and a random reference.
No message's arguments, no message of an error, no value that somebody attached, no address, path,
browser or time (R56, R86).
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from .references import present_reference

LINE = "%(levelname)s %(name)s: %(message)s"
WITHHELD = "(message withheld)"
PLACES_AT_MOST = 12
"""Places in the code that are told for each error, from the innermost outwards."""
CAUSES_AT_MOST = 8
OWN_NAMES = ("crash", "root")
"""Names of loggers that are no module's."""
OTHER = "other"

TOLD = ("name", "levelname", "levelno", "msg", "message", "asctime", "process")
"""What a handler is given of a record. Everything else that `logging` knows is there and empty."""
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("args", "exc_info", "exc_text", "stack_info", "taskName")),
    **dict.fromkeys(
        ("pathname", "filename", "module", "funcName", "threadName", "processName"), ""
    ),
    **dict.fromkeys(("lineno", "thread", "created", "msecs", "relativeCreated"), 0),
}

# Sentences about the server itself, whose arguments are process numbers, signals and its own
# address. They are gunicorn's (arbiter.py, sock.py), word for word.
SERVER_SENTENCES = frozenset(
    {
        "Starting gunicorn %s",
        "Listening at: %s (%s)",
        "Using worker: %s",
        "Booting worker with pid: %s",
        "Worker exiting (pid: %s)",
        "Handling signal: %s",
        "Shutting down: %s",
        "WORKER TIMEOUT (pid:%s)",
        "Worker (pid:%s) exited with code %s.",
        "Worker (pid:%s) was sent %s!",
        "Worker (pid:%s) was sent %s! Perhaps out of memory?",
        "Connection in use: %s",
        "Invalid address: %s",
        "Can't connect to %s",
    }
)
_sentences: set[str] = set()


def log_sentence(sentence: str) -> str:
    """Write down a sentence that may be logged as it is; call it where a module is loaded.

    Args:
        sentence: a constant, with no place for arguments.

    Raises:
        ValueError: it has a place for arguments.
    """
    if "%" in sentence or "{" in sentence:
        raise ValueError("a sentence for the log takes no arguments")
    _sentences.add(sentence)
    return sentence


def describe_error(error: BaseException) -> str:
    """Tell an error's type and where in the code it passed, and the same of what caused it.

    Args:
        error: the error. None of its own words are used: they may hold what a person wrote.
    """
    return " from ".join(_describe_one(each) for each in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    present: BaseException | None = error
    while present is not None and id(present) not in seen and len(seen) < CAUSES_AT_MOST:
        seen.add(id(present))
        yield present
        present = present.__cause__ or (
            None if present.__suppress_context__ else present.__context__
        )


def _describe_one(error: BaseException) -> str:
    name = _type_name(type(error))
    places = [
        f"{_short(frame.f_code.co_filename)}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    if not places:
        return name
    return f"{name} at {' < '.join(places[: -PLACES_AT_MOST - 1 : -1])}"


def _type_name(kind: type[BaseException]) -> str:
    """The nearest type that a module's source names: a program can make types, of any name."""
    for each in kind.__mro__:
        module = sys.modules.get(each.__module__)
        if getattr(module, each.__name__, None) is each:
            plain = each.__module__ in ("builtins", "__main__")
            return each.__name__ if plain else f"{each.__module__}.{each.__name__}"
    return "BaseException"


def _logger_name(name: object) -> str:
    """The module that speaks: as much of a logger's name as is a loaded module's."""
    parts = name.split(".") if isinstance(name, str) else []
    for end in range(len(parts), 0, -1):
        if (start := ".".join(parts[:end])) in sys.modules or start in OWN_NAMES:
            return start
    return OTHER


def _short(path: str) -> str:
    """Keep the end of a source file's path: enough to find it, nothing of the machine."""
    return "/".join(Path(path).parts[-3:])


def _quiet_message(message: object, arguments: object) -> str:
    if isinstance(message, BaseException):
        return describe_error(message)
    if not isinstance(message, str):
        return WITHHELD
    if message in _sentences and not arguments:
        return message
    if message in SERVER_SENTENCES and isinstance(arguments, tuple):
        return message % arguments
    return WITHHELD


class QuietRecord(logging.LogRecord):
    """A log record that forgets all it may not tell before anybody can read it."""

    def __init__(self, *fields: Any, **named: Any) -> None:
        super().__init__(*fields, **named)
        try:
            message = _quiet_message(self.msg, self.args)
        except (TypeError, ValueError):
            message = WITHHELD
        error = self.exc_info[1] if self.exc_info else None
        if error is not None:
            told = describe_error(error)
            message = told if message == WITHHELD else f"{message} {told}".lstrip()
        if self.levelno >= logging.ERROR:
            message += self._whereabouts()
        self.msg = self.message = message
        self.name = _logger_name(self.name)
        self.levelname = logging.getLevelName(self.levelno // 10 * 10)
        self.asctime = ""
        for name, nothing in EMPTY.items():
            setattr(self, name, nothing)

    def _whereabouts(self) -> str:
        """The worker, and the reference that the person sees, when this is in a request."""
        reference = present_reference()
        return f" (worker {self.process}{f', reference {reference}' if reference else ''})"

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """What may be told, anew each time: `extra={…}` is written into it, and is lost.

        `logging.Logger.makeRecord` writes there after the record was made, and formatters read it.
        """
        return EMPTY | {name: getattr(self, name) for name in TOLD}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Let a queue copy the record."""
        for name in (*TOLD, *EMPTY):
            setattr(self, name, state[name])


class _OnlyWhatMatters(logging.Filter):
    """Let a record pass if it tells something; a bare "INFO" at a time is a time of arrival."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.msg != WITHHELD


def quiet_handler(stream: TextIO | None = None) -> logging.Handler:
    """Make the one handler there is.

    Args:
        stream: where lines go; the standard error stream by default.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(LINE))
    handler.addFilter(_OnlyWhatMatters())
    return handler


def quiet(stream: TextIO | None = None) -> None:
    """Make every logger of this process quiet; call it before the application is made.

    Args:
        stream: where lines go; the standard error stream by default.

    Also quiet: warnings, errors that end a thread, errors while an object is destroyed, and the
    notes that logging itself prints when a handler fails.
    """
    logging.setLogRecordFactory(QuietRecord)
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    warnings.formatwarning = _quiet_warning
    root = logging.getLogger()
    root.handlers = [quiet_handler(stream)]
    root.setLevel(logging.INFO)
    # Loggers that had handlers of their own before, such as Flask's and Werkzeug's.
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers = []
            logger.propagate = True
    # Werkzeug tells each request at this level, which would be one line for each arrival.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    sys.excepthook = _on_crash
    threading.excepthook = _on_thread_crash
    sys.unraisablehook = _on_unraisable


def _quiet_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    return f"{category.__name__} at {_short(filename)}:{lineno}"


def _log_crash(error: BaseException | None) -> None:
    if error is not None:
        logging.getLogger("crash").critical("", exc_info=error)


def _on_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log_crash(error)


def _on_thread_crash(arguments: threading.ExceptHookArgs) -> None:
    _log_crash(arguments.exc_value)


def _on_unraisable(arguments: sys.UnraisableHookArgs) -> None:
    _log_crash(arguments.exc_value)
