//! Fetches a register with the same limits as a feed.

use std::sync::Arc;

use url::Url;

use super::{FeedRegister, NotARegister};
use crate::config;
use crate::model::{InstantClock, SourceKey};
use crate::source::engine::{AnswerArrival, EngineAnswer, FeedEngine, HttpClients};
use crate::source::error::SourceError;
use crate::source::memory::{ReadingMemory, ReadingPlace};
use crate::source::patience::ReadingPatience;

/// Why a register could not be read from a URL.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The request failed.
    #[error("{}", .0.message)]
    NotHad(SourceError),
    /// There is nothing at the URL.
    #[error("nothing is there")]
    NotFound,
    /// The response is not a register.
    #[error(transparent)]
    NotARegister(#[from] NotARegister),
}

impl FeedRegister {
    /// Fetches a register, with the default limits of a feed on time, size and redirects.
    ///
    /// # Errors
    /// If it cannot be fetched, or is not a register.
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
