//! Findings as text, for people.

use std::path::Path;

use super::Findings;
use crate::cli::failure::describe;
use crate::cli::probed::{self, counted};

pub(super) fn report(findings: &Findings) -> String {
    let file = findings.file.as_deref().unwrap_or(Path::new("(no configuration)"));
    let mut lines: Vec<String> = findings.problems.iter().map(|problem| describe(file, problem)).collect();
    if let Some(probes) = &findings.probes {
        lines.push(probed::table(probes));
        lines.extend(probes.iter().filter_map(probed::validator));
        lines.extend(findings.unreadable().filter_map(probed::unreadable));
    }
    lines.push(summary(findings, file));
    lines.join("\n")
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
