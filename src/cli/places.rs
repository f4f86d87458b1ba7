//! Reads the postcode file of a configuration.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::config::{ConfigProblem, GatewayConfig};
use crate::model::PostcodePlaces;

/// Loads postcodes from the configured file, or the built-in ones if there is none.
///
/// # Errors
/// If the file cannot be read, or is not a postcode file; names the key.
pub(super) fn read(config: &GatewayConfig) -> Result<Arc<PostcodePlaces>, ConfigProblem> {
    let Some(file) = &config.places.postcodes else { return Ok(Arc::default()) };
    let postcodes = File::open(file).map_err(|error| problem(file, &error.to_string()))?;
    let postcodes = PostcodePlaces::from_csv(postcodes).map_err(|error| problem(file, &error.to_string()))?;
    tracing::info!(postcodes = postcodes.len(), bytes = postcodes.bytes(), "postcodes read");
    Ok(Arc::new(postcodes))
}

fn problem(file: &Path, reason: &str) -> ConfigProblem {
    ConfigProblem {
        key: "places.postcodes".to_owned(),
        line: None,
        column: None,
        message: format!("{}: {reason}", file.display()),
        remedy: Some(
            "give a CSV of the ONS Postcode Directory or Code-Point Open, or remove the key".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::PlaceSettings;

    fn read_from(file: PathBuf) -> Result<Arc<PostcodePlaces>, ConfigProblem> {
        read(&GatewayConfig { places: PlaceSettings { postcodes: Some(file) }, ..GatewayConfig::default() })
    }

    #[test]
    fn what_is_wrong_with_the_file_is_a_problem_of_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let missing = read_from(folder.path().join("none.csv")).unwrap_err();
        assert_eq!(missing.key, "places.postcodes");
        assert!(missing.message.contains("none.csv"), "{missing}");

        let file = folder.path().join("postcodes.csv");
        std::fs::write(&file, "pcds,lat,long\nXB1 4AA,51.45,east\n").unwrap();
        let wrong = read_from(file.clone()).unwrap_err();
        assert!(wrong.message.ends_with("postcodes.csv: line 2, column `long`: is not a number"), "{wrong}");

        std::fs::write(&file, "pcds,lat,long\nXB1 4AA,51.45,-2.59\n").unwrap();
        assert_eq!(read_from(file).unwrap().len(), 1);
        assert!(read(&GatewayConfig::default()).unwrap().is_empty());
    }
}
