pub use truth_middle::*;
pub use truth_other::*;
