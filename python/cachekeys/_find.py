"""Finds the command that was installed with this package, however it was installed."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator


class CachekeysNotFound(FileNotFoundError):
    """The command was not found in any directory in which installers put it."""


def find_cachekeys_bin() -> str:
    """Return the path of the command ``cachekeys``.

    Raises:
        CachekeysNotFound: with the directories that were searched.
    """
    name = "cachekeys" + (sysconfig.get_config_var("EXE") or "")
    searched: list[str] = []
    for directory in _directories():
        if directory in searched:
            continue
        searched.append(directory)
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            return path
    places = "".join(f"\n  {directory}" for directory in searched)
    raise CachekeysNotFound(f"`{name}` was not found in any of these directories:{places}")


def _directories() -> Iterator[str]:
    scripts = "Scripts" if os.name == "nt" else "bin"
    yield sysconfig.get_path("scripts")
    packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # `<prefix>/lib/python3.13/site-packages` or `<prefix>\Lib\site-packages`. This finds `pip install --prefix`, the overlay of
    # an isolated build, and the environment that `uv run --with` puts on top of another.
    levels = 2 if os.name == "nt" else 3
    prefix = packages
    for _ in range(levels):
        prefix = os.path.dirname(prefix)
    yield os.path.join(prefix, scripts)
    # `pip install --target`
    yield os.path.join(packages, "bin")
    # A virtual environment may use the packages of the Python that it was created with.
    yield sysconfig.get_path("scripts", vars={"base": sys.base_prefix})
    yield sysconfig.get_path("scripts", scheme=_user_scheme())


def _user_scheme() -> str:
    if sys.version_info >= (3, 10):
        return sysconfig.get_preferred_scheme("user")
    if os.name == "nt":
        return "nt_user"
    is_framework = sys.platform == "darwin" and sysconfig.get_config_var("PYTHONFRAMEWORK")
    return "osx_framework_user" if is_framework else "posix_user"
