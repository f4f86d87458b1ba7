//! Finds and reads the configuration of a command.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::failure::CommandFailure;
use super::{lay_words, machine, places};
use crate::app::problems_of_servers;
use crate::config::GatewayConfig;
use crate::model::PostcodePlaces;

/// The configuration, for the commands that need one.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(super) struct ConfigurationOption {
    /// The configuration file [default: ORUK_GATEWAY_CONFIG, else config/gateway.toml if it exists, else the embedded
    /// demonstration]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// A configuration, and its file. `None` if there is none.
#[derive(Debug)]
pub(super) struct LoadedConfiguration {
    pub(super) config: GatewayConfig,
    pub(super) file: Option<PathBuf>,
}

/// Loads the postcodes for a configuration and its file.
///
/// # Errors
/// If its postcode file cannot be used.
pub(super) fn places(
    config: &GatewayConfig,
    file: Option<PathBuf>,
) -> Result<Arc<PostcodePlaces>, CommandFailure> {
    places::read(config)
        .map_err(|problem| CommandFailure::Configuration(file.unwrap_or_default(), vec![problem]))
}

const VARIABLE: &str = "ORUK_GATEWAY_CONFIG";
const USUAL: &str = "config/gateway.toml";

impl ConfigurationOption {
    /// Reads the configuration.
    ///
    /// # Errors
    /// If its file cannot be read, or with all of its problems.
    pub(super) fn load(&self) -> Result<LoadedConfiguration, CommandFailure> {
        let Some(file) = self.file(&machine::variable, &|path| path.is_file()) else {
            return Ok(LoadedConfiguration { config: GatewayConfig::default(), file: None });
        };
        let text = std::fs::read_to_string(&file).with_context(|| {
            format!("cannot read the configuration {}; {}", file.display(), self.remedy())
        })?;
        let config = GatewayConfig::parse(&text, &machine::variable);
        let mut config = config.map_err(|problems| CommandFailure::Configuration(file.clone(), problems))?;
        lay_words::read_into(&mut config)
            .map_err(|problem| CommandFailure::Configuration(file.clone(), vec![problem]))?;
        match problems_of_servers(&config) {
            problems if problems.is_empty() => {}
            problems => return Err(CommandFailure::Configuration(file, problems)),
        }
        Ok(LoadedConfiguration { config, file: Some(file) })
    }

    fn file(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
        is_file: &dyn Fn(&Path) -> bool,
    ) -> Option<PathBuf> {
        let named = self
            .config
            .clone()
            .or_else(|| environment(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from));
        named.or_else(|| Some(PathBuf::from(USUAL)).filter(|usual| is_file(usual)))
    }

    fn remedy(&self) -> String {
        match self.config {
            Some(_) => "give another with `--config FILE`".to_owned(),
            None => format!("give another with `--config FILE`, or change {VARIABLE}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(flag: Option<&str>, variable: Option<&str>, usual_is_there: bool) -> Option<String> {
        let configuration = ConfigurationOption { config: flag.map(PathBuf::from) };
        let environment = |name: &str| variable.filter(|_| name == VARIABLE).map(str::to_owned);
        let is_file = |path: &Path| usual_is_there && path == Path::new(USUAL);
        configuration.file(&environment, &is_file).map(|path| path.display().to_string())
    }

    #[test]
    fn what_was_named_comes_before_what_is_usual() {
        assert_eq!(found(Some("a.toml"), Some("b.toml"), true).as_deref(), Some("a.toml"));
        assert_eq!(found(None, Some("b.toml"), true).as_deref(), Some("b.toml"));
        assert_eq!(found(None, None, true).as_deref(), Some(USUAL));
        assert_eq!(found(None, Some(""), true).as_deref(), Some(USUAL));
        assert_eq!(found(None, None, false), None);
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let configuration = ConfigurationOption { config: Some("no-such-file.toml".into()) };
        let Err(CommandFailure::CannotRun(error)) = configuration.load() else { panic!("read") };
        assert!(
            format!("{error:#}").contains("no-such-file.toml; give another with `--config FILE`"),
            "{error:#}"
        );
    }
}
