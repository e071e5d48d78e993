//! The macros and attributes that read files or variables at compile time, and where each looks for them.

/// What the argument stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    File,
    Directory,
    /// A directory if one of that name exists, else a file.
    Either,
    Variable,
}

/// Where a relative path starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relative {
    /// The directory of the file with the macro.
    File,
    /// The directory of Cargo.toml.
    Package,
    /// The directory of Cargo.toml, then its `src`.
    PackageThenSource,
    /// `templates` in the directory of Cargo.toml.
    Templates,
}

pub(super) struct Macro {
    pub(super) name: &'static str,
    /// The name in messages.
    pub(super) by: &'static str,
    pub(super) takes: Takes,
    pub(super) relative: Relative,
    /// `name!({ field: … })`; `None` for the first argument.
    pub(super) field: Option<&'static str>,
    /// The default of the argument.
    pub(super) default: Option<&'static str>,
    /// Whether other crates have a macro of that name too. It then only counts if the file exists.
    pub(super) is_common: bool,
}

impl Macro {
    /// Whether it belongs to the standard library, and so is not replaced by a local macro of that name.
    pub(super) fn is_core(&self) -> bool {
        self.relative == Relative::File
    }
}

pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) by: &'static str,
    /// `name(field = …)`; `None` for `name = …`.
    pub(super) field: Option<&'static str>,
    pub(super) takes: Takes,
    pub(super) relative: Relative,
}

const fn entry(name: &'static str, by: &'static str, takes: Takes, relative: Relative) -> Macro {
    Macro { name, by, takes, relative, field: None, default: None, is_common: false }
}

const fn common(
    name: &'static str,
    by: &'static str,
    takes: Takes,
    field: Option<&'static str>,
    default: Option<&'static str>,
) -> Macro {
    Macro { name, by, takes, relative: Relative::Package, field, default, is_common: true }
}

/// Sources: the standard library's `include_str`, `include_bytes`, `include`, `env`, `option_env`; the documentation of
/// `include_dir`, `sqlx`, `diesel_migrations`, `refinery`; then of `rust-i18n`, `fluent-templates`, `leptos_i18n`, `wit-bindgen`,
/// `wasmtime`, `minijinja-embed`, `memory-serve`, `static-serve`, `tauri`. Macros whose arguments are just files need no line
/// here.
pub(super) const MACROS: &[Macro] = &[
    entry("include_str", "include_str!", Takes::File, Relative::File),
    entry("include_bytes", "include_bytes!", Takes::File, Relative::File),
    entry("include", "include!", Takes::File, Relative::File),
    entry("env", "env!", Takes::Variable, Relative::File),
    entry("option_env", "option_env!", Takes::Variable, Relative::File),
    entry("include_dir", "include_dir!", Takes::Directory, Relative::Package),
    entry("query_file", "query_file!", Takes::File, Relative::Package),
    Macro { default: Some("migrations"), ..entry("migrate", "migrate!", Takes::Directory, Relative::Package) },
    Macro {
        default: Some("migrations"),
        ..entry("embed_migrations", "embed_migrations!", Takes::Directory, Relative::Package)
    },
    common("i18n", "i18n!", Takes::Directory, None, Some("locales")),
    common("static_loader", "static_loader!", Takes::Directory, Some("locales"), None),
    common("load_locales", "load_locales!", Takes::Directory, None, Some("locales")),
    common("generate", "generate!", Takes::Either, Some("path"), Some("wit")),
    common("bindgen", "bindgen!", Takes::Either, Some("path"), Some("wit")),
    common("embed_templates", "embed_templates!", Takes::Directory, None, None),
    common("load_assets", "load_assets!", Takes::Directory, None, None),
    common("embed_assets", "embed_assets!", Takes::Directory, None, None),
    common("generate_context", "generate_context!", Takes::File, None, Some("tauri.conf.json")),
];

pub(super) const DEBUGGER_VISUALIZER: &str = "debugger_visualizer";

/// Sources: the Rust reference, "Debugger attributes"; the documentation of `rust-embed`, `askama` (of `rinja` and `sailfish` likewise) and `pest_derive`.
pub(super) const ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: DEBUGGER_VISUALIZER,
        by: "#[debugger_visualizer]",
        field: Some("gdb_script_file"),
        takes: Takes::File,
        relative: Relative::File,
    },
    Attribute {
        name: DEBUGGER_VISUALIZER,
        by: "#[debugger_visualizer]",
        field: Some("natvis_file"),
        takes: Takes::File,
        relative: Relative::File,
    },
    Attribute { name: "folder", by: "#[folder]", field: None, takes: Takes::Directory, relative: Relative::Package },
    Attribute {
        name: "template",
        by: "#[template]",
        field: Some("path"),
        takes: Takes::File,
        relative: Relative::Templates,
    },
    Attribute {
        name: "grammar",
        by: "#[grammar]",
        field: None,
        takes: Takes::File,
        relative: Relative::PackageThenSource,
    },
];
