//! Verifies a store before it is opened, if the last run did not close it properly.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::blocking::off_runtime;
use super::store::{StoreError, StoreVerdict, is_to_be_verified, set_aside, verify_store};

/// Says whether the store in a directory can be opened.
///
/// A damaged page may abort the process that reads it, so verification belongs in a separate process. How to start one
/// is not the catalogue's business, so it is passed in. The default is [`verify_store`] in this process.
#[derive(Clone)]
pub struct StoreVerifier(Arc<Verify>);

type Verify = dyn Fn(PathBuf) -> BoxFuture<'static, StoreVerdict> + Send + Sync;

impl StoreVerifier {
    /// Creates a verifier from a function that takes the catalogue's directory.
    pub fn by(verify: impl Fn(PathBuf) -> BoxFuture<'static, StoreVerdict> + Send + Sync + 'static) -> Self {
        Self(Arc::new(verify))
    }

    async fn verify(&self, directory: PathBuf) -> StoreVerdict {
        (self.0)(directory).await
    }
}

impl Default for StoreVerifier {
    fn default() -> Self {
        Self::by(|directory| in_this_process(directory).boxed())
    }
}

impl fmt::Debug for StoreVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreVerifier").finish_non_exhaustive()
    }
}

async fn in_this_process(directory: PathBuf) -> StoreVerdict {
    let verified = off_runtime(move || verify_store(&directory)).await;
    verified.unwrap_or_else(|error| StoreVerdict::Unknown(error.to_string()))
}

/// Verifies the store in a directory unless it was closed properly, and moves it aside if it is damaged.
///
/// # Errors
/// If the store is damaged and cannot be moved aside: opening it might abort the process.
pub(super) async fn prove(directory: &Path, verifier: &StoreVerifier) -> Result<(), StoreError> {
    if !is_to_be_verified(directory) {
        return Ok(());
    }
    tracing::warn!(directory = %directory.display(), "the catalogue was not closed properly, or is open elsewhere; verifying its store first");
    let began = Instant::now();
    let verdict = match verifier.verify(directory.to_owned()).await {
        StoreVerdict::Unknown(reason) => {
            tracing::warn!(reason, "cannot verify the store in a separate process");
            in_this_process(directory.to_owned()).await
        }
        verdict => verdict,
    };
    match verdict {
        StoreVerdict::Sound => {
            tracing::info!(seconds = began.elapsed().as_secs_f64(), "the catalogue's store is sound");
            Ok(())
        }
        StoreVerdict::Damaged(reason) => {
            set_aside(directory, &reason).map_err(|error| StoreError::Unavailable {
                path: directory.to_owned(),
                reason: format!("its store is damaged ({reason}) and cannot be moved aside ({error})"),
            })
        }
        // The store is in use or cannot be read. Opening it reports that.
        StoreVerdict::Unknown(_) => Ok(()),
    }
}
