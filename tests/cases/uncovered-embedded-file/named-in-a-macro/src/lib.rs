use alloy_sol_types::sol;

sol!(Token, "abi/token.json");

macro_rules! contract {
    ($name:ident, $path:literal) => {
        sol!(#[allow(missing_docs)] $name, $path);
    };
}
contract!(Vault, "abi/vault.json");

#[derive(GraphQLQuery)]
#[graphql(schema_path = "graphql/schema.graphql", query_path = "./graphql/query.graphql")]
struct Query;

// Relative to the source.
const ICON: Image = egui::include_image!("icons/logo.png");

wasmtime::component::bindgen!({ world: "host" });
rust_i18n::i18n!();

// Directories count where the macro is known to read one.
unknown!("data");
unknown!("./data/", "no/such/file.json", "https://example.com/data/table.csv", "*.csv");
