//! A link between a gateway and a journal in memory: its faults, its delays and the format that its gateway speaks.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use crate::catalogue::journal::StepEffects;

/// What goes wrong with the next request over a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JournalFault {
    /// The request does not arrive, and fails.
    Lost,
    /// The request is carried out, but its answer is lost and the caller gets an error.
    Unanswered,
    /// The request does not arrive, and the caller waits for ever.
    Swallowed,
    /// The request is carried out, and the caller waits for ever.
    Silent,
    /// The request succeeds. Used to place a fault on a later request.
    None,
}

/// Returns the delays of the next request and of its answer.
pub(crate) type LinkDelays = Box<dyn FnMut() -> (Duration, Duration) + Send>;

pub(super) struct JournalLink {
    pub(super) is_cut: bool,
    pub(super) is_silent: bool,
    pub(super) is_told: bool,
    pub(super) faults: VecDeque<JournalFault>,
    pub(super) append_fault: Option<JournalFault>,
    pub(super) has_failed_append: bool,
    pub(super) delays: Option<LinkDelays>,
    /// The format that the gateway speaks. `None` means this release's.
    pub(super) format: Option<u8>,
}

impl Default for JournalLink {
    fn default() -> Self {
        let (is_cut, is_silent, is_told, has_failed_append) = (false, false, true, false);
        let (faults, append_fault, delays, format) = Default::default();
        Self { is_cut, is_silent, is_told, faults, append_fault, has_failed_append, delays, format }
    }
}

impl fmt::Debug for JournalLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalLink").field("is_cut", &self.is_cut).finish_non_exhaustive()
    }
}

impl JournalLink {
    pub(super) fn next_fault(&mut self) -> JournalFault {
        match (self.is_cut, self.is_silent) {
            (true, _) => JournalFault::Lost,
            (false, true) => JournalFault::Swallowed,
            (false, false) => self.faults.pop_front().unwrap_or(JournalFault::None),
        }
    }

    pub(super) fn next_append_fault(&mut self) -> JournalFault {
        match self.next_fault() {
            JournalFault::None => {
                self.has_failed_append |= self.append_fault.is_some();
                self.append_fault.take().unwrap_or(JournalFault::None)
            }
            fault => fault,
        }
    }

    pub(super) fn next_delays(&mut self) -> (Duration, Duration) {
        self.delays.as_mut().map(|delays| delays()).unwrap_or_default()
    }

    /// Marks what the gateway writes with the format that it speaks.
    pub(super) fn written(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if let (Some(format), Some(first)) = (self.format, bytes.first_mut()) {
            *first = format;
        }
        bytes
    }

    /// Marks bytes of the format that the gateway speaks, or of an older one, as this release's format, so that they
    /// can be decoded.
    pub(super) fn read(&self, bytes: &mut [u8]) {
        if let (Some(format), Some(first)) = (self.format, bytes.first_mut())
            && *first <= format
        {
            *first = StepEffects::FORMAT;
        }
    }
}

pub(super) async fn wait(delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}
