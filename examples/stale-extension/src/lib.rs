//! The extension: what it says comes from a crate beside it.

use pyo3::prelude::*;

#[pyfunction]
fn greet() -> &'static str {
    greeting::TEXT
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(greet, module)?)
}
