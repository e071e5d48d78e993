#[doc = include_str!("class.md")]
#[pyclass]
struct S;
