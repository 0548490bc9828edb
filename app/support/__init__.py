"""Support services as data: the model, the folder's loader and the look-up. Pure."""

from __future__ import annotations

from .directory import Directory, DirectoryErrors, Listing, load_directory
from .model import Emergency, Link, Service, tel_link

__all__ = [
    "Directory",
    "DirectoryErrors",
    "Emergency",
    "Link",
    "Listing",
    "Service",
    "load_directory",
    "tel_link",
]
