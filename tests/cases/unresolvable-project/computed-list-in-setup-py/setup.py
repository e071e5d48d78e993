from setuptools import setup
from setuptools_rust import RustExtension

extensions = [RustExtension("a._a", path="a/Cargo.toml")]
extensions += find_more()
setup(rust_extensions=extensions)
