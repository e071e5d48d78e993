pub const ALL: [&str; 5] = [env!("H"), env!("ONE"), env!("TWO"), env!("VERSION_A"), env!("OTHER")];
pub const SHA: Option<&str> = option_env!("VERGEN_GIT_SHA");
pub const HOME: Option<&str> = option_env!("HOME");
