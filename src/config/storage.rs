//! `[cache]`, `[reading]`, `[catalogue]`, `[places]` and `[privacy]`: what is stored, where, and what is withheld.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::kind::{self, NamedChoices};
use super::secret::SecretText;
use super::section::settings;

settings! {
    /// The in-memory cache of source data.
    pub struct CacheSettings {
        /// The maximum size of the cache in memory. Zero turns it off.
        max_size: u64 = kind::size(0..=1 << 40), 256 << 20;
    }
}

settings! {
    /// Reading the responses of feeds.
    pub struct ReadingSettings {
        /// The maximum memory for reading responses, over all sources. Responses wait when memory is short; one that
        /// needs more by itself is not read.
        max_memory: usize = kind::size(16 << 20..=1 << 40), 256 << 20;
    }
}

settings! {
    /// The catalogue: the stored records of every source whose mode is `catalogue`.
    pub struct CatalogueSettings {
        /// The directory in which it survives restarts. Empty: it does not survive restarts.
        directory: Option<PathBuf> = kind::path().optional(), None;
        /// How often each source is synchronised.
        sync_every: Duration = kind::duration(Duration::from_millis(100)..=Duration::from_secs(30 * 86_400)),
            Duration::from_secs(3600);
        /// The PostgreSQL database through which several gateways keep the catalogue together, as
        /// `postgres://user:password@host/database`. Empty: this gateway keeps it alone.
        journal: Option<SecretText> =
            kind::server_url(POSTGRES_SCHEMES, "a PostgreSQL database", POSTGRES_EXAMPLE).optional(), None;
        /// A file with the password for `journal`, instead of one in the URL.
        journal_password_file: Option<PathBuf> = kind::path().optional(), None;
        /// What this gateway is called among those that share the journal. Empty: the name of the machine.
        replica_name: Option<String> = kind::text().optional(), None;
    }
}

const POSTGRES_SCHEMES: &[&str] = &["postgres", "postgresql"];
const POSTGRES_EXAMPLE: &str = "postgres://gateway:${PASSWORD}@db.example.org/oruk";

settings! {
    /// How places are located.
    pub struct PlaceSettings {
        /// A full postcode file as CSV, from the ONS or Code-Point Open. Empty: the built-in directory of Great
        /// Britain, and your sources' addresses.
        postcodes: Option<PathBuf> = kind::path().optional(), None;
    }
}

settings! {
    /// Published details that are withheld.
    pub struct PrivacySettings {
        /// Whether to serve the names and email addresses of people who assured a record.
        assurer_emails: AssurerEmails = kind::choice(NamedChoices::of()), AssurerEmails::Serve;
    }
}

/// Whether to serve the names and email addresses of people who assured a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AssurerEmails {
    /// Serve them as published.
    Serve,
    /// Omit them.
    Omit,
}
