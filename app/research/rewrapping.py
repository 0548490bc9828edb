"""A bundle for other keys: for handing over, or when somebody joins the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.sealing import PrivateKey, PublicKey, SealError, open_envelope, seal

from .bundle import Bundle, Manifest
from .bundle_writing import write_bundle


@dataclass(frozen=True)
class Rewrapped:
    """What was written: the new bundle's manifest, and how many envelopes stayed as they were,
    because the key did not open them."""

    manifest: Manifest
    left_as_they_were: int


def rewrap(
    bundle: Bundle,
    key: PrivateKey,
    to: Sequence[PublicKey],
    path: Path,
    progress: Callable[[Iterator[bytes], int], Iterator[bytes]] = lambda ids, _count: ids,
) -> Rewrapped:
    """Write the responses of a bundle to a new bundle, sealed to other keys.

    Ids stay, so that bundles still merge. An envelope that the key does not open goes along as it
    is, and nothing is lost. The old bundle still opens with the old key, wherever it is.

    Args:
        bundle: open for reading.
        key: a private key that opens it.
        to: 1 to 16 public keys; everyone who is to read on has to be among them.
        path: where the new bundle is to be.
        progress: is given the ids and their number, and passes the ids on.

    Raises `BundleError` when it cannot be written, `SealError` when `to` cannot be sealed to.
    """
    seal(b"", bundle.consultation, to)  # before anything is written
    counts: Counter[str] = Counter()

    def envelopes() -> Iterator[tuple[bytes, bytes]]:
        for response_id in progress(bundle.ids(), bundle.manifest.count):
            envelope = bundle.envelope(response_id) or b""
            try:
                document = open_envelope(envelope, bundle.consultation, key)
            except SealError:
                counts["left"] += 1
                yield response_id, envelope
            else:
                yield response_id, seal(document, bundle.consultation, to)

    manifest = write_bundle(path, bundle.definitions, envelopes())
    return Rewrapped(manifest, counts["left"])
