"""What came of the answers in Heard's own words, the same on the screen and on paper."""

from __future__ import annotations

from collections.abc import Callable

from .outcomes import Outcome


class OutcomesWording:
    """Says how outcomes stand, in one language."""

    def __init__(self, gettext: Callable[..., str]) -> None:
        """Choose a language by the function that gives Heard's own sentence in it."""
        self._gettext = gettext

    def areas(self) -> dict[str, str]:
        """The mission's four areas."""
        _ = self._gettext
        return {
            "reporting": _("Telling when something is wrong"),
            "support": _("Getting help"),
            "information": _("Information and advice"),
            "training": _("People whose job is to help"),
        }

    def empty(self) -> dict[str, str]:
        """Why there is nothing to tell of an area."""
        _ = self._gettext
        return {
            "not asked": _("We did not ask about this."),
            "nobody answered": _("Nobody answered about this."),
            "nothing yet": _("There is nothing to tell about this yet."),
        }

    def stands(self, outcome: Outcome) -> str:
        """How one outcome stands; that it is late is told before."""
        _ = self._gettext
        if outcome.state == "done":
            return _("This is done.")
        if outcome.state == "answered" and outcome.change is None:
            return _("They answered.")
        if outcome.state == "answered":
            return _("They answered. It is not done yet.")
        if outcome.state == "sent":
            return _("We asked for this. There is no answer yet.")
        return _("We will ask for this. It is not sent yet.")

    def change(self, outcome: Outcome) -> str:
        """What stands above a change: while nobody has answered, it is only asked for."""
        _ = self._gettext
        if outcome.state in ("agreed", "sent"):
            return _("What we ask for")
        return _("What changes")
