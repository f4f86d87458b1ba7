//! Snapshots for new gateways. The leader writes one once the steps since the last snapshot exceed both 8 MiB and half
//! the snapshot's size.

use std::sync::Arc;
use std::time::Duration;

use super::Replica;
use super::level::LevelError;
use crate::catalogue::blocking::{handing_over, off_runtime};
use crate::catalogue::journal::{HeldLease, SnapshotAt, StepEffects};
use crate::catalogue::snapshot::CatalogueSnapshot;
use crate::catalogue::store::JournalPlace;
use crate::catalogue::{CatalogueError, StoreError};

/// How often the leader checks whether a snapshot is due.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// The largest total size of steps, in bytes, for which no snapshot is written: new gateways apply that many quickly.
const LEAST_BYTES: u64 = 8 << 20;
/// The size at which a part is cut, in bytes before compression. The part may exceed it by one record.
const PART_BYTES: usize = 4 << 20;

impl Replica {
    pub(super) async fn keep_snapshots(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Err(error) = self.snapshot_if_due().await {
                tracing::warn!(%error, "cannot write a snapshot to the journal; newcomers take longer");
            }
        }
    }

    async fn snapshot_if_due(&self) -> Result<(), LevelError> {
        let Some(lease) = self.shared.lease_to_write() else { return Ok(()) };
        let bytes = self.answered(self.shared.journal.bytes()).await?;
        if bytes.since <= LEAST_BYTES.max(bytes.snapshot / 2) {
            return Ok(());
        }
        let snapshot = self.current.load_full();
        match snapshot.store().journal_place() {
            Some(place) => self.put_snapshot(lease, &snapshot, place).await,
            None => Ok(()),
        }
    }

    /// Writes the contents of a catalogue snapshot to the journal, as of `place`.
    pub(super) async fn put_snapshot(
        &self,
        lease: HeldLease,
        snapshot: &Arc<CatalogueSnapshot>,
        place: JournalPlace,
    ) -> Result<(), LevelError> {
        let (cut, mut parts) = handing_over::<Vec<u8>>(2);
        let copied = Arc::clone(snapshot);
        let cutting = off_runtime(move || {
            copied.store().parts(PART_BYTES, |part: StepEffects| {
                let part = part.to_bytes()?;
                // Returns `false` if the writing side has given up; it reports why.
                Ok(cut.hand_over(part))
            })
        });
        let putting = async move {
            let (mut count, mut bytes) = (0, 0_u64);
            while let Some(part) = parts.recv().await {
                bytes += part.len() as u64;
                self.shared.journal.put_part(place.step, count, part).await?;
                count += 1;
            }
            Ok::<_, LevelError>((count, bytes))
        };
        let (cut, put) = tokio::join!(cutting, putting);
        let (count, bytes) = put?;
        cut.unwrap_or(Err(StoreError::Closed)).map_err(CatalogueError::from)?;
        let whole = SnapshotAt { step: place.step, chain: place.chain, parts: count, bytes };
        if self.shared.journal.complete(lease, whole).await? {
            tracing::info!(step = place.step, parts = count, bytes, "wrote a snapshot to the journal");
        }
        Ok(())
    }
}
