//! Stands in for what the model is about to have: the facts of a service, and its words by weight.

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

use crate::model::{OrderKey, RecordId, RichText, Service};

/// The facts of one service that finding asks about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The service.
    pub id: RecordId,
    /// Its place in name order.
    pub order_key: OrderKey,
}

impl Facts {
    /// The facts of a service.
    pub fn of(service: &Service) -> Self {
        Self { id: service.id.clone(), order_key: service.order_key.clone() }
    }
}

/// The short texts under which a service is found.
pub(super) fn tags(service: &Service) -> Vec<String> {
    vec![format!("source:{}", service.id.source())]
}

/// The words of a service by the weight of their fields.
pub(super) fn fields(service: &Service) -> Vec<(Weight, Vec<Box<str>>)> {
    let description = service.description.as_ref().map(RichText::text).unwrap_or_default();
    vec![(Weight::Name, words(&service.name)), (Weight::Rest, words(description))]
}

/// How much a word counts by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Names: 5.
    Name,
    /// Names of terms and of the provider: 3.
    Term,
    /// Everything else: 1.
    Rest,
}

/// What somebody searches for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// Words that must all occur.
    pub words: Vec<SoughtWord>,
    /// Phrases that must all occur, each in one field.
    pub phrases: Vec<Vec<Box<str>>>,
}

/// A word that must occur.
#[derive(Clone, Debug)]
pub struct SoughtWord {
    /// As it is written, folded.
    pub folded: Box<str>,
    /// Its stem.
    pub stem: Box<str>,
    /// Whether it may be the beginning of a longer one.
    pub may_be_prefix: bool,
}

pub(super) fn words(text: &str) -> Vec<Box<str>> {
    let folded = text.to_lowercase();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(Into::into).collect()
}

pub(super) fn stem(word: &str) -> Box<str> {
    Stemmer::create(Algorithm::English).stem(word).into()
}
