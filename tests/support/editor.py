"""A client for the tests of the language server, with pygls. Arguments: the scenario, cachekeys, the project's directory."""

import asyncio
import pathlib
import shutil
import subprocess
import sys

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

SECONDS = 60


class Editor:
    """A client with the text of each open file, as an editor has it."""

    def __init__(self, cachekeys, root, encodings=None, options=None, abilities=True, settings=None):
        self.client = LanguageClient("editor-of-the-tests", "1")
        self.cachekeys, self.root, self.options = cachekeys, root, options
        self.texts, self.versions, self.published, self.watchers, self.log = {}, {}, {}, {}, []
        self.changed = asyncio.Condition()
        self.abilities = lsp.ClientCapabilities()
        if encodings:
            self.abilities.general = lsp.GeneralClientCapabilities(position_encodings=encodings)
        if abilities:
            self.abilities.workspace = lsp.WorkspaceClientCapabilities(
                configuration=settings is not None,
                workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True),
                did_change_watched_files=lsp.DidChangeWatchedFilesClientCapabilities(
                    dynamic_registration=True, relative_pattern_support=True
                ),
            )
            self.abilities.text_document = lsp.TextDocumentClientCapabilities(
                hover=lsp.HoverClientCapabilities(content_format=[lsp.MarkupKind.Markdown]),
                publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(
                    related_information=True, version_support=True
                ),
            )

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def published(params):
            async with self.changed:
                self.published.setdefault(params.uri, []).append(params)
                self.changed.notify_all()

        @self.client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
        async def register(params):
            async with self.changed:
                for registration in params.registrations:
                    self.watchers[registration.id] = registration
                self.changed.notify_all()

        @self.client.feature(lsp.CLIENT_UNREGISTER_CAPABILITY)
        def unregister(params):
            for registration in params.unregisterations:
                del self.watchers[registration.id]

        @self.client.feature(lsp.WORKSPACE_CONFIGURATION)
        def configuration(params):
            assert [item.section for item in params.items] == ["cachekeys"], params
            return [settings]

        @self.client.feature(lsp.WINDOW_LOG_MESSAGE)
        def log(params):
            self.log.append(params.message)

    async def __aenter__(self):
        await self.client.start_io(self.cachekeys, "server")
        folder = lsp.WorkspaceFolder(uri=self.root.as_uri(), name="folder")
        self.offer = await self.client.initialize_async(
            lsp.InitializeParams(
                capabilities=self.abilities,
                root_uri=self.root.as_uri(),
                workspace_folders=[folder],
                initialization_options=self.options,
            )
        )
        self.client.initialized(lsp.InitializedParams())
        return self

    async def __aexit__(self, kind, error, traceback):
        if kind is None:
            assert await self.client.shutdown_async(None) is None
            self.client.exit(None)
            code = await asyncio.wait_for(self.client._server.wait(), SECONDS)
            assert code == 0, f"exit code {code}"
            assert not (errors := await self.client._server.stderr.read()), errors
        else:
            self.client._server.kill()
        await self.client.stop()

    async def until(self, condition):
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(condition), SECONDS)

    def uri(self, name="pyproject.toml"):
        return (self.root / name).as_uri()

    def document(self, name="pyproject.toml"):
        return lsp.TextDocumentIdentifier(uri=self.uri(name))

    async def fresh(self, act, uri):
        """The diagnostics that the server publishes after `act` has sent its messages."""
        seen = len(self.published.get(uri, []))
        act()
        await self.until(lambda: len(self.published.get(uri, [])) > seen)
        return self.published[uri][-1]

    async def open(self, text=None, name="pyproject.toml"):
        uri = self.uri(name)
        self.texts[uri] = (self.root / name).read_bytes().decode() if text is None else text
        self.versions[uri] = 1
        item = lsp.TextDocumentItem(uri=uri, language_id="toml", version=1, text=self.texts[uri])
        act = lambda: self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
        return await self.fresh(act, uri)

    async def change(self, text, name="pyproject.toml"):
        """Replaces a text, and sends the whole document as the change."""
        return await self._change(lsp.TextDocumentContentChangeWholeDocument(text=text), text, name)

    async def replace(self, old, new, name="pyproject.toml"):
        """Sends a change of a part of the text."""
        text = self.texts[self.uri(name)]
        at = text.index(old)
        span = lsp.Range(start=self.position(text, at), end=self.position(text, at + len(old)))
        change = lsp.TextDocumentContentChangePartial(range=span, text=new)
        return await self._change(change, text.replace(old, new, 1), name)

    async def _change(self, change, text, name):
        uri = self.uri(name)
        self.texts[uri] = text
        self.versions[uri] += 1
        version = lsp.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
        params = lsp.DidChangeTextDocumentParams(text_document=version, content_changes=[change])
        published = await self.fresh(lambda: self.client.text_document_did_change(params), uri)
        assert published.version in (None, self.versions[uri]), published
        return published

    def units(self, text):
        size, encoding = {"utf-8": (1, "utf-8"), "utf-16": (2, "utf-16-le"), "utf-32": (4, "utf-32-le")}[
            self.offer.capabilities.position_encoding
        ]
        return len(text.encode(encoding)) // size

    def position(self, text, at):
        lines = text[:at].split("\n")
        return lsp.Position(line=len(lines) - 1, character=self.units(lines[-1]))

    def offset(self, text, position):
        lines = text.split("\n")
        before = sum(len(line) + 1 for line in lines[: position.line])
        line = lines[position.line] if position.line < len(lines) else ""
        column = next((at for at in range(len(line) + 1) if self.units(line[:at]) >= position.character), len(line))
        return before + column

    def shown(self, span, name="pyproject.toml"):
        """The text in a range."""
        text = self.texts[self.uri(name)]
        return text[self.offset(text, span.start) : self.offset(text, span.end)]

    def everything(self, name="pyproject.toml"):
        text = self.texts[self.uri(name)]
        return lsp.Range(start=lsp.Position(line=0, character=0), end=self.position(text, len(text)))

    async def actions(self, only=None, span=None, name="pyproject.toml"):
        context = lsp.CodeActionContext(diagnostics=[], only=only)
        span = span or self.everything(name)
        params = lsp.CodeActionParams(text_document=self.document(name), range=span, context=context)
        return list(await self.client.text_document_code_action_async(params) or [])

    def applied(self, action, name="pyproject.toml"):
        """The text after the edit of an action."""
        uri = self.uri(name)
        if self.abilities.workspace:
            [change] = action.edit.document_changes
            assert change.text_document.uri == uri and change.text_document.version == self.versions[uri], change
            edits = change.edits
        else:
            edits = action.edit.changes[uri]
        text = self.texts[uri]
        for edit in sorted(edits, key=lambda edit: self.offset(text, edit.range.start), reverse=True):
            start, end = self.offset(text, edit.range.start), self.offset(text, edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text

    async def hover(self, word, name="pyproject.toml"):
        text = self.texts[self.uri(name)]
        at = self.position(text, text.index(word) + 1)
        params = lsp.HoverParams(text_document=self.document(name), position=at)
        hover = await self.client.text_document_hover_async(params)
        return hover and hover.contents

    async def hints(self, name="pyproject.toml"):
        params = lsp.InlayHintParams(text_document=self.document(name), range=self.everything(name))
        return await self.client.text_document_inlay_hint_async(params)

    async def disk(self, name, kind=lsp.FileChangeType.Changed, about="pyproject.toml"):
        """Notifies the server that a file changed on the disk, as a client that watches the file does."""
        event = lsp.FileEvent(uri=self.uri(name), type=kind)
        params = lsp.DidChangeWatchedFilesParams(changes=[event])
        act = lambda: self.client.workspace_did_change_watched_files(params)
        return await self.fresh(act, self.uri(about))


def codes(published):
    return sorted(diagnostic.code for diagnostic in published.diagnostics)


def fixed(cachekeys, root, arguments=()):
    """The result of `check --fix` on a copy of the project."""
    copy = root.with_name(root.name + "-fixed")
    shutil.copytree(root, copy)
    try:
        run = [cachekeys, "check", "--fix", *arguments, str(copy)]
        subprocess.run(run, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return (copy / "pyproject.toml").read_bytes().decode()
    finally:
        shutil.rmtree(copy)


async def diagnostics_are_those_of_the_text(cachekeys, root):
    async with Editor(cachekeys, root) as editor:
        opened = await editor.open()
        assert codes(opened) == ["CK103", "CK104", "CK201", "CK202", "CK302"], codes(opened)
        # The diagnostics are sorted, the most severe last.
        info, output, _, source, _ = opened.diagnostics
        assert (source.source, source.severity) == ("cachekeys", lsp.DiagnosticSeverity.Error), source
        assert (output.severity, info.severity) == (lsp.DiagnosticSeverity.Warning, lsp.DiagnosticSeverity.Hint)
        assert editor.shown(source.range) == "cache-keys" and editor.shown(output.range) == '{ file = "**/*.rs" }'
        [related] = source.related_information
        assert related.location.uri == (root.parent / "greeting/src/lib.rs").as_uri(), related
        # The server uses the text in the editor, not the file.
        changed = await editor.replace("**/*.rs", "src/**/*.rs")
        assert codes(changed) == ["CK103", "CK104", "CK302"], codes(changed)
        broken = await editor.replace("cache-keys = [", "cache-keys = [[")
        [syntax] = broken.diagnostics
        assert syntax.code is None and syntax.severity == lsp.DiagnosticSeverity.Error, syntax
        assert syntax.range.start.line >= 15 and syntax.message.startswith("not valid TOML"), syntax
        wrong = await editor.change("[tool.cachekeys]\nselekt = []\n")
        [setting] = wrong.diagnostics
        assert editor.shown(setting.range) == "selekt" and "did you mean `select`" in setting.message, setting
        # `check` skips a project without Rust and without keys.
        assert not (await editor.change('[project]\nname = "x"\n')).diagnostics
        closing = lsp.DidCloseTextDocumentParams(text_document=editor.document())
        closed = await editor.fresh(lambda: editor.client.text_document_did_close(closing), editor.uri())
        assert not closed.diagnostics and not editor.log, editor.log


async def fixes_are_those_of_the_command(cachekeys, root):
    expected = fixed(cachekeys, root)
    async with Editor(cachekeys, root) as editor:
        await editor.open()
        before = (root / "pyproject.toml").read_bytes()
        for only in ["source.fixAll.cachekeys", "source.fixAll", "source", ""]:
            actions = await editor.actions(only=[only])
            [action] = [action for action in actions if action.kind == "source.fixAll.cachekeys"]
            assert len(actions) == 1 or only == "", actions
            assert editor.applied(action) == expected, editor.applied(action)
        assert not await editor.actions(only=["refactor", "source.fixAll.ruff"])
        # Applying the fixes one by one leads to the same text.
        for _ in range(9):
            actions = await editor.actions(only=[lsp.CodeActionKind.QuickFix])
            preferred = [action for action in actions if action.is_preferred]
            if not preferred:
                break
            [diagnostic] = preferred[0].diagnostics
            assert preferred[0].title.startswith(diagnostic.code + ": "), preferred[0].title
            left = await editor.change(editor.applied(preferred[0]))
            assert diagnostic.message not in [other.message for other in left.diagnostics], diagnostic
        assert editor.texts[editor.uri()] == expected, editor.texts[editor.uri()]
        assert (root / "pyproject.toml").read_bytes() == before, "the server has written"


async def an_unsafe_fix_is_marked(cachekeys, root):
    pyproject = root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace("**/*.rs", "gone/**/*.rs"))
    expected = fixed(cachekeys, root, ["--unsafe-fixes", "--select", "CK003"])
    async with Editor(cachekeys, root) as editor:
        await editor.open()
        text = editor.texts[editor.uri()]
        at = editor.position(text, text.index("gone"))
        actions = await editor.actions(span=lsp.Range(start=at, end=at), only=[lsp.CodeActionKind.QuickFix])
        [unsafe] = [action for action in actions if action.title.endswith(" (unsafe)")]
        assert not unsafe.is_preferred and unsafe.title.startswith("CK003: "), unsafe
        assert editor.applied(unsafe) == expected, editor.applied(unsafe)


async def an_ignored_finding_is_gone(cachekeys, root):
    async with Editor(cachekeys, root) as editor:
        opened = await editor.open()
        wanted = codes(opened)
        while wanted:
            actions = await editor.actions(only=[lsp.CodeActionKind.QuickFix])
            title = f"Ignore {wanted[0]} here"
            [action] = [action for action in actions if action.title == title]
            left = await editor.change(editor.applied(action))
            wanted.pop(0)
            assert codes(left) == wanted, codes(left)
        text = editor.texts[editor.uri()]
        assert text.count("# cachekeys: ignore[") == 2, text


async def hover_says_what_a_key_covers(cachekeys, root):
    for abilities, mark in [(True, "`"), (False, "")]:
        async with Editor(cachekeys, root, abilities=abilities) as editor:
            await editor.open()
            glob = await editor.hover("**/*.rs")
            assert glob.kind == ("markdown" if abilities else "plaintext"), glob
            assert glob.value.startswith(f"{mark}**/*.rs{mark} covers 1 file, 1 input of the build."), glob.value
            assert f"- {mark}src/lib.rs{mark}" in glob.value and "uv walks 4 directories" in glob.value, glob.value
            # The hover contains the page of a rule, since the page has no URL.
            assert "## Why it is bad" in glob.value and "(CK201)" in glob.value, glob.value
            whole = await editor.hover("cache-keys")
            assert whole.value.startswith("4 keys for 6 inputs of the build: 4 covered, 2 not covered."), whole.value
            literal = await editor.hover('"Cargo.lock"')
            assert literal.value == f"{mark}Cargo.lock{mark} covers 1 file, 1 input of the build.", literal.value
            assert await editor.hover("[project]") is None


async def hints_are_off_until_asked_for(cachekeys, root):
    async with Editor(cachekeys, root) as editor:
        await editor.open()
        assert await editor.hints() is None
    for given in [{"options": {"inlayHints": True}}, {"settings": {"inlayHints": True}}]:
        async with Editor(cachekeys, root, **given) as editor:
            await editor.open()
            hints = await editor.hints()
            assert [hint.label for hint in hints] == ["1 file"] * 4, hints
            assert [hint.position.line for hint in hints] == [16, 17, 18, 19], hints
    async with Editor(cachekeys, root, options={"inlayHints": "yes"}) as editor:
        await editor.open()
        assert await editor.hints() is None and "inlayHints" not in str(editor.published)
        assert any("settings of cachekeys" in line for line in editor.log), editor.log


async def changes_on_the_disk_count(cachekeys, root):
    async with Editor(cachekeys, root) as editor:
        await editor.open()
        await editor.change(fixed(cachekeys, root))
        await editor.until(lambda: {"everywhere", "inputs"} <= editor.watchers.keys())
        watchers = editor.watchers["inputs"].register_options["watchers"]
        directories = [watcher["globPattern"]["baseUri"] for watcher in watchers]
        assert (root.parent / "greeting/src").as_uri() in directories, directories
        assert codes(await editor.disk("src/lib.rs")) == ["CK302"]
        # A source now embeds a file that no key covers.
        (root / "words.txt").write_text("word\n")
        lib = root / "src/lib.rs"
        source = lib.read_text()
        lib.write_text(source + '\nconst WORDS: &str = include_str!("../words.txt");\n')
        embedded = await editor.disk("src/lib.rs")
        assert codes(embedded) == ["CK107", "CK302"], codes(embedded)
        [related] = embedded.diagnostics[-1].related_information
        assert related.location.uri == lib.as_uri(), related
        assert related.location.range.start.line == source.count("\n") + 1, related
        lib.write_text(source)
        assert codes(await editor.disk("src/lib.rs")) == ["CK302"]
        # A manifest now names another crate, so cargo is asked again.
        crate = root.parent / "another"
        (crate / "src").mkdir(parents=True)
        (crate / "Cargo.toml").write_text('[package]\nname = "another"\nversion = "0.1.0"\nedition = "2021"\n')
        (crate / "src/lib.rs").write_text("")
        manifest = root / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace("[dependencies]\n", '[dependencies]\nanother = { path = "../another" }\n'))
        assert codes(await editor.disk("Cargo.toml")) == ["CK103", "CK104", "CK302"], editor.published


async def changes_are_seen_without_the_client(cachekeys, root):
    async with Editor(cachekeys, root, abilities=False) as editor:
        await editor.open(fixed(cachekeys, root))
        await editor.hover("cache-keys")
        (root / "words.txt").write_text("word\n")
        lib = root / "src/lib.rs"
        lib.write_text(lib.read_text() + '\nconst WORDS: &str = include_str!("../words.txt");\n')
        await editor.until(lambda: codes(editor.published[editor.uri()][-1]) == ["CK107", "CK302"])
        assert not editor.watchers, editor.watchers


async def positions_are_in_the_encoding_agreed_on(cachekeys, root):
    pyproject = root / "pyproject.toml"
    inline = 'uv = { cache-keys = [{ env = "ü€𝄞" }, { file = "**/*.rs" }] }'
    head = pyproject.read_text().split("[tool.uv]")[0].replace("[tool.maturin]", f"[tool]\n{inline}\n\n[tool.maturin]")
    kinds = lsp.PositionEncodingKind
    for newline in ["\n", "\r\n"]:
        pyproject.write_bytes(("# ü\n" + head).replace("\n", newline).encode())
        expected = fixed(cachekeys, root)
        for offered, agreed in [
            (None, kinds.Utf16),
            ([kinds.Utf8, kinds.Utf16], kinds.Utf8),
            ([kinds.Utf32, kinds.Utf8], kinds.Utf32),
            (["utf-7", kinds.Utf16], kinds.Utf16),
        ]:
            async with Editor(cachekeys, root, encodings=offered) as editor:
                assert editor.offer.capabilities.position_encoding == agreed, editor.offer
                opened = await editor.open()
                [output] = [found for found in opened.diagnostics if found.code == "CK201"]
                assert editor.shown(output.range) == '{ file = "**/*.rs" }', output
                [action] = await editor.actions(only=["source.fixAll.cachekeys"])
                assert editor.applied(action) == expected, editor.applied(action)
                # The change follows characters of all encoded lengths.
                changed = await editor.replace("**/*.rs", "src/**/*.rs")
                assert "CK201" not in codes(changed) and "CK103" in codes(changed), codes(changed)
                glob = await editor.hover("src/**/*.rs")
                assert glob.value.startswith("`src/**/*.rs` covers 1 file"), glob


async def a_folder_may_come_later(cachekeys, root):
    other = root.with_name("other folder ü")
    shutil.copytree(root, other)
    async with Editor(cachekeys, root) as editor:
        await editor.open()
        event = lsp.WorkspaceFoldersChangeEvent(added=[lsp.WorkspaceFolder(uri=other.as_uri(), name="other")], removed=[])
        editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event=event))
        name = pathlib.Path("..") / other.name / "pyproject.toml"
        editor.uri = lambda name=name: (root / name).resolve().as_uri()
        opened = await editor.open(name=name)
        assert "%20" in opened.uri and codes(opened)[:2] == ["CK103", "CK104"], opened


async def main():
    scenario, cachekeys, root = sys.argv[1:]
    await asyncio.wait_for(globals()[scenario](cachekeys, pathlib.Path(root).resolve()), 5 * SECONDS)


asyncio.run(main())
