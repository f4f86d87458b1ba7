//! The body of an export. It is made piece by piece, when the client is ready for the next one.

use std::io::{self, Write as _};
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::{BoxFuture, join_all};
use futures_util::{FutureExt as _, Stream, stream};
use tokio::time::Instant;

use crate::admission::{AdmittedOperation, ExportPlace, ProcessorLane, off_thread};
use crate::federation::{ExportBroken, RecordExport};
use crate::http::connections::WorkingRequest;
use crate::writers::{ExportDocument, ExportHead};

/// The number of records in a batch: some milliseconds of work, and about 100 KiB of text.
const RECORDS: usize = 64;
/// The number of batches that are read and written at once, each in a turn of its own.
const AT_ONCE: usize = 2;
/// Most of the gain of higher levels, in a third of their time.
const LEVEL: u32 = 4;

/// Makes the pieces of a document.
pub(super) trait PieceSource: Send {
    /// Returns the next piece, which may be empty. `None` after the last one.
    ///
    /// # Errors
    /// If the piece cannot be made. The document cannot be finished then.
    fn next(&mut self) -> BoxFuture<'_, Option<io::Result<Vec<u8>>>>;
}

/// The pieces of a document of records of one kind.
pub(super) struct DocumentPieces<T> {
    export: RecordExport<T>,
    document: Arc<dyn ExportDocument<T>>,
    next: NextPiece,
}

/// The part to write next.
enum NextPiece {
    Head(ExportHead),
    /// Records: the first of the document, or later ones.
    Records {
        are_first: bool,
    },
    Nothing,
}

impl<T: Send + Sync + 'static> DocumentPieces<T> {
    /// Begins a document.
    pub(super) fn new(
        export: RecordExport<T>,
        document: Arc<dyn ExportDocument<T>>,
        head: ExportHead,
    ) -> Self {
        Self { export, document, next: NextPiece::Head(head) }
    }

    /// Reads and writes the next batches, several at once. Returns `None` if there are none left.
    async fn records(&mut self, are_first: bool) -> Option<io::Result<Vec<u8>>> {
        let batches: Vec<_> = (0..AT_ONCE).map_while(|_| self.export.next(RECORDS)).collect();
        if batches.is_empty() {
            return None;
        }
        let written = batches.into_iter().enumerate().map(|(nth, batch)| {
            let (document, is_first) = (Arc::clone(&self.document), are_first && nth == 0);
            off_thread(move || Ok(document.records(&batch.read()?, is_first)))
        });
        let written = join_all(written).await.into_iter().map(|written| match written {
            Ok(written) => written.map_err(|error: ExportBroken| io::Error::other(error)),
            Err(error) => Err(io::Error::other(error)),
        });
        Some(written.collect::<io::Result<Vec<_>>>().map(|written| written.concat()))
    }
}

impl<T: Send + Sync + 'static> PieceSource for DocumentPieces<T> {
    fn next(&mut self) -> BoxFuture<'_, Option<io::Result<Vec<u8>>>> {
        async {
            match std::mem::replace(&mut self.next, NextPiece::Nothing) {
                NextPiece::Head(head) => {
                    self.next = NextPiece::Records { are_first: true };
                    Some(Ok(self.document.begin(&head)))
                }
                NextPiece::Records { are_first } => match self.records(are_first).await {
                    None => Some(Ok(self.document.end())),
                    Some(piece) => {
                        self.next = NextPiece::Records { are_first: false };
                        Some(piece)
                    }
                },
                NextPiece::Nothing => None,
            }
        }
        .boxed()
    }
}

/// An export while it is being sent. Dropping it ends the export, because nothing is read ahead of the client.
pub(super) struct StreamedExport {
    pieces: Box<dyn PieceSource>,
    encoder: Option<GzEncoder<Vec<u8>>>,
    lane: ProcessorLane,
    until: Instant,
    has_ended: bool,
    _held: HeldByExport,
}

/// What an export holds until it ends.
#[derive(Debug)]
#[expect(dead_code, reason = "held until it is dropped")]
pub(super) struct HeldByExport {
    pub(super) admitted: AdmittedOperation,
    pub(super) place: ExportPlace,
    /// `None` if the request did not come over a connection of ours.
    pub(super) working: Option<Arc<WorkingRequest>>,
}

impl StreamedExport {
    /// Sends these pieces, in turns of a client's lane, no later than `until`. `held` is released at the end.
    pub(super) fn new(
        pieces: Box<dyn PieceSource>,
        is_gzip: bool,
        lane: ProcessorLane,
        until: Instant,
        held: HeldByExport,
    ) -> Self {
        let encoder = is_gzip.then(|| GzEncoder::new(Vec::new(), Compression::new(LEVEL)));
        Self { pieces, encoder, lane, until, has_ended: false, _held: held }
    }

    /// Returns the stream of the export's bytes. An error in the stream breaks off the transfer.
    pub(super) fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send {
        stream::unfold(self, |mut export| async move {
            let piece = export.next().await?;
            if let Err(error) = &piece {
                tracing::warn!(%error, "an export was broken off");
                export.has_ended = true;
            }
            Some((piece, export))
        })
    }

    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        while !self.has_ended {
            if Instant::now() >= self.until {
                return Some(Err(io::Error::other("it took longer than `server.export_timeout`")));
            }
            let lane = self.lane.clone();
            match lane.run(self.encoded_piece()).await {
                // The encoder collects more before it emits anything.
                Ok(bytes) if bytes.is_empty() => {}
                bytes => return Some(bytes.map(Bytes::from)),
            }
        }
        None
    }

    async fn encoded_piece(&mut self) -> io::Result<Vec<u8>> {
        match self.pieces.next().await {
            Some(piece) => self.encoded(piece?),
            None => self.finished(),
        }
    }

    fn encoded(&mut self, piece: Vec<u8>) -> io::Result<Vec<u8>> {
        let Some(encoder) = &mut self.encoder else { return Ok(piece) };
        encoder.write_all(&piece)?;
        Ok(std::mem::take(encoder.get_mut()))
    }

    fn finished(&mut self) -> io::Result<Vec<u8>> {
        self.has_ended = true;
        self.encoder.take().map_or_else(|| Ok(Vec::new()), GzEncoder::finish)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::io::Read as _;
    use std::time::Duration;

    use futures_util::StreamExt as _;

    use super::*;
    use crate::admission::{AdmissionSettings, ClientAddress, OperationAdmission};

    struct Given(VecDeque<io::Result<Vec<u8>>>);

    impl PieceSource for Given {
        fn next(&mut self) -> BoxFuture<'_, Option<io::Result<Vec<u8>>>> {
            std::future::ready(self.0.pop_front()).boxed()
        }
    }

    async fn sent(
        pieces: Vec<io::Result<Vec<u8>>>,
        is_gzip: bool,
        within: Duration,
    ) -> Vec<io::Result<Bytes>> {
        let settings = AdmissionSettings { max_running_cost: 100, max_waiting: 1, max_waiting_per_client: 1 };
        let (admission, client) = (OperationAdmission::new(settings, 1), ClientAddress::unknown());
        let (admitted, place) =
            (admission.admit(client, 1).await.unwrap(), admission.hold_export(client).await);
        let held = HeldByExport { admitted, place, working: None };
        let (pieces, until) = (Box::new(Given(pieces.into())), Instant::now() + within);
        StreamedExport::new(pieces, is_gzip, admission.lane(client), until, held)
            .into_stream()
            .collect()
            .await
    }

    const LONG: Duration = Duration::from_secs(60);

    fn joined(sent: Vec<io::Result<Bytes>>) -> Vec<u8> {
        sent.into_iter().flat_map(|piece| piece.unwrap()).collect()
    }

    #[tokio::test]
    async fn pieces_are_sent_plainly_or_compressed() {
        let pieces = || {
            vec![
                Ok(b"a".to_vec()),
                Ok(Vec::new()),
                Ok("long ".repeat(50_000).into_bytes()),
                Ok(b"z".to_vec()),
            ]
        };
        let plain = joined(sent(pieces(), false, LONG).await);
        assert!(plain.starts_with(b"along ") && plain.ends_with(b"z"));
        let packed = joined(sent(pieces(), true, LONG).await);
        assert!(packed.len() < plain.len() / 100);
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain);
    }

    #[tokio::test]
    async fn a_failure_or_the_end_of_the_time_breaks_off() {
        let pieces = vec![Ok(b"a".to_vec()), Err(io::Error::other("damaged")), Ok(b"b".to_vec())];
        let broken = sent(pieces, false, LONG).await;
        assert!(matches!(broken.as_slice(), [Ok(first), Err(_)] if first == "a"), "{broken:?}");
        let late = sent(vec![Ok(b"a".to_vec())], false, Duration::ZERO).await;
        assert!(matches!(late.as_slice(), [Err(_)]), "{late:?}");
    }
}
