"""The pytest plugin: before the tests run, it warns if they would import something other than the current code.

By default, the plugin starts ``cachekeys status``, and waits for the answer when pytest writes its header. Meanwhile the conftest
files are imported. With ``error`` and ``sync`` it waits before that, since a conftest may import the project.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from . import _status

MODES = ("warn", "error", "sync", "off")
_ASKED = pytest.StashKey[bool]()


class _Stop(Exception):
    """A reason not to run the tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "where what is installed is older than the code: warn (default), error: run no test, sync: run `uv sync` first, off"
    parser.getgroup("cachekeys").addoption("--cachekeys", choices=MODES, help=text)
    parser.addini("cachekeys", f"{text}; --cachekeys takes precedence", default="warn")


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, None]:
    try:
        report = _begin(early_config)
    except _Stop as stop:
        # `pytest.exit` works only within a session, which has not started yet.
        print(f"ERROR: {stop}", file=sys.stderr)
        raise SystemExit(1) from None
    outcome = yield
    if report and outcome.excinfo:
        report.explain()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begins here if a conftest names the plugin, which is too late for the hook above."""
    try:
        _begin(config)
    except _Stop as stop:
        pytest.exit(str(stop), returncode=1)


def _begin(config: pytest.Config) -> _Report | None:
    if _ASKED in config.stash:
        return None
    config.stash[_ASKED] = True
    options = config.known_args_namespace
    # The time at which the plugin was loaded decides which of the two contains the option.
    chosen = getattr(options, "cachekeys", None) or getattr(config.option, "cachekeys", None)
    mode = chosen or config.getini("cachekeys")
    if mode not in MODES:
        raise pytest.UsageError(f"cachekeys: `{mode}` is none of {', '.join(MODES)}")
    # Under pytest-xdist, only the controller runs the check.
    if mode == "off" or options.help or "PYTEST_XDIST_WORKER" in os.environ:
        return None
    # The commands in the answer are to be run in the directory where pytest was started.
    directory = config.invocation_params.dir
    paths = _status.paths(config.rootpath, directory, config.inipath is not None)
    if not paths:
        return None

    def ask() -> _status.Question:
        question = _status.Question(directory, paths)
        config.add_cleanup(question.drop)
        return question

    question = ask()
    # With --collect-only, editors list the tests without running them.
    runs_tests = not options.collectonly
    if mode == "sync" and runs_tests:
        due = [project for project in question.answer().outdated if project.due]
        for project in due:
            _sync(directory / project.directory, project.what)
        if due:
            question = ask()
    if mode == "error" and runs_tests:
        answer = question.answer()
        if answer.outdated:
            raise _Stop("\n".join(answer.words()))
    report = _Report(config, question, mode)
    config.pluginmanager.register(report, "cachekeys-report")
    return report


def _sync(directory: Path, why: str) -> None:
    """Syncs the environment of the tests. Other packages in it stay, such as pytest."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise _Stop(f"{why}, and uv was not found: it is not on PATH, and UV is not set")
    print(f"{why}; `uv sync` runs", file=sys.stderr, flush=True)
    environment = _status.environment()
    try:
        ran = subprocess.run(
            # Without `--python`, uv would replace the environment if the project asks for another Python.
            [uv, "sync", "--inexact", "--python", environment],
            cwd=directory,
            env={**os.environ, "UV_PROJECT_ENVIRONMENT": environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise _Stop(f"cachekeys: `uv sync` failed: {error}") from None
    if ran.returncode != 0:
        output = ran.stdout.decode("utf-8", "replace").rstrip()
        raise _Stop(f"cachekeys: `uv sync` failed with exit code {ran.returncode}:\n{output}")


class _Report:
    """Writes the answer where the user sees it."""

    def __init__(self, config: pytest.Config, question: _status.Question, mode: str) -> None:
        self._config = config
        self._question = question
        self._mode = mode
        self._is_shown = False

    def _lines(self) -> list[str]:
        self._is_shown = True
        answer = self._question.answer()
        others = [] if self._mode == "error" else answer.others
        return [*answer.words(), *others, *filter(None, [answer.fault])]

    def pytest_report_header(self) -> list[str]:
        writer = self._config.get_terminal_writer()
        return [writer.markup(line, yellow=True) for line in self._lines()]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_sessionstart(self) -> Generator[None, None, None]:
        """Writes the answer here if pytest wrote no header, as with -q and --no-header."""
        yield
        if not self._is_shown:
            terminal = self._config.pluginmanager.get_plugin("terminalreporter")
            for line in self._lines():
                if terminal:
                    terminal.write_line(line, yellow=True)
                else:
                    print(line, file=sys.stderr)

    def explain(self) -> None:
        """Writes the answer after an error in a conftest, since it may explain the error."""
        for line in self._lines():
            print(line, file=sys.stderr)
