//! Turns text into typed settings, or reports every problem; reads no files and no environment.
//!
//! Each key is declared once, with its meaning, kind and default, in its section; the reader and the JSON Schema both
//! walk these sections. The result is plain data: [`GatewayConfig`].

mod ask;
mod auth;
mod graphql;
mod interpolate;
mod kind;
mod licence;
mod limits;
mod problem;
mod reader;
mod schema;
mod secret;
mod section;
mod server;
mod source;
mod storage;
#[cfg(test)]
mod tests;

pub use ask::AskSettings;
pub use auth::SourceAuth;
pub use graphql::{GraphqlSettings, OperationBatching};
pub use licence::ConfiguredLicence;
pub use limits::SourceLimits;
pub use problem::ConfigProblem;
pub use secret::SecretText;
pub use server::ServerSettings;
pub use source::SourceSettings;
pub use storage::{
    AssurerEmails, CacheSettings, CatalogueSettings, PlaceSettings, PrivacySettings, ReadingSettings,
};

use section::{ConfigSection, SectionVisitor};
use source::{SourceDefaults, WrittenSource};

/// The configuration of the gateway. The default has every key's default, and no sources.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GatewayConfig {
    /// Where the gateway listens.
    pub server: ServerSettings,
    /// Where the graph is served, and the limits on one operation.
    pub graphql: GraphqlSettings,
    /// The in-memory cache of source data.
    pub cache: CacheSettings,
    /// Reading the responses of feeds.
    pub reading: ReadingSettings,
    /// The catalogue of synchronised sources.
    pub catalogue: CatalogueSettings,
    /// How places are located.
    pub places: PlaceSettings,
    /// How phrases in `filter.ask` are understood.
    pub ask: AskSettings,
    /// The texts of the files in [`AskSettings::lay_words`], filled in by the room that reads files.
    pub lay_words: Vec<String>,
    /// Published details that are withheld.
    pub privacy: PrivacySettings,
    /// The feeds in the order written, including disabled ones; keys are unique.
    pub sources: Vec<SourceSettings>,
}

impl GatewayConfig {
    /// Reads a TOML configuration, replacing `${NAME}` in its strings from `env`.
    ///
    /// # Errors
    /// All problems, ordered by line.
    pub fn parse(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<ConfigProblem>> {
        let ConfigDocument { config, sources, .. } = reader::read(ConfigDocument::default(), text, env)?;
        Ok(Self { sources: sources.into_iter().filter_map(WrittenSource::believe).collect(), ..config })
    }
}

/// Returns the JSON Schema of the configuration, for editors: every key with its meaning, limits and default.
pub fn config_schema() -> serde_json::Value {
    schema::document(ConfigDocument::default())
}

/// The configuration as written, before sources are combined with the defaults.
#[derive(Default)]
struct ConfigDocument {
    config: GatewayConfig,
    defaults: SourceDefaults,
    sources: Vec<WrittenSource>,
}

impl ConfigSection for ConfigDocument {
    const ABOUT: &'static str = "The configuration of oruk-gateway. In any string, ${NAME} and ${NAME:-default} \
        come from the environment; $${ stands for the characters themselves.";

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        keys.section("server", &mut self.config.server);
        keys.section("graphql", &mut self.config.graphql);
        keys.section("cache", &mut self.config.cache);
        keys.section("reading", &mut self.config.reading);
        keys.section("catalogue", &mut self.config.catalogue);
        keys.section("places", &mut self.config.places);
        keys.section("ask", &mut self.config.ask);
        keys.section("privacy", &mut self.config.privacy);
        // Before the sources, which start from the defaults.
        keys.section("defaults", &mut self.defaults);
        keys.each("sources", "key", &WrittenSource::over(&self.defaults), &mut self.sources);
    }
}
