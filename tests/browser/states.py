"""Every kind of page and state that a person can be on, and how to get there.

Each function brings a tab that shows a page of questions to one of them.
"""

from __future__ import annotations

from collections.abc import Callable

from .leaving import RANKING, TEXT, Stage
from .secret_words import MARKED


def front(stage: Stage) -> None:
    stage.walker.driver.delete_all_cookies()
    stage.walker.open("/")


def front_with_code(stage: Stage) -> None:
    stage.walker.driver.delete_all_cookies()
    stage.walker.open(f"/{stage.draft.code}")


def step(key: str) -> Callable[[Stage], None]:
    def see(stage: Stage) -> None:
        stage.see(key)

    return see


def typed_words(stage: Stage) -> None:
    """Words that were typed but never sent to the server."""
    stage.walker.type(TEXT, f"{MARKED} not sent yet")


def an_error(stage: Stage) -> None:
    """Two answers with the same place."""
    stage.see(RANKING)
    stage.walker.give("report_first", {"easy_to_see": "1", "few_steps": "1"})
    stage.walker.press("continue")
    assert stage.walker.has("#errors"), stage.walker.where()


def a_notice(stage: Stage) -> None:
    """Words that could show who somebody is."""
    stage.walker.type(TEXT, f"{MARKED} wrote to +44 7700 900123")
    stage.walker.press("continue")
    assert stage.walker.has("mark"), stage.walker.where()


def consent_without_a_tick(stage: Stage) -> None:
    """Somebody begins anew, their first answers are gone, and the first box stays empty."""
    stage.draft.storage.delete_draft(stage.draft.id)
    stage.walker.driver.delete_all_cookies()
    stage.walker.start(stage.draft.code, "en")
    while stage.walker.step != "consent":
        stage.walker.press("continue")
    stage.walker.press("continue")
    assert stage.walker.step == "consent", stage.walker.where()
    assert stage.walker.has("#message"), stage.walker.where()


def pause(stage: Stage) -> None:
    stage.walker.press("pause")
    assert stage.walker.path == "/pause"


def support(stage: Stage) -> None:
    stage.walker.press("support")
    assert stage.walker.path == "/support"


def support_in_a_country(stage: Stage) -> None:
    support(stage)
    stage.walker.place("country", "GB")
    stage.walker.follow("main form button")
    assert stage.walker.path.endswith("?country=GB")


def go_on(stage: Stage) -> None:
    stage.walker.open(f"/{stage.draft.code}")
    assert stage.walker.has("a[href='/back-to-questions']")


def sent(stage: Stage) -> None:
    stage.see("check")
    stage.walker.press("send")
    assert stage.walker.has(".code")


def stopped(stage: Stage) -> None:
    stage.walker.press("delete", "/stop")
    assert not stage.walker.step


def declined(stage: Stage) -> None:
    stage.see("consent")
    stage.walker.press("decline")
    assert not stage.walker.step


def withdraw(stage: Stage) -> None:
    stage.walker.open("/withdraw")


def withdraw_unknown(stage: Stage) -> None:
    stage.walker.open("/withdraw")
    stage.walker.type("code", f"{MARKED} one two three four five")
    stage.walker.follow("main form button")


def results(stage: Stage) -> None:
    stage.walker.open(f"/results/{stage.draft.code}")


def results_without_a_code(stage: Stage) -> None:
    stage.walker.open("/results")


def another_language(stage: Stage) -> None:
    """Before the start: the front page, at an address of its own."""
    stage.walker.driver.delete_all_cookies()
    stage.walker.open("/language/fr")


def unknown_code(stage: Stage) -> None:
    stage.walker.driver.delete_all_cookies()
    stage.walker.open("/")
    stage.walker.type("code", "no-such-code")
    stage.walker.follow("form[action='/start'] button")


def too_long(stage: Stage) -> None:
    """More than a page may hold: an answer that shows what was typed once more."""
    box = stage.walker.one(f"[name={TEXT}]")
    script = "arguments[0].value = arguments[1].repeat(2000)"
    stage.walker.driver.execute_script(script, box, f"{MARKED} ")
    stage.walker.press("continue")
    assert stage.walker.has("#errors"), stage.walker.where()


def words_too_late(stage: Stage) -> None:
    """The hour is over while somebody writes: what came too late stands on a page of its own."""
    stage.walker.type(TEXT, f"{MARKED} too late")
    stage.draft.storage.delete_draft(stage.draft.id)
    stage.walker.press("continue")
    assert stage.walker.has("[name^=kept-]"), stage.walker.where()


def keep(stage: Stage) -> None:
    stage.walker.press("keep")
    assert stage.walker.path == "/keep"


def kept(stage: Stage) -> None:
    keep(stage)
    stage.walker.press("keep")
    assert stage.walker.has(".code")


def come_back(stage: Stage) -> None:
    stage.walker.open("/come-back")


def come_back_unknown(stage: Stage) -> None:
    """Without a session: what is open would be lost to what is opened."""
    stage.walker.driver.delete_all_cookies()
    come_back(stage)
    stage.walker.type("words", f"{MARKED} one two three four five")
    stage.walker.follow("main form button")
    assert stage.walker.has("[role=alert]"), stage.walker.where()


def not_found(stage: Stage) -> None:
    stage.walker.open("/there/is/nothing")


def refused(stage: Stage) -> None:
    """A form whose token is not that of the session."""
    stage.walker.driver.execute_script(
        "document.querySelector('input[name=csrf_token]').value = 'of another session'"
    )
    stage.walker.press("continue")
    assert not stage.walker.step, stage.walker.where()


STATES: dict[str, Callable[[Stage], None]] = {
    "front": front,
    "front with a code": front_with_code,
    "about": step("about"),
    "safety": step("safety"),
    "consent": step("consent"),
    "consent without a tick": consent_without_a_tick,
    "leave out": step("leave_out"),
    "warning": step("warning:talking"),
    "questions after a warning": step("page:talking"),
    "typed words": typed_words,
    "error": an_error,
    "notice": a_notice,
    "check": step("check"),
    "pause": pause,
    "support": support,
    "support in a country": support_in_a_country,
    "go on": go_on,
    "sent": sent,
    "stopped": stopped,
    "declined": declined,
    "withdraw": withdraw,
    "withdraw, unknown code": withdraw_unknown,
    "results": results,
    "results, no code": results_without_a_code,
    "another language": another_language,
    "unknown code": unknown_code,
    "too long": too_long,
    "words too late": words_too_late,
    "keep": keep,
    "kept": kept,
    "come back": come_back,
    "come back, unknown words": come_back_unknown,
    "not found": not_found,
    "refused": refused,
}
