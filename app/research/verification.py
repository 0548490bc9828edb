"""Looking a bundle over without a key: is all of it there, and is it what was exported?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.consultation import definition_from_json

from .bundle import ID_LENGTH, BundledDefinition, BundleError, digest_of, open_bundle

# The envelope's fixed places (docs/decisions/sealing.md): what can be seen of it without a key.
_START: Final = b"HEARD\x01"
_SLOT_LENGTH: Final = 16 + 1120 + 48
_AROUND_BODY: Final = 7 + 32 + 16
_MOST_RECIPIENTS: Final = 16
_SIZE_CLASSES: Final = frozenset(kib * 1024 for kib in (4, 8, 16, 32, 64, 128, 256))


@dataclass
class Report:
    """What was found; no findings means that the bundle is whole."""

    path: Path
    consultation: str = ""
    count: int = 0
    digest: str = ""
    findings: list[str] = field(default_factory=list)


def verify_bundle(path: Path) -> Report:
    """Return what there is to say about a bundle, each finding in a plain sentence.

    It proves that nothing was lost or changed by accident. Whoever can change the file can
    compute a new digest: against that, compare the digest with the one that the server printed.
    """
    report = Report(path)
    try:
        with open_bundle(path) as bundle:
            report.consultation = bundle.consultation
            report.digest = bundle.manifest.digest
            if bundle.damaged_pages():
                report.findings.append("The file's pages do not fit together. Copy it again.")
            for definition in bundle.definitions:
                report.findings.extend(_definition_findings(definition))
            shapes = _Shapes()
            rows = shapes.watch(bundle.rows())
            count, digest = digest_of(bundle.consultation, bundle.definitions, rows)
            report.count = count
            report.findings.extend(shapes.findings())
            manifest = bundle.manifest
    except BundleError as error:
        report.findings.append(str(error))
        return report
    if count != manifest.count:
        report.findings.append(
            f"The bundle should hold {manifest.count} responses, and it holds {count}."
        )
    if digest != manifest.digest:
        report.findings.append(
            "The digest over the content is not the one that was written at the export: "
            "something in the file was changed. Copy it from the server again."
        )
    return report


def _definition_findings(definition: BundledDefinition) -> Iterator[str]:
    name = f"Version {definition.version} of the definition"
    if not definition.is_itself():
        yield f"{name} does not match its digest."
        return
    try:
        read = definition_from_json(definition.document)
    except ValidationError:
        yield f"{name} cannot be read by this version of Heard."
        return
    if (read.consultation, read.version) != (definition.consultation, definition.version):
        yield f"{name} belongs to another consultation or version."


@dataclass
class _Shapes:
    """Counts rows that cannot be responses, while they pass."""

    bad_ids: int = 0
    bad_envelopes: int = 0

    def watch(self, rows: Iterator[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        for response_id, envelope in rows:
            self.bad_ids += len(response_id) != ID_LENGTH
            self.bad_envelopes += not looks_like_envelope(envelope)
            yield response_id, envelope

    def findings(self) -> Iterator[str]:
        if self.bad_ids:
            yield f"Responses whose id is not {ID_LENGTH} bytes long: {self.bad_ids}."
        if self.bad_envelopes:
            yield f"Responses that do not have the form of an envelope: {self.bad_envelopes}."


def looks_like_envelope(envelope: bytes) -> bool:
    """Whether the magic, version, number of recipients and size class are those of an envelope."""
    if not envelope.startswith(_START) or len(envelope) <= len(_START):
        return False
    recipients = envelope[len(_START)]
    body = len(envelope) - _AROUND_BODY - recipients * _SLOT_LENGTH
    return 1 <= recipients <= _MOST_RECIPIENTS and body in _SIZE_CLASSES
