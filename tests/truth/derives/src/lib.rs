use askama::Template;
use pest_derive::Parser;
use rust_embed::Embed;

#[derive(Template)]
#[template(path = "hello.txt")]
pub struct Hello;

#[derive(Parser)]
#[grammar = "grammar.pest"]
pub struct Grammar;

#[derive(Embed)]
#[folder = "assets"]
pub struct Assets;

pub static DIR: include_dir::Dir = include_dir::include_dir!("$CARGO_MANIFEST_DIR/bundle");
