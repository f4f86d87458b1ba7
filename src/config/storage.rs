//! `[cache]`, `[reading]`, `[catalogue]`, `[places]` and `[privacy]`: what is stored, where, and what is withheld.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::kind::{self, NamedChoices, ValueKind};
use super::problem::ValueRefusal;
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
        journal: Option<SecretText> = journal().optional(), None;
        /// A file with the password for `journal`, instead of one in the URL.
        journal_password_file: Option<PathBuf> = kind::path().optional(), None;
        /// What this gateway is called among those that share the journal. Empty: the name of the machine.
        replica_name: Option<String> = kind::text().optional(), None;
    }
}

/// The URL of a PostgreSQL database, kept secret. What else is wrong with it shows when the catalogue is opened.
fn journal() -> ValueKind<SecretText> {
    let parse = |text: &str| {
        let url = Url::parse(text).ok().filter(|url| url.has_host());
        match url.filter(|url| matches!(url.scheme(), "postgres" | "postgresql")) {
            Some(_) => Ok(SecretText::new(text)),
            None => Err(ValueRefusal::new("is not the URL of a PostgreSQL database").remedy(
                "write one such as \"postgres://gateway:${PASSWORD}@db.example.org/oruk\"; in a password, write % as %25, \
                 @ as %40, / as %2F and : as %3A, ? as %3F and # as %23",
            )),
        }
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |_| None)
}

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
