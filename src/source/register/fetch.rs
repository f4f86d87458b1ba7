//! QueryContext for a register, by the rules that feeds are asked by.

use std::sync::Arc;

use url::Url;

use super::{FeedRegister, NotARegister};
use crate::config;
use crate::model::{InstantClock, SourceKey};
use crate::source::engine::{AnswerArrival, EngineAnswer, FeedEngine, HttpClients};
use crate::source::error::SourceError;
use crate::source::memory::{ReadingMemory, ReadingPlace};
use crate::source::patience::ReadingPatience;

/// Why a register could not be had from an address.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// It did not answer, or not within what is allowed.
    #[error("{}", .0.message)]
    NotHad(SourceError),
    /// It says that there is nothing there.
    #[error("nothing is there")]
    NotFound,
    /// What it answered is no register.
    #[error(transparent)]
    NotARegister(#[from] NotARegister),
}

impl FeedRegister {
    /// Asks for a register, with the time, size and redirects that a feed is allowed by default.
    ///
    /// # Errors
    /// When it cannot be had, or is no register.
    pub async fn fetch(url: Url, clock: InstantClock) -> Result<Self, RegisterError> {
        let asked = url.clone();
        let (source, clients, memory) =
            (config::SourceSettings::new(key(), url), HttpClients::default(), ReadingMemory::default());
        let engine = FeedEngine::new(&source, &clients, Arc::default(), &memory, clock);
        let whole = Arc::new(|body: &[u8], _: &AnswerArrival, _: &ReadingPatience| Ok(body.to_vec()));
        match engine.get::<Vec<u8>>(&asked, whole, &ReadingPlace::passing()).await {
            Ok(EngineAnswer::Found(body, _)) => Ok(Self::read(&body)?),
            Ok(EngineAnswer::NotFound | EngineAnswer::NoContent(_)) => Err(RegisterError::NotFound),
            Err(error) => Err(RegisterError::NotHad(error)),
        }
    }
}

#[expect(clippy::expect_used, reason = "a constant")]
fn key() -> SourceKey {
    SourceKey::parse("register").expect("is a slug")
}
