//! Reads the lay-word files of a configuration.

use std::path::Path;

use crate::config::{ConfigProblem, GatewayConfig};
use crate::model::AskLexicon;

/// Puts the text of the files in `ask.lay_words` into the configuration.
///
/// # Errors
/// If a file cannot be read, or a row cannot be used; names the file and the row.
pub(super) fn read_into(config: &mut GatewayConfig) -> Result<(), ConfigProblem> {
    let mut texts = Vec::new();
    for file in &config.ask.lay_words {
        texts.push(std::fs::read_to_string(file).map_err(|error| problem(file, &error.to_string()))?);
    }
    if !texts.is_empty() {
        AskLexicon::with(&texts).map_err(|(nth, error)| {
            let file = config.ask.lay_words.get(nth).map(std::path::PathBuf::as_path);
            problem(file.unwrap_or(Path::new("")), &error.to_string())
        })?;
    }
    config.lay_words = texts;
    Ok(())
}

fn problem(file: &Path, reason: &str) -> ConfigProblem {
    ConfigProblem {
        key: "ask.lay_words".to_owned(),
        line: None,
        column: None,
        message: format!("{}: {reason}", file.display()),
        remedy: Some("use a CSV with the columns said, called, weight and need".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::AskSettings;

    #[test]
    fn what_is_wrong_names_the_file_and_the_row() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ours.csv");
        let read = |text: &str| {
            std::fs::write(&file, text).unwrap();
            let ask = AskSettings { lay_words: vec![file.clone()], ..AskSettings::default() };
            let mut config = GatewayConfig { ask, ..GatewayConfig::default() };
            read_into(&mut config).map(|()| config.lay_words.len()).map_err(|problem| problem.message)
        };
        let header = "said,called,weight,need\n";
        assert_eq!(read(&format!("{header}the brew,befriending|tea and chat,0.8,loneliness\n")), Ok(1));
        for (rows, expected) in [
            ("a,b,0.5\n", "ours.csv: line 2: "),
            ("brew,tea,0.8,loneliness\nbrew,tea,2,loneliness\n", "ours.csv: line 3: `weight` is 2"),
            ("brew,tea,0.8,thirst\n", "ours.csv: line 2: `need` is \"thirst\""),
            ("brew,|,0.8,loneliness\n", "ours.csv: line 2: `said` and `called` must each contain a word"),
        ] {
            let message = read(&format!("{header}{rows}")).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
        std::fs::remove_file(&file).unwrap();
        let mut config = GatewayConfig {
            ask: AskSettings { lay_words: vec![file.clone()], ..AskSettings::default() },
            ..GatewayConfig::default()
        };
        assert!(read_into(&mut config).unwrap_err().message.contains("ours.csv"));
    }
}
