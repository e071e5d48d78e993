const P: &str = include_str!("/etc/passwd");
