//! Environment variables that do not affect what is built, and variables that helper crates set.

/// Whether a variable affects what is built.
pub(super) fn is_of_the_build(name: &str) -> bool {
    !is_cargos_own(name) && !is_of_the_machine(name) && !is_of_a_helper(name)
}

/// Variables that cargo sets for a build script, or that change cargo's own fingerprint (cargo book, "Environment variables
/// Cargo sets for build scripts").
pub(in crate::inputs) fn is_cargos_own(name: &str) -> bool {
    const OWN: &[&str] = &[
        "OUT_DIR", "TARGET", "HOST", "NUM_JOBS", "OPT_LEVEL", "DEBUG", "PROFILE", "RUSTC", "RUSTDOC", "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER", "RUSTC_LINKER", "RUSTFLAGS", "CARGO",
    ];
    OWN.contains(&name) || name.starts_with("CARGO_") || name.starts_with("DEP_")
}

/// Variables that depend on the machine, not on the build.
pub(in crate::inputs) fn is_of_the_machine(name: &str) -> bool {
    const MACHINE: &[&str] = &[
        "ALLUSERSPROFILE", "APPDATA", "CI", "COMSPEC", "DOCS_RS", "HOME", "HOMEBREW_PREFIX", "HOMEDRIVE", "HOMEPATH",
        "INCLUDE", "LIB", "LOCALAPPDATA", "LOGNAME", "MATURIN_PYTHON_INTERPRETER", "NO_COLOR", "PATH", "PATHEXT",
        "PKG_CONFIG_PATH", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "PWD", "PYTHON",
        "PYTHONHOME", "PYTHONPATH", "RUST_BACKTRACE", "RUST_LOG", "SHELL", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TERM",
        "TMP", "TMPDIR", "USER", "USERNAME", "USERPROFILE", "VCPKG_INSTALLATION_ROOT", "VCPKG_ROOT", "VERBOSE",
        "VIRTUAL_ENV", "WINDIR",
    ];
    // Windows ignores the case of variables.
    MACHINE.iter().any(|known| known.eq_ignore_ascii_case(name))
        || ["CONDA_", "DYLD_", "GITHUB_", "LD_", "XDG_"].iter().any(|prefix| name.starts_with(prefix))
}

/// Variables that vergen sets for the compiler, and variables with the prefixes of vergen, built and shadow-rs (the documentation
/// of each).
pub(in crate::inputs) fn is_of_a_helper(name: &str) -> bool {
    ["BUILT_", "SHADOW_", "VERGEN_"].iter().any(|prefix| name.starts_with(prefix))
}
