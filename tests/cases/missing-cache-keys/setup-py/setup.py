from setuptools import setup
from setuptools_rust import Binding, RustExtension

setup(rust_extensions=[RustExtension("ext._native", "Cargo.toml", binding=Binding.PyO3)])
