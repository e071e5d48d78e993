"""Finds the installed command ``cachekeys``."""

from ._find import CachekeysNotFound, find_cachekeys_bin

__all__ = ["CachekeysNotFound", "find_cachekeys_bin"]
