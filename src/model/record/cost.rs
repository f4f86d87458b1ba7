//! Prices, funding, required documents and capacity of a service.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{RecordPart, UnreadBounds};

/// One price applying to a service.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CostOption {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// Who or what the price is for.
    pub option: Option<String>,
    /// The price, in units of the currency.
    pub amount: Option<f64>,
    /// Unit or qualifier of the price, e.g. "per hour".
    pub amount_description: Option<String>,
    /// ISO 4217 code in upper case. `None` means GBP.
    pub currency: Option<String>,
    /// First date the price applies.
    pub valid_from: Option<NaiveDate>,
    /// Last date the price applies.
    pub valid_to: Option<NaiveDate>,
    /// Which of the two dates the feed states in a form that could not be read.
    #[serde(default, skip_serializing_if = "UnreadBounds::is_empty")]
    pub unread: UnreadBounds,
}

/// Where money for a service or organisation comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Funding {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// The funder, in words.
    pub source: Option<String>,
}

/// A document someone must bring or supply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequiredDocument {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// What is needed.
    pub document: Option<String>,
    /// Link to the document or form.
    pub uri: Option<Url>,
}

/// How much of something countable is free at present (HSDS 3.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceCapacity {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// What is counted.
    pub unit: Option<Arc<Unit>>,
    /// Units free at the last update.
    pub available: Option<f64>,
    /// Most units there can be.
    pub maximum: Option<f64>,
    /// The count in words.
    pub description: Option<String>,
    /// Instant of the last update.
    pub updated: Option<DateTime<Utc>>,
}

/// A unit that capacity is counted in (HSDS 3.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unit {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// Readable name, e.g. "bed".
    pub name: Option<String>,
    /// The scheme that defines it.
    pub scheme: Option<String>,
    /// Its code in that scheme.
    pub identifier: Option<String>,
    /// Its definition.
    pub uri: Option<String>,
}
