"""Runs ``cachekeys status`` on the projects of a directory, and turns its answer into messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ._find import find_cachekeys_bin

#: In seconds. A project with fifty crates takes a tenth of a second.
TIMEOUT = 10.0
#: How many projects are named one by one.
SHOWN = 5

_OUTDATED = ("stale", "rebuild-due", "broken")


class Project(NamedTuple):
    """A project of which Python imports something other than the current code."""

    directory: str
    what: str
    remedy: str
    #: Whether `uv sync` brings it up to date.
    due: bool


class Answer(NamedTuple):
    outdated: list[Project]
    #: What the next sync will do with projects that are not outdated.
    others: list[str]
    #: Why the answer is incomplete.
    fault: str | None

    def words(self) -> list[str]:
        words = [f"{project.what}; run {project.remedy}" for project in self.outdated[:SHOWN]]
        if len(self.outdated) > SHOWN:
            words.append(f"cachekeys: {len(self.outdated) - SHOWN} more are out of date (`cachekeys status` lists them)")
        return words


class Question:
    """The command, which runs in the background until its answer is needed."""

    def __init__(self, directory: Path, paths: list[str]) -> None:
        self._answer: Answer | None = None
        try:
            command = [find_cachekeys_bin(), "status", "--venv", environment(), "--output-format", "json", *paths]
            self._process = subprocess.Popen(
                command,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # On Windows, a console window would open if pytest has none.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._answer = _failed(str(error))

    def answer(self) -> Answer:
        if self._answer is None:
            self._answer = self._wait()
        return self._answer

    def drop(self) -> None:
        """Ends the command if its answer was not used."""
        if self._answer is None:
            self._process.kill()
            self._process.communicate()

    def _wait(self) -> Answer:
        try:
            stdout, stderr = self._process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            self.drop()
            return _failed(f"no answer within {TIMEOUT:.0f} seconds")
        code = self._process.returncode
        fault = None
        if code not in (0, 1):
            lines = (line.strip(" ×") for line in stderr.decode("utf-8", "replace").splitlines())
            fault = next((line.removeprefix("error: ") for line in lines if line), f"exit code {code}")
        try:
            return _read(json.loads(stdout.decode("utf-8")), fault)
        except (AttributeError, KeyError, TypeError, ValueError):
            return _failed(fault or "its answer is not the JSON of `cachekeys status`")


def environment() -> str:
    """The environment in which the project is installed. `uv run --with` puts another environment on top of it."""
    try:
        with open(os.path.join(sys.prefix, "pyvenv.cfg"), encoding="utf-8") as configuration:
            for line in configuration:
                name, _, value = line.partition("=")
                if name.strip() == "extends-environment":
                    return value.strip()
    except (OSError, ValueError):
        pass  # conda environments have no pyvenv.cfg
    return sys.prefix


def paths(root: Path, directory: Path, is_project: bool) -> list[str]:
    """The paths to check: the root of the tests, if it is a project or a repository, and else the nearest project around it."""
    has_project = (root / "pyproject.toml").exists()
    found = [root] if is_project or has_project or (root / ".git").exists() else []
    if not has_project:
        above = (parent / "pyproject.toml" for parent in root.parents)
        found.extend(list(filter(Path.is_file, above))[:1])
    return [_relative(path, directory) for path in found]


def _relative(path: Path, directory: Path) -> str:
    try:
        return os.path.relpath(path, directory)
    except ValueError:  # on another drive
        return str(path)


def _failed(reason: str) -> Answer:
    return Answer([], [], f"cachekeys: `cachekeys status` failed: {' '.join(reason.split())}")


def _read(report: dict[str, Any], fault: str | None) -> Answer:
    # A project without keys is not reported here. `cachekeys check` reports it, and each run of the tests should not repeat that.
    projects = [project for project in report["projects"] if project.get("source") != "defaults"]
    outdated = [_outdated(project) for project in projects if _is_outdated(project)]
    others = [line for project in projects if not _is_outdated(project) for line in _other(project)]
    return Answer(outdated, others, None if fault is None else _failed(fault).fault)


def _is_outdated(project: dict[str, Any]) -> bool:
    return bool(project.get("outdated", project["verdict"] in _OUTDATED))


def _outdated(project: dict[str, Any]) -> Project:
    what = "cannot be imported" if project["verdict"] == "broken" else "is out of date"
    due = project["verdict"] != "broken" and project.get("next", "build") != "nothing"
    words = f"cachekeys: {_name(project)} {what}: {project['reason']}"
    return Project(os.path.dirname(project["pyproject"]), words, _remedy(project), due)


def _remedy(project: dict[str, Any]) -> str:
    tox, nox = os.environ.get("TOX_ENV_NAME"), os.environ.get("NOX_CURRENT_SESSION")
    if not project.get("default_environment", True):
        if tox:
            return f"`tox -e {tox}` without --skip-pkg-install"
        if nox:
            return f"`nox -s {nox}` without -R"
    return ", then ".join(f"`{command}`" for command in project.get("commands") or ["uv sync"])


def _other(project: dict[str, Any]) -> Iterator[str]:
    """A message if the project is not outdated but `uv sync` would change this environment."""
    act = "builds" if project.get("next") == "build" else "installs"
    whose = {"rebuild-due": "the next", "reinstall-due": "the next", "endless": "every"}.get(project["verdict"])
    if whose and project.get("default_environment", True):
        yield f"cachekeys: {whose} `uv sync` {act} {_name(project)} again: {project['reason']}"


def _name(project: dict[str, Any]) -> str:
    return str(project.get("name") or project["pyproject"])
