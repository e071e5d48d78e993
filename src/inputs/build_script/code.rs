//! The parsed files of a build script, and their definitions.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Attribute, Block, Expr, ImplItem, Item, Signature, Stmt, TraitItem, Type};

use super::script::File;
use crate::inputs::macros;
use crate::inputs::sources::tokens::{self, Unfit};
use crate::inputs::unread::Unread;

/// The definitions in all files of a script.
#[derive(Default)]
pub(super) struct Code {
    pub(super) functions: HashMap<String, Vec<Rc<Function>>>,
    pub(super) constants: HashMap<String, Rc<Constant>>,
    /// The lines that the script's own macros print for cargo.
    pub(super) printing: HashMap<String, Vec<String>>,
    /// Code that cannot be parsed as Rust: the file (index) and its tokens.
    pub(super) unparsed: Vec<(usize, TokenStream)>,
    /// The words of all files.
    pub(super) words: HashSet<String>,
}

pub(super) struct Function {
    pub(super) file: usize,
    /// The type, module or crate through which it is called.
    pub(super) owner: String,
    pub(super) signature: Signature,
    pub(super) block: Block,
}

pub(super) struct Constant {
    pub(super) file: usize,
    pub(super) value: Expr,
}

impl Code {
    /// Parses a file and adds its definitions.
    pub(super) fn learn(&mut self, index: usize, file: &File) -> Result<(), Unread> {
        let unread = |unfit: Unfit| Unread::new(&file.path, &unfit);
        let tokens = tokens::parse(&file.text).map_err(unread)?;
        if is_tangled(tokens.clone(), 0) {
            return Err(unread(Unfit::Deep));
        }
        self.words.extend(tokens::words(tokens.clone()));
        match syn::parse2::<syn::File>(tokens.clone()) {
            Ok(parsed) => self.items(parsed.items, index, &owner(file)),
            Err(_) => self.unparsed.push((index, tokens)),
        }
        Ok(())
    }

    fn items(&mut self, items: Vec<Item>, file: usize, owner: &str) {
        for item in items {
            match item {
                Item::Fn(found) if !is_test(&found.attrs) => self.function(found.sig, *found.block, file, owner),
                Item::Mod(module) if !is_test(&module.attrs) => {
                    let items = module.content.map(|(_, items)| items).unwrap_or_default();
                    self.items(items, file, &module.ident.to_string());
                }
                Item::Impl(block) if !is_test(&block.attrs) => {
                    let Type::Path(of) = *block.self_ty else { continue };
                    let owner = of.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                    for item in block.items {
                        match item {
                            ImplItem::Fn(method) => self.function(method.sig, method.block, file, &owner),
                            ImplItem::Const(found) => self.constant(&found.ident, found.expr, file),
                            _ => {}
                        }
                    }
                }
                Item::Trait(found) => {
                    for item in found.items {
                        if let TraitItem::Fn(method) = item
                            && let Some(block) = method.default
                        {
                            self.function(method.sig, block, file, &found.ident.to_string());
                        }
                    }
                }
                Item::Const(found) => self.constant(&found.ident, *found.expr, file),
                Item::Static(found) => self.constant(&found.ident, *found.expr, file),
                Item::Macro(found) => {
                    if let Some(name) = found.ident {
                        self.printing.insert(name.to_string(), lines(found.mac.tokens));
                    }
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, signature: Signature, block: Block, file: usize, owner: &str) {
        let inner =
            block.stmts.iter().filter_map(|stmt| if let Stmt::Item(item) = stmt { Some(item.clone()) } else { None });
        self.items(inner.collect(), file, owner);
        let name = signature.ident.to_string();
        let function = Function { file, owner: owner.to_owned(), signature, block };
        self.functions.entry(name).or_default().push(Rc::new(function));
    }

    fn constant(&mut self, name: &syn::Ident, value: Expr, file: usize) {
        self.constants.insert(name.to_string(), Rc::new(Constant { file, value }));
    }

    /// The function that `qualifier::name` calls from `file`, in all forms that `#[cfg]` chooses between.
    pub(super) fn find(&self, qualifier: &str, name: &str, file: usize) -> Vec<Rc<Function>> {
        let Some(all) = self.functions.get(name) else { return Vec::new() };
        let is_free = |function: &&Rc<Function>| function.signature.receiver().is_none();
        let first = match qualifier {
            "" | "self" | "super" | "crate" => {
                let mut free = all.iter().filter(is_free);
                free.clone().find(|function| function.file == file).or_else(|| free.next())
            }
            "Self" => all.iter().find(|function| function.file == file),
            _ => {
                let is_module = qualifier.starts_with(|c: char| c.is_lowercase()) && !STANDARD.contains(&qualifier);
                let only = || all.first().filter(|_| is_module && all.len() == 1);
                all.iter().find(|function| function.owner == qualifier).or_else(only)
            }
        };
        first.map(|first| forms(all, first)).unwrap_or_default()
    }

    /// The method of this name on a type that the script defines, in all forms that `#[cfg]` chooses between.
    pub(super) fn method(&self, name: &str) -> Vec<Rc<Function>> {
        let Some(all) = self.functions.get(name) else { return Vec::new() };
        let first = all.iter().find(|function| function.signature.receiver().is_some());
        first.map(|first| forms(all, first)).unwrap_or_default()
    }
}

/// The functions in the same file with the same name and owner as `first`.
fn forms(all: &[Rc<Function>], first: &Function) -> Vec<Rc<Function>> {
    let is_form = |function: &&Rc<Function>| {
        let has_receiver = |function: &Function| function.signature.receiver().is_some();
        (function.file, &function.owner, has_receiver(function)) == (first.file, &first.owner, has_receiver(first))
    };
    all.iter().filter(is_form).cloned().collect()
}

/// Modules of the standard library, and of crates that replace them. A script is unlikely to name its own modules after them.
const STANDARD: &[&str] = &["env", "fs", "fs_err", "io", "mem", "path", "process", "str", "thread"];

/// The name through which the functions at the root of a file are called.
fn owner(file: &File) -> String {
    let name = |path: Option<&std::path::Path>| {
        path.and_then(|path| path.file_stem()?.to_str()).unwrap_or_default().to_owned()
    };
    match (name(Some(&file.path)).as_str(), &file.helper) {
        ("lib", Some(helper)) => helper.name.replace('-', "_"),
        ("mod", _) => name(file.path.parent()),
        (stem, _) => stem.to_owned(),
    }
}

pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let tests = || attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test");
        attribute.path().is_ident("test") || attribute.path().is_ident("cfg") && tests()
    })
}

/// The literals that begin with `cargo:`, which the macro is assumed to print.
fn lines(tokens: TokenStream) -> Vec<String> {
    let texts = tokens::literals(tokens).filter_map(|literal| macros::string(&literal));
    texts.filter(|text| text.starts_with("cargo:")).collect()
}

/// If more tokens than this follow each other without an end of an expression, here and in the groups around, they may be nested
/// just as deeply: `!!!!…`, `a = b = c = …`, `A<A<A<…`.
const LONGEST: usize = 2_000;

/// Whether a recursive parser would nest deeper than in any normal code. `above` is the number of open tokens in the groups
/// around.
fn is_tangled(tokens: TokenStream, above: usize) -> bool {
    let (mut run, mut angles) = (above, 0_usize);
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        run += 1;
        if run > LONGEST {
            return true;
        }
        match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' => (run, angles) = (above, 0),
                ',' => run = above + angles,
                '<' | '|' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                _ => {}
            },
            TokenTree::Group(group) => {
                if is_tangled(group.stream(), run) {
                    return true;
                }
                // An item or statement ends with its block, unless an operator or keyword continues it.
                let goes_on = match tokens.peek() {
                    Some(TokenTree::Ident(word)) => word == "else" || word == "as",
                    Some(TokenTree::Punct(punct)) => punct.as_char() != '#',
                    _ => false,
                };
                if group.delimiter() == Delimiter::Brace && !goes_on {
                    (run, angles) = (above, 0);
                }
            }
            _ => {}
        }
    }
    false
}
