"""Writes docs/ecosystem.md: what `cachekeys check` says of public projects.

    python3 docs/ecosystem.py CHECKOUTS CACHEKEYS [--date YYYY-MM-DD] [--output FILE]

CHECKOUTS is a directory with one git checkout for each repository, called `owner+name`; CACHEKEYS is the command to run, such as
`target/release/cachekeys`. The commits on the page are those of the checkouts. Needs Python 3.11 and git. Nothing is written to
the checkouts: the keys after the fix are the edits of the report, applied in memory.
"""

import argparse
import collections
import datetime
import difflib
import html
import itertools
import json
import pathlib
import re
import statistics
import subprocess
import tomllib

ARROW, DASH = "\N{RIGHTWARDS ARROW}", "\N{EN DASH}"

# What a rule found, in the words of the table; other rules are called by their names.
WORDS = {
    "uncovered-pyproject": "pyproject.toml",
    "uncovered-source": "Rust sources",
    "uncovered-manifest": "manifests",
    "uncovered-lockfile": "Cargo.lock",
    "uncovered-build-script": "build scripts",
    "uncovered-build-script-input": "files that a build script reads",
    "uncovered-embedded-file": "embedded files",
    "uncovered-cargo-config": "cargo's configuration",
    "uncovered-toolchain": "the toolchain file",
    "uncovered-variable": "environment variables",
    "uncovered-package-data": "package data",
    "uncovered-git-state": "the git state",
    "matches-build-output": "a key matches what the build writes",
    "wide-walk": "a glob walks too far",
    "needs-newer-uv": "a key needs a newer uv",
    "not-portable": "a key differs on Windows",
    "key-matches-nothing": "a key matches nothing",
    "context-dependent-glob": "a glob depends on its neighbours",
    "dir-does-not-track-contents": "a `dir` key that does not track the contents",
    "misplaced-cache-keys": "keys that uv does not read",
    "unresolvable-project": "a crate could not be read",
}

NO_KEYS, MISSED, OTHER, RIGHT, UNREAD = "no keys", "missed", "other", "right", "unread"


class Project:
    """A pyproject.toml with what was found in it."""

    def __init__(self, repository, path, report):
        self.path = path
        text = (repository / path).read_bytes()
        self.before = keys_of(text)
        self.uses_uv = "uv" in tomllib.loads(text.decode("utf-8-sig")).get("tool", {}) or has_lock(repository, path)
        for edit in reversed(report["edits"]):
            text = text[: edit["start"]] + edit["content"].encode() + text[edit["end"] :]
        self.after = keys_of(text)
        self.findings = [finding for finding in report["findings"] if finding["severity"] != "info"]

    @property
    def kind(self):
        names = {finding["name"] for finding in self.findings}
        if "missing-cache-keys" in names:
            return NO_KEYS
        if any(name.startswith("uncovered-") for name in names):
            return MISSED
        if "unresolvable-project" in names and len(names) == 1:
            return UNREAD
        return OTHER if names else RIGHT

    @property
    def verdict(self):
        """One line, such as `2 errors: not covered: manifests, Cargo.lock`."""
        if self.kind == RIGHT:
            return "the keys are right"
        if self.kind == NO_KEYS:
            return "no keys"
        names = list(dict.fromkeys(finding["name"] for finding in self.findings))
        words = {name: WORDS.get(name, name.replace("-", " ")) for name in names}
        parts = [", ".join(words[name] for name in names if name.startswith("uncovered-"))]
        parts = [f"not covered: {part}" for part in parts if part]
        parts += [words[name] for name in names if not name.startswith("uncovered-")]
        severities = collections.Counter(finding["severity"] for finding in self.findings)
        counts = [plural(severities[severity], severity) for severity in ("error", "warning") if severities[severity]]
        return f"{', '.join(counts)}: {'; '.join(parts)}"


def plural(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def keys_of(text):
    """The lines of the list of keys, or None if the file has no list."""
    keys = tomllib.loads(text.decode("utf-8-sig")).get("tool", {}).get("uv", {}).get("cache-keys")
    return None if keys is None else [toml(key) for key in keys]


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def has_lock(repository, path):
    """Whether uv.lock lies beside the pyproject.toml or above it."""
    directory = (repository / path).parent
    return any((parent / "uv.lock").is_file() for parent in [directory, *directory.parents] if parent.is_relative_to(repository))


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True, text=True).stdout


def why_not(text):
    """Why a project was not checked; None where nothing says that it is built with Rust."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return "a template, which is not TOML" if re.search(r"maturin|setuptools-rust", text) else None
    build, tool = document.get("build-system", {}), document.get("tool", {})
    is_rust = build.get("build-backend") == "maturin" or "setuptools-rust" in json.dumps(build.get("requires", []))
    if not is_rust:
        return "has `[tool.maturin]`, but maturin does not build it" if "maturin" in tool else None
    if tool.get("uv", {}).get("package") is False:
        return "uv never builds it (`package = false`)"
    return "in a hidden directory"


def check(checkouts, command):
    """The projects of each repository, and those that were not checked, each with the reason."""
    run = subprocess.run([command, "check", "--output-format", "json", checkouts], capture_output=True, text=True)
    if not run.stdout:
        raise SystemExit(run.stderr)
    reports = {pathlib.Path(report["pyproject"]): report for report in json.loads(run.stdout)["projects"]}
    checked, skipped = {}, {}
    for repository in sorted(checkouts.iterdir(), key=lambda path: path.name.lower()):
        checked[repository], skipped[repository] = [], []
        for path in sorted(filter(None, git(repository, "ls-files", "-z", "*pyproject.toml").split("\0"))):
            if pathlib.Path(path).name != "pyproject.toml":
                continue
            report = reports.get(repository / path)
            if report and report["scope"] == "rust":
                checked[repository].append(Project(repository, path, report))
            elif not report and (reason := why_not((repository / path).read_text("utf-8-sig", "replace"))):
                skipped[repository].append((path, reason))
    return checked, skipped


def size(projects, which):
    """The number of keys, or the smallest and the largest number."""
    sizes = sorted(len(getattr(project, which) or []) for project in projects)
    return f"{sizes[0]}" if sizes[0] == sizes[-1] else f"{sizes[0]}{DASH}{sizes[-1]}"


def verdict_of_all(projects):
    if len(projects) == 1:
        return projects[0].verdict
    counts = collections.Counter(project.kind for project in projects)
    words = {
        NO_KEYS: "{} without keys",
        MISSED: "{} with keys that miss inputs",
        OTHER: "{} with other findings",
        UNREAD: "{} that could not be read",
        RIGHT: "{} right",
    }
    parts = [words[kind].format(counts[kind]) for kind in words if counts[kind]]
    return f"{len(projects)} projects: {', '.join(parts)}"


def in_summary(text):
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def block(repository, projects, skipped):
    """A repository: a line to click at, and what that opens."""
    name = repository.name.replace("+", "/", 1)
    verdict = verdict_of_all(projects) if projects else f"not checked: {skipped[0][1]}"
    sizes = f"{size(projects, 'before')} {ARROW} {size(projects, 'after')}" if projects else ""
    worst = {NO_KEYS: "none", MISSED: "missed", OTHER: "other", RIGHT: "right", UNREAD: "other"}
    order = list(worst)
    kind = worst[min((project.kind for project in projects), key=order.index)] if projects else "skipped"
    lines = [
        f'<details class="repository {kind}" markdown>',
        f"<summary><b>{name}</b> <span>{in_summary(verdict)}</span> <i>{sizes}</i></summary>",
        "",
        f"Commit `{git(repository, 'rev-parse', 'HEAD').strip()}`",
    ]
    same = lambda project: (project.verdict, project.before or [], project.after or [])
    for (verdict, before, after), group in itertools.groupby(sorted(projects, key=same), key=same):
        group = list(group)
        lines += ["", ", ".join(f"`{project.path}`" for project in group) + f": {verdict}"]
        findings = {}
        for finding in itertools.chain.from_iterable(project.findings for project in group):
            findings[finding["code"]] = finding["name"]
        links = [f"[{name}](rules/{name}.md)" for _, name in sorted(findings.items())]
        if links:
            lines[-1] += f" ({', '.join(links)})"
        diff = [line for line in difflib.ndiff(before, after) if not line.startswith("?")]
        if diff:
            lines += ["", "```diff", *diff, "```"]
    for path, reason in skipped:
        lines += ["", f"`{path}`: not checked: {reason}"]
    return "\n".join([*lines, "", "</details>"])


def table(projects, skipped):
    count = collections.Counter(project.kind for project in projects)
    with_uv = sum(project.kind == NO_KEYS and project.uses_uv for project in projects)
    rows = [
        ("have no keys", count[NO_KEYS]),
        ("of these, are developed with uv", with_uv),
        ("have keys that miss an input of the build", count[MISSED]),
        ("have keys that cover every input, with another error or warning", count[OTHER]),
        ("have keys that are right", count[RIGHT]),
        ("could not be read, so that their keys were not judged", count[UNREAD]),
    ]
    rows = [f"| {words} | {number} |" for words, number in rows if number]
    return "\n".join(["| projects that | number |", "|---|---:|", *rows, f"| were not checked | {skipped} |"])


def page(checked, skipped, version, date):
    projects = list(itertools.chain.from_iterable(checked.values()))
    not_checked = sum(map(len, skipped.values()))
    of = lambda group, which: [len(getattr(project, which)) for project in group if getattr(project, which)]
    lists = [project for project in projects if project.before]
    # Where nothing is fixed, nothing is after.
    fixed = of(projects, "after")
    most, its = max(checked.items(), key=lambda item: len(item[1]))
    shown = [repository for repository in checked if checked[repository] or skipped[repository]]
    blocks = [block(repository, checked[repository], skipped[repository]) for repository in shown]
    return f"""---
# Made by docs/ecosystem.py; do not edit.
title: Public projects
description: What cachekeys says of {len(projects)} public Python projects built with Rust
hide:
  - toc
---

# Public projects

`cachekeys {version}` checked {plural(len(projects), "project")} in {len(shown)} public repositories on {date}. They are not a random sample. Each
project is built by maturin or setuptools-rust; the test projects and examples of a repository count too ({len(its)} are of
{most.name.replace("+", "/", 1)}).

{table(projects, not_checked)}

"Developed with uv" means that the project has a table `[tool.uv]` or a `uv.lock`.

The median list of the projects that have keys holds {statistics.median(of(lists, "before")):g} keys, and
{statistics.median(of(lists, "after")):g} after `cachekeys check --fix`. Over all projects, also those without keys, the median is
{statistics.median(fixed):g} keys after the fix. The longest list has {max(fixed)}.

Click a repository to see its commit and the keys that the fix removes (`-`) and adds (`+`). The numbers on the right count the keys
before and after the fix.

{chr(10).join(f"{text}{chr(10)}" for text in blocks)}"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", type=pathlib.Path, metavar="CHECKOUTS")
    parser.add_argument("command", metavar="CACHEKEYS")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the day to write on the page")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(__file__).with_name("ecosystem.md"))
    arguments = parser.parse_args()
    version = subprocess.run([arguments.command, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    checked, skipped = check(arguments.checkouts.resolve(), arguments.command)
    arguments.output.write_text(page(checked, skipped, version, arguments.date), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
