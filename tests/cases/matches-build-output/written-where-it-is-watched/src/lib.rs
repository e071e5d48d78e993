#[path = "protos/generated/a.rs"] mod a;
