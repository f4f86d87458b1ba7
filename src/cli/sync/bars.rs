//! Progress: a bar for each source on a terminal; elsewhere only the lines.

use std::collections::HashMap;
use std::io::{self, IsTerminal as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tokio::task::JoinSet;

use super::ended::{ending_beside_name, ending_line};
use crate::app::SyncSession;
use crate::cli::{layout, output};
use crate::model::SourceKey;
use crate::sync::{SyncOutcome, SyncPhase, SyncProgress};

/// The bars, which disappear when this is closed.
pub(super) struct ProgressBars {
    all: MultiProgress,
    of: HashMap<SourceKey, ProgressBar>,
    /// What is still to be printed: as long as there are bars, they show it.
    held: Mutex<Vec<String>>,
    // The drawing task ends with the bars.
    _drawing: JoinSet<()>,
}

/// How often a bar moves while no data arrives.
const TICK: Duration = Duration::from_millis(200);

impl ProgressBars {
    /// Shows the bars on a terminal.
    pub(super) fn show(synchronisation: &SyncSession, keys: &[SourceKey]) -> Self {
        let (all, mut of, mut drawing) = (MultiProgress::new(), HashMap::new(), JoinSet::new());
        let shown = if io::stderr().is_terminal() { keys } else { &[] };
        let widest = shown.iter().map(|key| key.as_str().len()).max().unwrap_or(0);
        for key in shown {
            let Some(mut progress) = synchronisation.watch(key) else { continue };
            let bar = all.add(ProgressBar::new_spinner());
            bar.set_prefix(format!("{:widest$}", key.as_str()));
            bar.set_style(style(RUNNING));
            bar.enable_steady_tick(TICK);
            of.insert(key.clone(), bar.clone());
            drawing.spawn(async move {
                while progress.changed().await.is_ok() && !bar.is_finished() {
                    draw(&bar, &progress.borrow_and_update());
                }
            });
        }
        Self { all, of, held: Mutex::default(), _drawing: drawing }
    }

    /// Says how a source ended: in its bar, until the bars are closed, if they are on the same terminal; otherwise at once.
    pub(super) fn end(&self, key: &SourceKey, outcome: &SyncOutcome, services: u64) {
        let line = ending_line(key, outcome, services);
        let bar = self.of.get(key);
        if let Some(bar) = bar {
            bar.set_style(style(ENDED));
            bar.finish_with_message(ending_beside_name(outcome, services));
        }
        match layout::terminal_columns().filter(|_| bar.is_some()) {
            Some(columns) => {
                let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
                held.push(layout::wrapped_line(&line, columns));
            }
            None => self.all.suspend(|| print(&line)),
        }
    }

    /// Removes the bars, and prints what they said.
    pub(super) fn close(self) {
        // A closed terminal needs no cleaning up.
        let _ = self.all.clear();
        let held = self.held.into_inner().unwrap_or_else(PoisonError::into_inner);
        held.iter().for_each(|line| print(line));
    }
}

fn print(line: &str) {
    // If the reader has closed the output, nobody misses the line.
    drop(output::text(line));
}

fn draw(bar: &ProgressBar, progress: &SyncProgress) {
    let (position, length) = match progress.phase {
        // `end` shows that, because the outcome is only known there.
        SyncPhase::Waiting if progress.finished_at.is_some() => return,
        SyncPhase::Hydrating => (progress.hydrated, Some(progress.to_hydrate)),
        SyncPhase::Waiting | SyncPhase::Listing | SyncPhase::Deriving => (progress.walked, progress.expected),
    };
    match length {
        Some(length) => bar.set_length(length.max(position)),
        None => bar.unset_length(),
    }
    bar.set_position(position);
    bar.set_message(progress.phase.as_str());
}

const RUNNING: &str = "{prefix} {spinner} {wide_bar} {human_pos}/{human_len} {msg}";
const ENDED: &str = "{prefix}   {wide_msg}";

// The templates are constants; if one were wrong, the default bar would do.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
