//! The limits on one source, and how long its data stays fresh.

use std::time::Duration;

use super::kind;
use super::section::settings;

const MOMENT: Duration = Duration::from_millis(1);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const YEAR: Duration = Duration::from_secs(366 * 86_400);

settings! {
    /// The limits on one source, and how long its data stays fresh.
    pub struct SourceLimits {
        /// The time limit for one request to the feed.
        timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(10);
        /// The time limit for connecting to the feed.
        connect_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(3);
        /// How long one query waits for this source before it is answered without it.
        deadline: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(8);
        /// How many times a failed request is retried.
        retries: u32 = kind::whole(0..=10), 2;
        /// The maximum number of concurrent requests to this source.
        max_concurrency: usize = kind::whole(1..=1024), 4;
        /// The maximum number of requests a second. May be less than 1.
        requests_per_second: f64 = kind::decimal(0.001..=100_000.0), 10.0;
        /// The maximum size of a response, after decompression.
        max_response: usize = kind::size(1..=1 << 32), 32 << 20;
        /// The time limit for reading one response after it has arrived.
        reading_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(10);
        /// The maximum number of records stored from one list. If a feed has more, these are served and the source is
        /// reported as incomplete.
        max_records: usize = kind::whole(1..=100_000_000), 50_000;
        /// The maximum size of the records stored from all lists of a source, as JSON. If a feed sends more, these are
        /// served and the source is reported as incomplete.
        max_kept: usize = kind::size(1..=1 << 40), 256 << 20;
        /// The maximum size of a record, as JSON. A larger record is left out, and counted as unreadable.
        max_record: usize = kind::size(1 << 10..=1 << 30), 4 << 20;
        /// The maximum length of a text. A longer text is left out of its record, which gets an issue.
        max_text: usize = kind::size(1 << 10..=1 << 30), 1 << 20;
        /// The maximum number of nested objects read from one record, at any depth. Longer lists are cut, and the
        /// record gets an issue.
        max_parts: usize = kind::whole(1..=1_000_000), 10_000;
        /// The maximum length of an id. A longer id counts as unreadable.
        max_id_length: usize = kind::size(16..=4096), 512;
        /// The page size to request.
        page_size: usize = kind::whole(1..=10_000), 100;
        /// How long data of a live source is fresh. The feed's own Cache-Control may shorten it.
        fresh_for: Duration = kind::duration(Duration::ZERO..=YEAR), Duration::from_secs(300);
        /// How long after that it may still be served, while it is read again or the feed fails.
        stale_for: Duration = kind::duration(Duration::ZERO..=YEAR), Duration::from_secs(86_400);
        /// In live mode, the maximum number of records read from this source for one query.
        scan_limit: usize = kind::whole(1..=100_000_000), 2000;
        /// How often to probe what the feed supports, with about two dozen requests. 0s: never.
        probe_every: Duration = kind::duration(Duration::ZERO..=YEAR), Duration::from_secs(86_400);
    }
}
