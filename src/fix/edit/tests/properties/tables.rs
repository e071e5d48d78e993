//! Random arrays of tables, and documents without a list.

use proptest::prelude::*;
use proptest::sample::select;

use super::document::{Document, Form, Known, Writer, end_lines, frame, key, key_spec};
use crate::cache_keys::Key;

/// A block of an array of tables, and the text around it.
#[derive(Clone, Debug)]
struct BlockSpec {
    key: (usize, &'static str),
    writing: usize,
    above: usize,
    blank_lines: usize,
    comments: bool,
    /// The text between this block and the next.
    then: &'static str,
}

fn block() -> impl Strategy<Value = BlockSpec> {
    let then = ["", "", "", "\n", "@\n\n", "\n[table%]\nx = 1 @\n", "[[array%]]\n@\n\n"];
    (key_spec(), 0_usize..3, 0_usize..3, 0_usize..3, any::<bool>(), select(then.to_vec())).prop_map(
        |(key, writing, above, blank_lines, comments, then)| BlockSpec {
            key,
            writing,
            above,
            blank_lines,
            comments,
            then,
        },
    )
}

/// Documents with `[[tool.uv.cache-keys]]`.
pub(super) fn document() -> impl Strategy<Value = Document> {
    let uv = select(vec!["", "[tool.uv]\npackage = true\n", "[tool]\nuv.package = true @\n\n"]);
    (frame(), uv, prop::collection::vec(block(), 1..5)).prop_map(|(frame, uv, blocks)| {
        let mut writer = frame.start(false);
        // The blank line keeps comments in `uv` apart from the comment above the first block.
        writer.template(uv);
        writer.push("\n");
        let head = 0..writer.text.trim_end().len();
        let mut outside = Vec::from([head]);
        let mut document = Document { form: Form::Blocks, ..Document::default() };
        for (id, spec) in blocks.iter().enumerate() {
            document.entries.push(write(&mut writer, id, spec));
            let start = writer.text.len();
            writer.template(spec.then);
            let then = &writer.text[start..];
            if !then.trim().is_empty() {
                outside.push(start + (then.len() - then.trim_start().len())..start + then.trim_end().len());
            }
        }
        let start = writer.text.len();
        frame.finish(&mut writer, false);
        // The text before the next header may be comments of the last block.
        let tail = writer.text.get(start..).unwrap_or_default();
        let header = if tail.starts_with('[') { Some(0) } else { tail.find("\n[").map(|newline| newline + 1) };
        let end = header.map_or(0, |header| tail.len() - header);
        outside.push(writer.text.len() - end..writer.text.len());
        let (text, outside) = end_lines(&writer.text, &outside, frame.ends);
        Document { text, outside, ..document }
    })
}

fn write(writer: &mut Writer, id: usize, spec: &BlockSpec) -> Known {
    let mut known = Known::new(Some(id), key(id, spec.key));
    writer.push(&"\n".repeat(spec.blank_lines));
    for _ in 0..spec.above {
        known.above.push(writer.comment(""));
        writer.push("\n");
    }
    writer.push(
        ["[[tool.uv.cache-keys]]", "  [[ tool . \"uv\" . 'cache-keys' ]]", "[[tool.uv.cache-keys]]"][spec.writing],
    );
    if spec.comments {
        known.around.push(writer.comment(" "));
        known.around.push(writer.comment("\n"));
    }
    writer.push("\n");
    let (name, text) = match &known.key {
        Key::File(text) => ("file", text),
        Key::Dir(text) => ("dir", text),
        Key::Env(text) => ("env", text),
        Key::Git { commit, tags } => {
            match spec.writing {
                0 => writer.push(&format!("git.commit = {commit}\ngit.tags = {tags}")),
                1 => writer.push(&format!("  git = {{ commit = {commit}, tags = {tags} }}")),
                _ => writer.push(&format!("\n[tool.uv.cache-keys.git]\ncommit={commit}\n\ntags={tags}")),
            }
            if spec.comments {
                known.inside.push(writer.comment(" "));
            }
            writer.push("\n");
            return known;
        }
    };
    let indentation = if spec.writing == 1 { "  " } else { "" };
    writer.push(&format!("{indentation}{name} = {}", serde_json::to_string(text).unwrap()));
    if spec.comments {
        known.behind.push(writer.comment(" "));
    }
    writer.push("\n");
    known
}

/// Forms of `tool` and `tool.uv` without a list, and whether the list will be in the root table.
const WITHOUT_LIST: [(bool, &str); 18] = [
    (false, ""),
    (false, "[tool]\n"),
    (false, "[tool.uv]\n"),
    (false, "[tool.uv] @\n@\n\n"),
    (false, "[tool.uv]\n@\n"),
    (false, "[tool.uv]\n  package=true @\n  @\n"),
    (false, "[tool.uv]\npip.x = '''\n# c0\n''' @\n\n@\n[tool.uv.sources]\n"),
    (false, "@\n@\n[[tool.uv.index]] @\nurl = 'u'\n[tool.uv.sources]\n"),
    (false, "[tool.uv.sources.a]\n\n[tool]\nuv.package = true @\n         # c0\n"),
    (false, "[tool]\nuv . 'pip' . x = 1\nother = 2\n\n[tool.uv.sources]\n"),
    (false, "[tool]\nuv = {} @\n"),
    (false, "[tool]\nuv = { package = true, pip.y = 2 }\n"),
    (false, "[tool]\nuv = {\n  package = true @\n}\n"),
    (true, "tool.uv.x = 1 @\ntool.y = 2\n"),
    (true, "tool.uv = {x=1}\n"),
    (true, "tool = { }\n"),
    (true, "tool = { uv.x = 1, y = 2 }\n"),
    (true, "tool.other = 1\n"),
];

/// Documents without a list.
pub(super) fn document_without_list() -> impl Strategy<Value = Document> {
    (frame(), select(WITHOUT_LIST.to_vec())).prop_map(|(frame, (root, uv))| {
        let mut writer = frame.start(root);
        writer.template(uv);
        frame.finish(&mut writer, root);
        let (text, _) = end_lines(&writer.text, &[], frame.ends);
        Document { text, ..Document::default() }
    })
}
