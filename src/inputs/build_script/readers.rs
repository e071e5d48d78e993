//! The calls by which a build script reads: the standard library's, and those of the crates that generate code or compile C.
//!
//! Sources: the documentation of each crate; what each prints for cargo was read in its source, at the version named.

/// What a call reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// A file.
    File,
    /// A directory and what is in it.
    Directory,
    /// All files with this suffix below a directory.
    Suffix(&'static str),
}

/// What cargo learns of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    Nothing,
    /// The crate prints a `rerun-if-changed` line for what it is given.
    Paths,
    /// The crate prints lines, and none for what it is given: cargo no longer watches the package (cargo book, "Change
    /// Detection").
    Others,
}

/// A function or method that reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    /// What stands before `::`, one of these; a method has none.
    qualifiers: &'static [&'static str],
    name: &'static str,
    /// Which argument names what is read; `None`: what the method is called on.
    pub(super) argument: Option<usize>,
    /// The argument where there is none.
    pub(super) default: Option<&'static str>,
    pub(super) reads: Reads,
    pub(super) tells: Tells,
    /// One of these must be named by the script for the call to be this one.
    crates: &'static [&'static str],
}

const fn function(qualifiers: &'static [&'static str], name: &'static str, reads: Reads) -> Reader {
    Reader { qualifiers, name, argument: Some(0), default: None, reads, tells: Tells::Nothing, crates: &[] }
}

const fn method(crates: &'static [&'static str], name: &'static str, reads: Reads) -> Reader {
    Reader { qualifiers: &[], name, argument: Some(0), default: None, reads, tells: Tells::Nothing, crates }
}

const fn telling(tells: Tells, reader: Reader) -> Reader {
    Reader { tells, ..reader }
}

/// The directories where imports are looked for: the second argument.
const fn imports(reader: Reader) -> Reader {
    Reader { argument: Some(1), reads: Reads::Suffix("proto"), ..reader }
}

const FS: &[&str] = &["fs", "fs_err", ""];
const PROST: &[&str] = &["prost_build"];
const TONIC: &[&str] = &["tonic_build", "tonic_prost_build"];
const LALRPOP: &[&str] = &["lalrpop"];
const CC: &[&str] = &["cc", "cxx_build"];
const GRAMMARS: Reads = Reads::Suffix("lalrpop");

const READERS: &[Reader] = &[
    function(FS, "read_to_string", Reads::File),
    function(&["fs", "fs_err"], "read", Reads::File),
    function(&["fs", "fs_err"], "copy", Reads::File),
    function(&["File"], "open", Reads::File),
    function(FS, "read_dir", Reads::Directory),
    Reader { argument: None, ..method(&[], "read_dir", Reads::Directory) },
    function(&["WalkDir"], "new", Reads::Directory),
    method(&["csv"], "from_path", Reads::File),
    // tonic-build 0.12 and tonic-prost-build 0.14 print what they are given; prost-build 0.14 prints nothing.
    telling(Tells::Paths, method(TONIC, "compile_protos", Reads::File)),
    telling(Tells::Paths, imports(method(TONIC, "compile_protos", Reads::File))),
    telling(Tells::Paths, method(TONIC, "compile", Reads::File)),
    telling(Tells::Paths, imports(method(TONIC, "compile", Reads::File))),
    telling(Tells::Paths, function(TONIC, "compile_protos", Reads::File)),
    method(PROST, "compile_protos", Reads::File),
    imports(method(PROST, "compile_protos", Reads::File)),
    function(PROST, "compile_protos", Reads::File),
    imports(function(PROST, "compile_protos", Reads::File)),
    function(&["protox"], "compile", Reads::File),
    imports(function(&["protox"], "compile", Reads::File)),
    method(&["protobuf_codegen"], "input", Reads::File),
    method(&["protobuf_codegen"], "inputs", Reads::File),
    method(&["capnpc"], "file", Reads::File),
    // cc 1.x prints `rerun-if-env-changed` lines alone.
    telling(Tells::Others, method(CC, "file", Reads::File)),
    telling(Tells::Others, method(CC, "files", Reads::File)),
    telling(Tells::Others, method(CC, "include", Reads::Suffix("h"))),
    telling(Tells::Paths, function(&["cxx_build"], "bridge", Reads::File)),
    telling(Tells::Paths, function(&["cxx_build"], "bridges", Reads::File)),
    function(&["cmake"], "build", Reads::Directory),
    Reader { crates: &["cmake"], ..function(&["Config"], "new", Reads::Directory) },
    method(&["bindgen"], "header", Reads::File),
    telling(Tells::Paths, function(&["uniffi", "uniffi_build"], "generate_scaffolding", Reads::File)),
    Reader { default: Some("."), ..function(LALRPOP, "process_root", GRAMMARS) },
    Reader { default: Some("src"), ..function(LALRPOP, "process_src", GRAMMARS) },
    Reader { default: Some("."), ..method(LALRPOP, "process", GRAMMARS) },
    Reader { default: Some("src"), ..method(LALRPOP, "process_current_dir", GRAMMARS) },
    method(LALRPOP, "process_file", Reads::File),
    function(&["embed_resource"], "compile", Reads::File),
];

/// The readers that a call is. `qualifier` is `None` for a method; `named` says whether the script names a crate.
pub(super) fn find(
    qualifier: Option<&str>,
    name: &str,
    named: impl Fn(&str) -> bool,
) -> impl Iterator<Item = &'static Reader> {
    READERS.iter().filter(move |reader| {
        let is_called = match qualifier {
            None => reader.qualifiers.is_empty(),
            Some(qualifier) => reader.qualifiers.contains(&qualifier),
        };
        is_called && reader.name == name && (reader.crates.is_empty() || reader.crates.iter().any(|found| named(found)))
    })
}

/// The instruction that a macro or function prints: `cargo_emit::rerun_if_changed!`, `build_rs::output::rerun_if_changed`,
/// `autocfg::rerun_path`.
pub(super) fn printed_key(name: &str) -> Option<&'static str> {
    match name {
        "rerun_if_changed" | "rerun_path" => Some("rerun-if-changed"),
        "rerun_if_env_changed" | "rerun_env" => Some("rerun-if-env-changed"),
        _ => None,
    }
}

/// Programs that read sources when they run: what a script builds with them cannot be seen.
pub(super) const BUILDERS: &[&str] = &[
    "bash", "bazel", "bun", "cbindgen", "cmake", "conan", "flatc", "gcc", "clang", "go", "gradle", "make", "meson",
    "ninja", "node", "npm", "npx", "nvcc", "pnpm", "protoc", "python", "python3", "sh", "swig", "yarn", "zig",
];
