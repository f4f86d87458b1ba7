//! Progress: a bar for each source on a terminal; elsewhere only the lines.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tokio::task::JoinSet;

use crate::app::Synchronisation;
use crate::cli::output;
use crate::model::SourceKey;
use crate::sync::{Phase, Progress};

/// The bars, which disappear when this is dropped.
pub(super) struct Bars {
    all: Option<MultiProgress>,
    // The drawing task ends with the bars.
    _drawing: JoinSet<()>,
}

/// How often a bar moves while no data arrives.
const TICK: Duration = Duration::from_millis(200);

impl Bars {
    /// Shows the bars on a terminal.
    pub(super) fn show(synchronisation: &Synchronisation, keys: &[SourceKey]) -> Self {
        let mut drawing = JoinSet::new();
        if !io::stderr().is_terminal() {
            return Self { all: None, _drawing: drawing };
        }
        let all = MultiProgress::new();
        let widest = keys.iter().map(|key| key.as_str().len()).max().unwrap_or(0);
        for key in keys {
            let Some(mut progress) = synchronisation.watch(key) else { continue };
            let bar = all.add(ProgressBar::new_spinner());
            bar.set_prefix(format!("{:widest$}", key.as_str()));
            bar.set_style(style());
            bar.enable_steady_tick(TICK);
            drawing.spawn(async move {
                while progress.changed().await.is_ok() {
                    draw(&bar, &progress.borrow_and_update());
                }
            });
        }
        Self { all: Some(all), _drawing: drawing }
    }

    /// Prints a line above the bars.
    pub(super) fn say(&self, line: &str) {
        // The reader has closed the output.
        let say = || drop(output::text(line));
        match &self.all {
            Some(all) => all.suspend(say),
            None => say(),
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        if let Some(all) = &self.all {
            // A closed terminal needs no cleaning up.
            let _ = all.clear();
        }
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let (position, length) = match progress.phase {
        Phase::Hydrating => (progress.hydrated, Some(progress.to_hydrate)),
        Phase::Waiting | Phase::Listing | Phase::Deriving => (progress.walked, progress.expected),
    };
    match length {
        Some(length) => bar.set_length(length.max(position)),
        None => bar.unset_length(),
    }
    bar.set_position(position);
    bar.set_message(progress.phase.as_str());
    if progress.phase == Phase::Waiting && progress.finished_at.is_some() {
        bar.finish();
    }
}

// The template is a constant; if it were wrong, the default bar would do.
fn style() -> ProgressStyle {
    let template = "{prefix} {spinner} {wide_bar} {human_pos}/{human_len} {msg}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
