//! What the gateway asks of one source at most, and how long its answers stay good.

use std::time::Duration;

use super::kind;
use super::section::settings;

const MOMENT: Duration = Duration::from_millis(1);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const YEAR: Duration = Duration::from_secs(366 * 86_400);

settings! {
    /// What the gateway asks of one source at most, and how long its answers stay good.
    pub struct Limits {
        /// How long one upstream request may take.
        timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(10);
        /// How long connecting may take.
        connect_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(3);
        /// How long one query waits for this source before it is answered without it.
        deadline: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(8);
        /// How often a request that failed is sent again.
        retries: u32 = kind::whole(0..=10), 2;
        /// The most requests to this source under way at once.
        max_concurrency: usize = kind::whole(1..=1024), 4;
        /// The most requests a second; may be less than one.
        requests_per_second: f64 = kind::decimal(0.001..=100_000.0), 10.0;
        /// The largest answer that is read.
        max_response: usize = kind::size(1..=1 << 32), 32 << 20;
        /// How long reading one answer may take, once it has arrived.
        reading_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(10);
        /// The most records kept of one list. A feed that has more is served with these, and reported as incomplete.
        max_records: usize = kind::whole(1..=100_000_000), 50_000;
        /// The most bytes of JSON kept of all lists of a source together, record for record. A feed that sends more is served with these, and
        /// reported as incomplete.
        max_kept: usize = kind::size(1..=1 << 40), 256 << 20;
        /// The largest record that is read, as JSON. A larger one is left out, and counted as unreadable.
        max_record: usize = kind::size(1 << 10..=1 << 30), 4 << 20;
        /// The longest single text that is kept. A longer one is left out of its record, which says so.
        max_text: usize = kind::size(1 << 10..=1 << 30), 1 << 20;
        /// The most parts that are read of one record, at any depth. Longer lists are cut, and the record says so.
        max_parts: usize = kind::whole(1..=1_000_000), 10_000;
        /// The longest id that is read. A longer one counts as unreadable.
        max_id_length: usize = kind::size(16..=4096), 512;
        /// The records asked for on one page.
        page_size: usize = kind::whole(1..=10_000), 100;
        /// How long a live answer is fresh. The feed's own Cache-Control may shorten it.
        fresh_for: Duration = kind::duration(Duration::ZERO..=YEAR), Duration::from_secs(300);
        /// How long past that it may still be served when the feed fails.
        stale_for: Duration = kind::duration(Duration::ZERO..=YEAR), Duration::from_secs(86_400);
        /// In live mode, the most records read from this source for one query.
        scan_limit: usize = kind::whole(1..=100_000_000), 2000;
        /// How often the gateway tries out what the feed does, in some two dozen requests. 0s: never.
        probe_every: Duration = kind::duration(Duration::ZERO..=YEAR), Duration::from_secs(86_400);
    }
}
