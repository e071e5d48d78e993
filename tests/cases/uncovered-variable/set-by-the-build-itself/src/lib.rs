env!("SET_BY_SCRIPT"); env!("SET_BY_CONFIG"); option_env!("FROM_OUTSIDE"); env!("CARGO_PKG_NAME");
