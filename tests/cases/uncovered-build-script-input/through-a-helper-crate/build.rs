fn main() {
    helper::generate("spec/api.yaml");
}
