//! Findings as text, for people.

use std::path::Path;

use super::Findings;
use crate::cli::failure::describe;
use crate::cli::layout;
use crate::cli::probed::{self, counted};

pub(super) fn report(findings: &Findings) -> String {
    let file = findings.file.as_deref().unwrap_or(Path::new("(no configuration)"));
    let problems = findings.problems.iter().map(|problem| describe(file, problem));
    let probes = findings.probes.as_deref().unwrap_or_default();
    let columns = layout::output_columns();
    let described = probes.iter().map(|probe| probed::described(probe, columns) + "\n");
    let overview = (probes.len() > 1).then(|| probed::overview(probes, columns) + "\n");
    let lines = problems.map(on_terminal).chain(described).chain(overview);
    lines.chain([on_terminal(summary(findings, file))]).collect::<Vec<_>>().join("\n")
}

/// Wraps a line if people read it. Elsewhere it stays whole, so that it can be searched for.
fn on_terminal(line: String) -> String {
    match layout::terminal_columns() {
        Some(columns) => layout::wrapped_line(&line, columns),
        None => line,
    }
}

fn summary(findings: &Findings, file: &Path) -> String {
    let file = file.display();
    let sources = match (findings.sources, &findings.file) {
        (0, Some(_)) => "no sources, so `serve` serves the embedded demonstration".to_owned(),
        (0, None) => "no configuration, so `serve` serves the embedded demonstration".to_owned(),
        (count, _) => counted(count, "source"),
    };
    match findings.count() {
        0 => format!("{file}: no problems; {sources}"),
        count => format!("{file}: {}", counted(count, "problem")),
    }
}
