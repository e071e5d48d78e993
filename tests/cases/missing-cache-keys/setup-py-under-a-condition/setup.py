import os

from setuptools import setup

if os.environ.get("WITHOUT_RUST"):
    rust_extensions = []
else:
    from setuptools_rust import RustExtension

    rust_extensions = [
        RustExtension("ext._a", path="a/Cargo.toml"),
        RustExtension("ext._b", path="b/Cargo.toml"),
    ]

setup(rust_extensions=rust_extensions)
