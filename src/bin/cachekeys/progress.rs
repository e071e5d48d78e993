//! A progress bar on standard error while many projects are checked, on a terminal only.

use cachekeys::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// With fewer projects, the check is too quick for a bar.
const MANY: usize = 20;

/// The bar; dropping it removes it from the screen.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} projects") {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(crate) fn listener(&self) -> Progress {
        let bar = self.0.clone();
        Progress::new(move |done, all| {
            if all >= MANY {
                bar.set_length(all as u64);
                bar.set_position(done as u64);
            }
        })
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
