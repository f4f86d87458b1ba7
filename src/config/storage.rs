//! `[cache]`, `[reading]`, `[catalogue]`, `[places]` and `[privacy]`: what is kept, where, and what is held back.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::kind::{self, Choices};
use super::section::settings;

settings! {
    /// The cache of what sources answered, in the gateway's own memory.
    pub struct Cache {
        /// The most it holds, by the weight of what is kept and not by count. Zero keeps nothing.
        max_size: u64 = kind::size(0..=1 << 40), 256 << 20;
    }
}

settings! {
    /// Reading what feeds answer.
    pub struct Reading {
        /// The most memory that reading the answers of all sources together may take. Answers wait for each other where
        /// it is short; one that takes more by itself is not read.
        max_memory: usize = kind::size(16 << 20..=1 << 40), 256 << 20;
    }
}

settings! {
    /// The catalogue: the records of every source whose mode is `catalogue`.
    pub struct Catalogue {
        /// The directory it is kept in across restarts. Empty: in memory only.
        directory: Option<PathBuf> = kind::path().optional(), None;
        /// How often each source is synchronised.
        sync_every: Duration = kind::duration(Duration::from_millis(100)..=Duration::from_secs(30 * 86_400)),
            Duration::from_secs(3600);
    }
}

settings! {
    /// Where places are looked up.
    pub struct Places {
        /// A full postcode file, ONS or Code-Point Open, as CSV. Empty: what addresses teach, and a small table
        /// built in.
        postcodes: Option<PathBuf> = kind::path().optional(), None;
    }
}

settings! {
    /// What is held back of what publishers publish.
    pub struct Privacy {
        /// Whether the e-mail addresses of those who assured a record are served.
        assurer_emails: AssurerEmails = kind::choice(Choices::of()), AssurerEmails::Serve;
    }
}

/// Whether the e-mail addresses of those who assured a record are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AssurerEmails {
    /// As published.
    Serve,
    /// Left out.
    Omit,
}
