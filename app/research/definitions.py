"""The versions of a consultation that bundles bring along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import ValidationError

from app.consultation import Definition, definition_from_json

from .bundle import Bundle, BundleError


def definitions_of(bundles: Sequence[Bundle]) -> dict[str, Definition]:
    """Return the definitions in the bundles, by digest; definitions nobody can read are left out.

    Raises BundleError when the bundles are of several consultations, or of two different ones
    that call themselves the same.
    """
    names = sorted({bundle.consultation for bundle in bundles})
    if len(names) != 1:
        raise BundleError(f"These bundles are of several consultations: {', '.join(names)}.")
    definitions: dict[str, Definition] = {}
    for bundle in bundles:
        for stored in bundle.definitions:
            try:
                definition = definition_from_json(stored.document)
            except ValidationError:
                continue
            if stored.is_itself() and definition.consultation == names[0]:
                definitions[stored.digest] = definition
    if not definitions:
        raise BundleError(
            "No definition in these bundles can be read. Look with: heard verify FILE"
        )
    repeated = Counter(each.version for each in definitions.values()).most_common(1)[0]
    if repeated[1] > 1:
        raise BundleError(
            f"These bundles hold two different definitions that are both version {repeated[0]}. "
            "Unseal them one by one."
        )
    return definitions
