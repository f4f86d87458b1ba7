//! Asking for a register, by the rules that feeds are asked by.

use std::sync::Arc;

use url::Url;

use super::{NotARegister, Register};
use crate::config;
use crate::model::{Clock, SourceKey};
use crate::source::engine::{Arrival, Clients, Engine, Got};
use crate::source::error::SourceError;
use crate::source::memory::{Memory, Place};
use crate::source::patience::Patience;

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

impl Register {
    /// Asks for a register, with the time, size and redirects that a feed is allowed by default.
    ///
    /// # Errors
    /// When it cannot be had, or is no register.
    pub async fn fetch(url: Url, clock: Clock) -> Result<Self, RegisterError> {
        let asked = url.clone();
        let (source, clients, memory) =
            (config::Source::new(key(), url), Clients::default(), Memory::default());
        let engine = Engine::new(&source, &clients, Arc::default(), &memory, clock);
        let whole = Arc::new(|body: &[u8], _: &Arrival, _: &Patience| Ok(body.to_vec()));
        match engine.get::<Vec<u8>>(&asked, whole, &Place::passing()).await {
            Ok(Got::Found(body, _)) => Ok(Self::read(&body)?),
            Ok(Got::NotFound | Got::NoContent(_)) => Err(RegisterError::NotFound),
            Err(error) => Err(RegisterError::NotHad(error)),
        }
    }
}

#[expect(clippy::expect_used, reason = "a constant")]
fn key() -> SourceKey {
    SourceKey::parse("register").expect("is a slug")
}
