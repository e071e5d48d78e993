//! The list of the rules, with code and name. Each rule is one line here and one file `src/rules/<name>.rs`.
//!
//! The list is below the rules, so that settings and comments can name rules without depending on their code.

/// Passes the list to the macro `$then`.
macro_rules! catalogue {
    ($then:ident) => {
        $then! {
            "CK001" malformed_cache_keys
            "CK002" misplaced_cache_keys
            "CK003" key_matches_nothing
            "CK004" directory_as_file
            "CK005" dir_does_not_track_contents
            "CK006" ineffective_negation
            "CK007" context_dependent_glob
            "CK008" absolute_key
            "CK009" needs_newer_uv
            "CK010" not_portable
            "CK101" missing_cache_keys
            "CK102" uncovered_pyproject
            "CK103" uncovered_source
            "CK104" uncovered_manifest
            "CK105" uncovered_lockfile
            "CK106" uncovered_build_script
            "CK107" uncovered_embedded_file
            "CK108" uncovered_build_script_input
            "CK109" uncovered_cargo_config
            "CK110" uncovered_toolchain
            "CK111" uncovered_variable
            "CK112" uncovered_package_data
            "CK113" uncovered_git_state
            "CK114" uncovered_metadata
            "CK201" matches_build_output
            "CK202" wide_walk
            "CK203" redundant_key
            "CK204" covers_unrelated_files
            "CK205" unconditional_reinstall
            "CK206" absent_lockfile
            "CK207" keys_yield_nothing
            "CK208" long_list
            "CK301" cargo_blind_input
            "CK302" costly_rebuild
            "CK303" unresolvable_project
            "CK304" unused_suppression
            "CK305" undetermined_input
        }
    };
}

pub(crate) use catalogue;

/// The code and name of a rule.
#[derive(Debug)]
pub(crate) struct Identity {
    /// `CK103`.
    pub(crate) code: &'static str,
    module: &'static str,
}

impl Identity {
    /// The name that reads after "found": `missing-cache-keys`.
    pub(crate) fn name(&self) -> String {
        name_of(self.module)
    }
}

/// The name of the rule in a module.
pub(crate) fn name_of(module: &str) -> String {
    module.replace('_', "-")
}

macro_rules! identities {
    ($($code:literal $module:ident)*) => {
        /// All rules, by code.
        pub(crate) static IDENTITIES: &[Identity] = &[$(Identity { code: $code, module: stringify!($module) }),*];
    };
}

catalogue!(identities);
