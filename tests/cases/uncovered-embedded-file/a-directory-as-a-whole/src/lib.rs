#[derive(Embed)]
#[folder = "assets/"]
struct A;
