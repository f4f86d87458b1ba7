//! Registers of feeds: reads what one lists, in any known shape, and writes it as configuration.
//!
//! No register has a documented format. The national one has returned different shapes: the website's documents, their
//! flattened form, the validator's list, and the dashboards of two generations.

mod block;
mod dialect;
mod fetch;
mod listed;
mod row;
mod slug;
mod state;
mod written;

use serde::Serialize;
use serde_json::{Deserializer, Value};

use crate::model::SourceKey;

pub use fetch::RegisterError;
pub use listed::{ListedFeed, UnusableEntry};

use row::RegisterRow;
use slug::GivenKeys;

/// The feeds that a register lists.
#[derive(Clone, Debug, Serialize)]
pub struct FeedRegister {
    /// The usable feeds, in the register's order. No two share a key or a URL.
    #[serde(rename = "sources")]
    pub feeds: Vec<ListedFeed>,
    /// The entries that cannot be used as they are.
    pub unusable: Vec<UnusableEntry>,
    /// Whether this is the list built into the gateway.
    #[serde(skip)]
    is_known: bool,
}

/// Why a response is not a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARegister {
    /// Not JSON, for example the directory's web page.
    #[error("it is not JSON; give the address of the data, not of a web page")]
    NotJson,
    /// JSON, but no list of feeds.
    #[error("it is JSON, but contains no list of feeds")]
    NoList,
}

/// The public feeds known to this release, reviewed by people.
const KNOWN: &[u8] = include_bytes!("register/known.json");

/// The members that may contain the list of feeds.
const LISTS: [&str; 8] = ["feeds", "services", "data", "items", "results", "contents", "content", "value"];
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl FeedRegister {
    /// Returns the public feeds known to this release, reviewed by people. `config/uk.toml` contains the same list.
    #[expect(clippy::expect_used, reason = "part of the program, and read by a test")]
    pub fn known() -> Self {
        let known = Self::read(KNOWN).expect("the list that comes with the gateway is a register");
        Self { is_known: true, ..known }
    }

    /// Reads a register in any known shape: one JSON value, or one a line.
    ///
    /// # Errors
    /// If it contains no list of feeds.
    pub fn read(body: &[u8]) -> Result<Self, NotARegister> {
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        let values: Result<Vec<Value>, _> = Deserializer::from_slice(body).into_iter().collect();
        let rows = rows(values.map_err(|_| NotARegister::NotJson)?)?;
        let mut register = Self { feeds: Vec::new(), unusable: Vec::new(), is_known: false };
        let mut keys = GivenKeys::default();
        for (number, row) in rows.iter().enumerate() {
            match register.believe(row, &mut keys) {
                Ok(feed) => register.feeds.push(feed),
                Err(reason) => register.unusable.push(UnusableEntry::new(number + 1, row, reason)),
            }
        }
        Ok(register)
    }

    fn believe(&self, row: &Value, keys: &mut GivenKeys) -> Result<ListedFeed, String> {
        let row = RegisterRow::of(row).ok_or("it is not an entry")?;
        let url = row.url()?;
        if let Some(twin) = self.feeds.iter().find(|feed| feed.url == url) {
            return Err(format!("it is the same feed as `{}`", twin.key));
        }
        let key: SourceKey = keys.for_row(&row, &url);
        Ok(ListedFeed::of(&row, key, url))
    }
}

fn rows(mut values: Vec<Value>) -> Result<Vec<Value>, NotARegister> {
    match (values.len(), values.pop()) {
        (1, Some(Value::Array(rows))) => Ok(rows),
        (1, Some(value)) => rows_of(value),
        (0, _) | (_, None) => Err(NotARegister::NotJson),
        (_, Some(last)) => Ok(values.into_iter().chain([last]).collect()),
    }
}

fn rows_of(value: Value) -> Result<Vec<Value>, NotARegister> {
    let lists = LISTS.iter().filter_map(|name| value.get(name)?.as_array());
    if let Some(rows) = lists.max_by_key(|rows| rows.len()) {
        return Ok(rows.clone());
    }
    // A single feed, such as the dashboard's page about one.
    let names_a_feed = RegisterRow::of(&value).is_some_and(|row| row.url().is_ok());
    if names_a_feed { Ok(vec![value]) } else { Err(NotARegister::NoList) }
}

#[cfg(test)]
mod tests;
