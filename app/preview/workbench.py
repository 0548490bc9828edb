"""The file that is being written, as it stands at this moment."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.consultation import Definition, Finding, definition_from_json
from app.journey import Draft, find_path
from app.sealing import PrivateKey, new_withdrawal_code, public_key_to_text
from app.storage import Storage, StoredDefinition

CODE = "preview"
"""The entry code in a preview; only the results page asks for it."""
RESULTS = "results"
"""The page of what came of the answers, beside the keys of the steps."""

Check = Callable[[Path], tuple[Definition | None, Sequence[Finding]]]
"""Reads a file: its definition (None when it has an error) and what is to be said about it."""


@dataclass
class Workbench:
    """A file, the checker, and the newest version of it that could be loaded.

    Each change is published under a number of its own into a storage that is thrown away, so that
    the pages are the real ones.
    """

    path: Path
    check: Check
    storage: Storage
    definition: Definition | None = None
    findings: Sequence[Finding] = ()
    changes: int = 0
    _opened: Definition | None = None
    _seen: int = 0
    _recipient: str = field(
        default_factory=lambda: public_key_to_text(PrivateKey.generate().public_key("preview"))
    )

    def look(self) -> None:
        """Read the file again if it was saved since the last look."""
        try:
            saved = self.path.stat().st_mtime_ns
        except OSError:
            return
        if saved == self._seen:
            return
        self._seen = saved
        definition, self.findings = self.check(self.path)
        self.changes += 1
        if definition is not None:
            self._publish(definition)

    def _publish(self, definition: Definition) -> None:
        """Publish it twice: as it is, and with every branch open, to jump to any page."""
        pages = [page.model_copy(update={"relevant": None}) for page in definition.pages]
        numbered = _again(definition.model_copy(update={"version": 2 * self.changes}))
        branches = {"version": 2 * self.changes + 1, "pages": pages}
        opened = _again(definition.model_copy(update=branches))
        for each in (opened, numbered):
            stored = StoredDefinition(
                digest=each.digest,
                consultation=each.consultation,
                version=each.version,
                document=each.canonical_json(),
            )
            self.storage.publish(stored, [self._recipient], {CODE: None})
        self.storage.keep_reply(definition.consultation, definition.reply.to_json())
        self.definition, self._opened = numbered, opened

    def steps(self) -> list[str]:
        """The keys of every step, those behind a branch included, and the page afterwards."""
        if self._opened is None:
            return []
        path = find_path(self._opened, _gone_through(self._opened, "en"))
        return [*(step.key for step in path.steps), RESULTS]

    def draft_at(self, step: str, language: str) -> Draft | None:
        """A draft that stands at a step, with every step before it gone through."""
        for definition in (self.definition, self._opened):
            if definition is None:
                continue
            offered = definition.languages
            draft = _gone_through(definition, language if language in offered else offered[0])
            path = find_path(definition, draft)
            index = path.index(step)
            if index is not None:
                return replace(draft, at=step, done=tuple(one.key for one in path.steps[:index]))
        return self.draft_at("about", language) if self.definition and step != "about" else None


def _again(definition: Definition) -> Definition:
    """The definition read anew, because a copy keeps what was derived before it was changed."""
    return definition_from_json(definition.canonical_json())


def _gone_through(definition: Definition, language: str) -> Draft:
    """A draft of somebody who said yes to everything and leaves nothing out."""
    return Draft(
        consultation=definition.consultation,
        digest=definition.digest,
        language=language,
        response_id=secrets.token_bytes(16).hex(),
        withdrawal_code=new_withdrawal_code(),
        accepted=tuple(page.name for page in definition.pages),
        seen=tuple(definition.questions),
        consent=tuple(statement.name for statement in definition.consent.statements),
    )
