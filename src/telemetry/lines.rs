//! Writes log lines to standard error on a separate thread, so that a reader that stops reading cannot block the
//! gateway.
//!
//! The thread writes all gathered lines and then pauses. Waking it for each line would cost more than the line.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// The maximum number of waiting bytes. Further lines are dropped and counted.
const MOST_WAITING: usize = 4 << 20;
/// The pause in which lines gather.
const GATHERING: Duration = Duration::from_millis(5);
/// How long the last lines may take to be written.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Accepts lines.
#[derive(Clone)]
pub(super) struct LogLines {
    shared: Arc<SharedLines>,
}

/// Keeps the writer alive. Dropping it writes the waiting lines, for at most a second.
#[must_use]
pub struct LogGuard {
    shared: Arc<SharedLines>,
    ended: Receiver<()>,
}

#[derive(Default)]
struct SharedLines {
    waiting: Mutex<WaitingLines>,
    changed: Condvar,
}

#[derive(Default)]
struct WaitingLines {
    bytes: Vec<u8>,
    dropped: usize,
    is_closing: bool,
}

/// Starts writing lines to `out`.
///
/// # Errors
/// If the thread cannot be started.
pub(super) fn to(out: impl Write + Send + 'static) -> io::Result<(LogLines, LogGuard)> {
    let shared = Arc::new(SharedLines::default());
    let (end, ended) = mpsc::channel();
    let taken = Arc::clone(&shared);
    thread::Builder::new().name("log".to_owned()).spawn(move || {
        write_out(&taken, out);
        // The receiver is gone if it took too long.
        let _ = end.send(());
    })?;
    Ok((LogLines { shared: Arc::clone(&shared) }, LogGuard { shared, ended }))
}

fn write_out(shared: &SharedLines, mut out: impl Write) {
    while let Some(WaitingLines { bytes, dropped, is_closing }) = shared.next() {
        // There is nowhere to report that the log cannot be written.
        let _ = out.write_all(&bytes);
        if dropped > 0 {
            let _ = writeln!(out, "dropped {dropped} log lines: they were not read fast enough");
        }
        if !is_closing {
            thread::sleep(GATHERING);
        }
    }
}

impl SharedLines {
    /// Waits for lines. Returns `None` when there will be no more.
    fn next(&self) -> Option<WaitingLines> {
        let has_none = |waiting: &mut WaitingLines| waiting.bytes.is_empty() && !waiting.is_closing;
        let mut waiting =
            self.changed.wait_while(self.lock(), has_none).unwrap_or_else(PoisonError::into_inner);
        if waiting.bytes.is_empty() {
            return None;
        }
        let rest = WaitingLines { is_closing: waiting.is_closing, ..WaitingLines::default() };
        Some(std::mem::replace(&mut *waiting, rest))
    }

    fn add(&self, line: &[u8]) {
        let mut waiting = self.lock();
        if waiting.bytes.len() + line.len() > MOST_WAITING {
            waiting.dropped += 1;
            return;
        }
        let was_empty = waiting.bytes.is_empty();
        waiting.bytes.extend_from_slice(line);
        drop(waiting);
        if was_empty {
            self.changed.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, WaitingLines> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for LogLines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.shared.add(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogLines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        self.shared.lock().is_closing = true;
        self.shared.changed.notify_one();
        let _ = self.ended.recv_timeout(LAST_LINES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Blocks until told to continue.
    struct Stuck(mpsc::Sender<()>, Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(());
            let _ = self.1.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_is_written_in_order_before_the_guard_is_gone() {
        let paper = Paper::default();
        let (mut lines, guard) = to(paper.clone()).unwrap();
        let sent: String = (0..1000).map(|number| format!("line {number}\n")).collect();
        for line in sent.split_inclusive('\n') {
            lines.write_all(line.as_bytes()).unwrap();
        }
        drop(guard);
        assert_eq!(String::from_utf8(paper.0.lock().unwrap().clone()).unwrap(), sent);
    }

    #[test]
    fn a_reader_that_does_not_read_holds_nobody_up_and_lines_are_bounded() {
        let ((stuck, is_stuck), (go_on, told)) = (mpsc::channel(), mpsc::channel());
        let (mut lines, guard) = to(Stuck(stuck, told)).unwrap();
        let line = [b'x'; 1 << 10];
        lines.write_all(&line).unwrap();
        is_stuck.recv().unwrap();
        for _ in 0..3 * MOST_WAITING / line.len() {
            lines.write_all(&line).unwrap();
        }
        let waiting = lines.shared.lock();
        assert!(waiting.bytes.len() <= MOST_WAITING && waiting.dropped > 0);
        drop(waiting);
        drop(go_on);
        drop(guard);
    }
}
