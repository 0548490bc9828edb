"""Slots: one content secret, wrapped for each of 1 to 16 keys, at the head of what is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.sealing.errors import SealError
from app.sealing.keys import KEY_ID_LENGTH, WRAPPING_OVERHEAD, PublicKey

MOST_RECIPIENTS: Final = 16
SECRET_LENGTH: Final = 32
SLOT_LENGTH: Final = KEY_ID_LENGTH + WRAPPING_OVERHEAD + SECRET_LENGTH


def slots_for(secret: bytes, recipients: Sequence[PublicKey], info: bytes) -> bytes:
    """Return a slot for each recipient: its key id, and the secret that only its key unwraps.

    Raises SealError for no recipient, more than 16, or one key twice.
    """
    if not 1 <= len(recipients) <= MOST_RECIPIENTS:
        raise SealError(f"An envelope has 1 to {MOST_RECIPIENTS} recipients.")
    if len({key.key_id for key in recipients}) != len(recipients):
        raise SealError("One key is among the recipients twice.")
    return b"".join(key.key_id + key.wrap(secret, info) for key in recipients)


def wrapped_in(slots: bytes) -> dict[bytes, bytes]:
    """Return the wrapped secret of each key id; raises SealError unless they are 1 to 16 slots."""
    cut = [slots[at : at + SLOT_LENGTH] for at in range(0, len(slots), SLOT_LENGTH)]
    wrapped = {slot[:KEY_ID_LENGTH]: slot[KEY_ID_LENGTH:] for slot in cut}
    whole = len(slots) == len(wrapped) * SLOT_LENGTH
    if not 1 <= len(wrapped) <= MOST_RECIPIENTS or not whole:
        raise SealError("These are not the slots of an envelope.")
    return wrapped
