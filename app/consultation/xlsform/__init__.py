"""XLSForm: reading the forms that facilitators have, and writing one from a definition."""

from __future__ import annotations

from .errors import FormError
from .exporting import export_form
from .importing import Imported, import_form
from .remarks import KINDS, Gathered, Remark, gathered

__all__ = [
    "KINDS",
    "FormError",
    "Gathered",
    "Imported",
    "Remark",
    "export_form",
    "gathered",
    "import_form",
]
