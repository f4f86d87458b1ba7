//! Text in, typed settings or every problem out; reads no file and no environment.
//!
//! Each key is named once, with its meaning, kind and default, in the section it belongs to; the reader and
//! the JSON Schema both walk those sections. What is believed is plain data: [`Config`] and what it holds.

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

pub use ask::Ask;
pub use auth::Auth;
pub use graphql::{Batching, Graphql};
pub use licence::Licence;
pub use limits::Limits;
pub use problem::Problem;
pub use secret::Secret;
pub use server::Server;
pub use source::Source;
pub use storage::{AssurerEmails, Cache, Catalogue, Places, Privacy, Reading};

use section::{Keys, Section};
use source::{Shared, WrittenSource};

/// Everything the gateway is told before it starts. By default: every key's default, and no sources.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Where the gateway listens.
    pub server: Server,
    /// Where the graph is served, and what one operation may ask for.
    pub graphql: Graphql,
    /// The cache of what sources answered.
    pub cache: Cache,
    /// Reading what feeds answer.
    pub reading: Reading,
    /// The catalogue of synchronised sources.
    pub catalogue: Catalogue,
    /// Where places are looked up.
    pub places: Places,
    /// Phrases that people ask.
    pub ask: Ask,
    /// The texts of the files that [`Ask::lay_words`] names, for whoever reads files to put in.
    pub lay_words: Vec<String>,
    /// What is held back.
    pub privacy: Privacy,
    /// The feeds, in the order they were written, those that are not enabled too; no two share a key.
    pub sources: Vec<Source>,
}

impl Config {
    /// Reads a configuration written in TOML, taking `${NAME}` in its strings from `env`.
    ///
    /// # Errors
    /// Every problem there is, in the order of their lines.
    pub fn parse(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let Document { config, sources, .. } = reader::read(Document::default(), text, env)?;
        Ok(Self { sources: sources.into_iter().filter_map(WrittenSource::believe).collect(), ..config })
    }
}

/// The JSON Schema of the configuration, for editors: every key with its meaning, bounds and default.
pub fn config_schema() -> serde_json::Value {
    schema::document(Document::default())
}

/// The configuration as written: sources still in pieces, over defaults that are no setting of their own.
#[derive(Default)]
struct Document {
    config: Config,
    defaults: Shared,
    sources: Vec<WrittenSource>,
}

impl Section for Document {
    const ABOUT: &'static str = "The configuration of oruk-gateway. In any string, ${NAME} and ${NAME:-default} \
        come from the environment; $${ stands for the characters themselves.";

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.section("server", &mut self.config.server);
        keys.section("graphql", &mut self.config.graphql);
        keys.section("cache", &mut self.config.cache);
        keys.section("reading", &mut self.config.reading);
        keys.section("catalogue", &mut self.config.catalogue);
        keys.section("places", &mut self.config.places);
        keys.section("ask", &mut self.config.ask);
        keys.section("privacy", &mut self.config.privacy);
        // Before the sources, which start from it.
        keys.section("defaults", &mut self.defaults);
        keys.each("sources", "key", &WrittenSource::over(&self.defaults), &mut self.sources);
    }
}
