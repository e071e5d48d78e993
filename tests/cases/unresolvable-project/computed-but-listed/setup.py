setup(rust_extensions=[RustExtension("a", path=find())])
