//! Known calls by which a build script reads and writes: those of the standard library, and of crates that generate code or
//! compile C.
//!
//! Sources: the documentation of each crate. The lines that each prints for cargo are taken from its source, at the named
//! version.

/// What a call reads, if it does not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// A file.
    File,
    /// A directory and what is in it.
    Directory,
    /// All files with this suffix below a directory.
    Suffix(&'static str),
    /// Nothing: it writes a file or directory.
    Nothing,
    /// Nothing: it makes a directory.
    MadeDirectory,
}

/// What a call tells cargo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    Nothing,
    /// The crate prints a `rerun-if-changed` line for its arguments, unless a call of the builder turns that off.
    Paths,
    /// The crate prints lines, but none for its arguments, so cargo no longer watches the package (cargo book, "Change
    /// Detection").
    Others,
}

/// A function or method that reads or writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownCall {
    /// One of these must come before `::`. Empty for a method.
    qualifiers: &'static [&'static str],
    name: &'static str,
    /// The index of the argument that names the file or directory; `None` if the receiver does.
    pub(super) argument: Option<usize>,
    /// The default of the argument.
    pub(super) default: Option<&'static str>,
    pub(super) reads: Reads,
    pub(super) tells: Tells,
    /// The script must name one of these crates.
    crates: &'static [&'static str],
}

const fn function(qualifiers: &'static [&'static str], name: &'static str, reads: Reads) -> KnownCall {
    KnownCall { qualifiers, name, argument: Some(0), default: None, reads, tells: Tells::Nothing, crates: &[] }
}

const fn method(crates: &'static [&'static str], name: &'static str, reads: Reads) -> KnownCall {
    KnownCall { qualifiers: &[], name, argument: Some(0), default: None, reads, tells: Tells::Nothing, crates }
}

const fn writer(name: &'static str) -> KnownCall {
    method(&[], name, Reads::Nothing)
}

const fn telling(tells: Tells, call: KnownCall) -> KnownCall {
    KnownCall { tells, ..call }
}

const fn nth(argument: usize, call: KnownCall) -> KnownCall {
    KnownCall { argument: Some(argument), ..call }
}

/// The argument with the directories that are searched for imports.
const fn imports(argument: usize, call: KnownCall) -> KnownCall {
    nth(argument, KnownCall { reads: Reads::Suffix("proto"), ..call })
}

const FS: &[&str] = &["fs", "fs_err", ""];
const QUALIFIED_FS: &[&str] = &["fs", "fs_err"];
const TONIC_PROST: &[&str] = &["tonic_prost_build"];
const PROST: &[&str] = &["prost_build", "tonic_prost_build"];
const TONIC: &[&str] = &["tonic_build"];
const LALRPOP: &[&str] = &["lalrpop"];
const CC: &[&str] = &["cc", "cxx_build"];
const GRAMMARS: Reads = Reads::Suffix("lalrpop");
const COMPILE: KnownCall = method(TONIC, "compile_protos", Reads::File);
const COMPILE_WITH: KnownCall = nth(1, method(TONIC, "compile_with_config", Reads::File));
const COMPILE_PROTOS_WITH: KnownCall = nth(1, method(TONIC, "compile_protos_with_config", Reads::File));
const COMPILE_OLD: KnownCall = method(TONIC, "compile", Reads::File);

const CALLS: &[KnownCall] = &[
    function(FS, "read_to_string", Reads::File),
    function(QUALIFIED_FS, "read", Reads::File),
    function(QUALIFIED_FS, "copy", Reads::File),
    nth(1, function(QUALIFIED_FS, "copy", Reads::Nothing)),
    function(QUALIFIED_FS, "write", Reads::Nothing),
    function(QUALIFIED_FS, "rename", Reads::Nothing),
    nth(1, function(QUALIFIED_FS, "rename", Reads::Nothing)),
    function(QUALIFIED_FS, "create_dir", Reads::MadeDirectory),
    function(FS, "create_dir_all", Reads::MadeDirectory),
    function(&["File"], "open", Reads::File),
    function(&["File"], "create", Reads::Nothing),
    function(&["File"], "create_new", Reads::Nothing),
    function(FS, "read_dir", Reads::Directory),
    KnownCall { argument: None, ..method(&[], "read_dir", Reads::Directory) },
    function(&["WalkDir", "Walk", "WalkBuilder"], "new", Reads::Directory),
    function(&["", "glob"], "glob", Reads::Directory),
    function(&["", "glob"], "glob_with", Reads::Directory),
    method(&["csv"], "from_path", Reads::File),
    // tonic-build 0.12 and 0.13 print lines for their arguments; prost-build 0.13 and 0.14 and tonic-prost-build 0.14 print
    // nothing.
    telling(Tells::Paths, COMPILE),
    telling(Tells::Paths, imports(1, COMPILE)),
    telling(Tells::Paths, COMPILE_WITH),
    telling(Tells::Paths, imports(2, COMPILE_WITH)),
    telling(Tells::Paths, COMPILE_PROTOS_WITH),
    telling(Tells::Paths, imports(2, COMPILE_PROTOS_WITH)),
    telling(Tells::Paths, COMPILE_OLD),
    telling(Tells::Paths, imports(1, COMPILE_OLD)),
    telling(Tells::Paths, function(TONIC, "compile_protos", Reads::File)),
    method(PROST, "compile_protos", Reads::File),
    imports(1, method(PROST, "compile_protos", Reads::File)),
    nth(1, method(TONIC_PROST, "compile_with_config", Reads::File)),
    imports(2, method(TONIC_PROST, "compile_with_config", Reads::File)),
    method(PROST, "load_fds", Reads::File),
    imports(1, method(PROST, "load_fds", Reads::File)),
    function(PROST, "compile_protos", Reads::File),
    imports(1, function(PROST, "compile_protos", Reads::File)),
    function(&["protox"], "compile", Reads::File),
    imports(1, function(&["protox"], "compile", Reads::File)),
    method(&["protobuf_codegen"], "input", Reads::File),
    method(&["protobuf_codegen"], "inputs", Reads::File),
    method(&["capnpc"], "file", Reads::File),
    // cc 1.x only prints `rerun-if-env-changed` lines.
    telling(Tells::Others, method(CC, "file", Reads::File)),
    telling(Tells::Others, method(CC, "files", Reads::File)),
    telling(Tells::Others, method(CC, "include", Reads::Suffix("h"))),
    telling(Tells::Others, method(CC, "includes", Reads::Suffix("h"))),
    telling(Tells::Paths, function(&["cxx_build"], "bridge", Reads::File)),
    telling(Tells::Paths, function(&["cxx_build"], "bridges", Reads::File)),
    function(&["cmake"], "build", Reads::Directory),
    KnownCall { crates: &["cmake"], ..function(&["Config"], "new", Reads::Directory) },
    method(&["bindgen"], "header", Reads::File),
    // bindgen's callbacks print a line for each header.
    telling(Tells::Paths, method(&["CargoCallbacks"], "header", Reads::File)),
    telling(Tells::Paths, function(&["uniffi", "uniffi_build"], "generate_scaffolding", Reads::File)),
    KnownCall { default: Some("."), ..function(LALRPOP, "process_root", GRAMMARS) },
    KnownCall { default: Some("src"), ..function(LALRPOP, "process_src", GRAMMARS) },
    KnownCall { default: Some("."), ..method(LALRPOP, "process", GRAMMARS) },
    KnownCall { default: Some("src"), ..method(LALRPOP, "process_current_dir", GRAMMARS) },
    method(LALRPOP, "process_file", Reads::File),
    function(&["embed_resource"], "compile", Reads::File),
    method(&["parol"], "grammar_file", Reads::File),
    // Methods of prost, tonic, cc, protobuf and others; of bindgen and cbindgen; of lalrpop; of parol, which puts its files
    // there.
    writer("out_dir"),
    writer("file_descriptor_set_path"),
    writer("write_to_file"),
    writer("set_out_dir"),
    function(&["Builder"], "with_explicit_output_dir", Reads::Nothing),
];

/// The known calls that match. `qualifier` is `None` for a method. `named` returns whether the script names a crate.
pub(super) fn find(
    qualifier: Option<&str>,
    name: &str,
    named: impl Fn(&str) -> bool,
) -> impl Iterator<Item = &'static KnownCall> {
    CALLS.iter().filter(move |call| {
        let is_called = match qualifier {
            None => call.qualifiers.is_empty(),
            Some(qualifier) => call.qualifiers.contains(&qualifier),
        };
        is_called && call.name == name && (call.crates.is_empty() || call.crates.iter().any(|found| named(found)))
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

/// Programs that read sources when they run. The sources that they read cannot be determined.
const BUILDERS: &[&str] = &[
    "bash", "bazel", "bun", "cbindgen", "cmake", "conan", "flatc", "gcc", "clang", "go", "gradle", "make", "meson",
    "ninja", "node", "npm", "npx", "nvcc", "pnpm", "protoc", "python", "python3", "sh", "swig", "yarn", "zig",
];

/// Whether a program builds something when it is run with these arguments.
pub(super) fn builds(program: &str, arguments: &[String]) -> bool {
    BUILDERS.contains(&program) && !asks(program, arguments)
}

/// Whether the arguments only ask for information about the program or the machine: `clang --print-targets`, `python -c "import
/// sysconfig; …"`.
fn asks(program: &str, arguments: &[String]) -> bool {
    const QUESTIONS: &[&str] = &["--help", "--print", "--version", "-dump", "-print", "-version"];
    let Some(first) = arguments.first() else { return false };
    match program {
        "python" | "python3" if first == "-c" => true,
        "node" | "bun" if first == "-e" || first == "-p" => true,
        _ => QUESTIONS.iter().any(|question| first.starts_with(question)) || matches!(first.as_str(), "-V" | "-v"),
    }
}
