from __future__ import annotations

import copy
import io
import json
import logging
import os
import pickle
import queue
import sys
import threading
import warnings
from collections.abc import Iterator
from logging.handlers import QueueHandler, QueueListener

import gunicorn  # noqa: F401 - a logger is called by the module of its name when there is one
import pytest
from flask import Flask, request
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.web.quiet_logging import describe_error, log_sentence, quiet

MARK = "marked-value-9f31"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything this process logs, with logging put back afterwards."""
    before = (
        logging.getLogRecordFactory(),
        logging.root.handlers[:],
        logging.root.level,
        logging.raiseExceptions,
        warnings.formatwarning,
        (sys.excepthook, threading.excepthook, sys.unraisablehook),
    )
    stream = io.StringIO()
    quiet(stream)
    yield stream
    logging.captureWarnings(False)
    logging.setLogRecordFactory(before[0])
    logging.root.handlers = before[1]
    logging.root.setLevel(before[2])
    logging.raiseExceptions = before[3]
    warnings.formatwarning = before[4]
    sys.excepthook, threading.excepthook, sys.unraisablehook = before[5]


def raise_marked() -> None:
    try:
        int(MARK)
    except ValueError as error:
        raise KeyError(MARK) from error


def test_an_error_in_a_view_is_told_by_type_and_place(app: Flask, log: io.StringIO) -> None:
    def view() -> str:
        raise RuntimeError(request.form["words"])

    app.add_url_rule(f"/{MARK}", view_func=view, methods=["POST"])
    response = app.test_client().post(
        f"/{MARK}?q={MARK}", data={"words": MARK}, headers={"User-Agent": MARK}
    )
    assert response.status_code == 500
    line = log.getvalue()
    assert line.startswith("ERROR other: RuntimeError at tests/web/test_quiet_logging.py:")
    assert line.count("\n") == 1
    assert MARK not in line


@pytest.mark.parametrize(
    "name", ["", "werkzeug", "gunicorn.error", "sqlalchemy.engine.Engine", "flask.app", "any.other"]
)
def test_no_logger_tells_a_message_or_its_arguments(log: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    logger.warning("Invalid request from ip=%s", MARK)
    logger.warning(f"Invalid request from ip={MARK}")
    logger.error("Error handling request %(path)s", {"path": MARK})
    logger.error(KeyError(MARK))
    logger.error("too few arguments %s %s", MARK)  # noqa: PLE1206  # it happens
    logger.warning("with more", extra={"address": MARK}, stack_info=True)
    assert MARK not in log.getvalue()
    assert log.getvalue().count("(message withheld)") == 5


def test_a_handler_added_later_tells_no_more_and_no_time(log: io.StringIO) -> None:
    late = io.StringIO()
    handler = logging.StreamHandler(late)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s %(exc_text)s", datefmt="%Y"))
    logging.getLogger("late").addHandler(handler)
    try:
        raise_marked()
    except KeyError:
        logging.getLogger("late").exception("at %s", MARK)
    logging.getLogger("late").removeHandler(handler)
    assert MARK not in late.getvalue()
    assert late.getvalue().startswith("1970 KeyError at ")


class EverythingAsJson(logging.Formatter):
    """What a library for structured logs does: all there is, and what was attached."""

    def format(self, record: logging.LogRecord) -> str:
        every = {name: getattr(record, name) for name in dir(record) if not callable(name)}
        return json.dumps([record.__dict__, every], default=repr) + self._style.format(record)


@pytest.mark.requirement("R86")
@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING, logging.CRITICAL])
def test_a_record_carries_nothing_but_what_is_on_the_list(log: io.StringIO, level: int) -> None:
    late, logger = io.StringIO(), logging.getLogger("app.web.any")
    handler = logging.StreamHandler(late)
    handler.setFormatter(EverythingAsJson())
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.log(level, "at %s", MARK, extra={"address": MARK, MARK: 1}, stack_info=True)
    logging.getLogger(f"app.web.any.{MARK}").log(level, MARK)
    made_up = type(f"Error_{MARK}", (KeyError,), {})
    thread = threading.Thread(target=lambda: logger.error("", exc_info=made_up(MARK)), name=MARK)
    thread.start()
    thread.join()
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)
    assert MARK not in late.getvalue() + log.getvalue()
    assert late.getvalue().count("\n") == 3
    assert log.getvalue().endswith(f"ERROR app.web: KeyError (worker {os.getpid()})\n")


def test_a_queue_may_carry_a_record_to_another_thread_or_process(log: io.StringIO) -> None:
    line: queue.Queue[object] = queue.Queue()
    listener = QueueListener(line, *logging.root.handlers)
    record = logging.getLogger("app").makeRecord(
        "app", logging.ERROR, "", 1, KeyError(MARK), (), None, extra={"a": MARK}
    )
    listener.start()
    QueueHandler(line).handle(record)
    listener.stop()
    assert f"ERROR app: KeyError (worker {os.getpid()})\n" == log.getvalue()
    for copied in (copy.copy(record), pickle.loads(pickle.dumps(record))):  # noqa: S301
        assert copied.__dict__ == record.__dict__


def test_a_line_that_would_only_tell_that_somebody_came_is_not_written(log: io.StringIO) -> None:
    logging.getLogger("werkzeug").info('127.0.0.1 - - "GET /page/3 HTTP/1.1" 200')
    logging.getLogger("any").info("hello")
    assert log.getvalue() == ""


def test_the_causes_of_an_error_are_told_too(log: io.StringIO) -> None:
    with pytest.raises(KeyError) as caught:
        raise_marked()
    told = describe_error(caught.value)
    assert told.startswith("KeyError at tests/web/test_quiet_logging.py:")
    assert " from ValueError at tests/web/test_quiet_logging.py:" in told
    assert MARK not in told


def test_errors_that_cause_each_other_are_told_once() -> None:
    first, second = ValueError(MARK), KeyError(MARK)
    first.__cause__, second.__cause__ = second, first
    assert describe_error(first) == "ValueError from KeyError"


def test_a_database_error_keeps_its_values_to_itself(log: io.StringIO) -> None:
    engine = create_engine("sqlite://", echo=True)
    with engine.connect() as connection:
        try:
            connection.execute(text("SELECT * FROM missing WHERE a = :a"), {"a": MARK})
        except SQLAlchemyError:
            logging.getLogger("app.storage").exception("while reading")
    assert MARK not in log.getvalue()
    assert "sqlalchemy.exc.OperationalError at " in log.getvalue()


def test_a_sentence_written_down_beforehand_is_told(log: io.StringIO) -> None:
    sentence = log_sentence("The drafts were moved to the disk.")
    logging.getLogger("app.storage").info(sentence)
    logging.getLogger("app.storage").info(sentence, MARK)
    assert log.getvalue() == "INFO app.storage: The drafts were moved to the disk.\n"


@pytest.mark.parametrize("sentence", ["%s is full", "{} is full", "100% full"])
def test_a_sentence_with_a_place_for_words_is_not_taken(sentence: str) -> None:
    with pytest.raises(ValueError, match="no arguments"):
        log_sentence(sentence)


def test_the_server_tells_of_itself(log: io.StringIO) -> None:
    logging.getLogger("gunicorn.error").info("Listening at: %s (%s)", "http://127.0.0.1:8000", 7)
    assert log.getvalue() == "INFO gunicorn: Listening at: http://127.0.0.1:8000 (7)\n"


def test_warnings_and_dying_threads_are_quiet(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    warnings.warn(MARK, UserWarning, stacklevel=1)
    thread = threading.Thread(target=raise_marked)
    thread.start()
    thread.join()
    try:
        raise_marked()
    except KeyError:
        sys.excepthook(*sys.exc_info())
    assert log.getvalue().count("CRITICAL crash: KeyError at ") == 2
    assert MARK not in log.getvalue() + "".join(capfd.readouterr())


def test_a_handler_that_fails_prints_nothing(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    log.close()
    logging.getLogger("any").error(MARK)
    assert capfd.readouterr() == ("", "")
