//! Writes a whole register as a configuration that can be served.

use super::FeedRegister;
use super::block::{block, remark};

/// The beginning of the built-in list.
const KNOWN: &str = include_str!("known.toml");

impl FeedRegister {
    /// Returns the register as TOML: `[[sources]]` blocks, unusable entries as comments, and instructions. `from` says
    /// where the register comes from.
    pub fn to_toml(&self, from: &str) -> String {
        let head = if self.is_known { KNOWN.trim_end().to_owned() } else { self.head(from) };
        let mut parts = vec![head];
        parts.extend(self.feeds.iter().map(block));
        if !self.unusable.is_empty() {
            let remarks = self.unusable.iter().map(remark);
            let title = "# Entries that cannot be used as they stand:".to_owned();
            parts.push(std::iter::once(title).chain(remarks).collect::<Vec<_>>().join("\n"));
        }
        parts.push(NEXT.trim_end().to_owned());
        parts.join("\n\n") + "\n"
    }

    fn head(&self, from: &str) -> String {
        let from = super::row::tidy(from);
        let disabled = self.feeds.iter().filter(|feed| feed.disabled.is_some()).count();
        let (feeds, unusable) = (self.feeds.len(), self.unusable.len());
        let counts = format!("Feeds: {feeds}, of which disabled: {disabled}. Unusable entries: {unusable}.");
        format!("# From {from}\n# {counts}\n{GENTLY}")
    }
}

const GENTLY: &str = "\
# These are councils' and charities' servers: set `requests_per_second = 2` and `max_concurrency = 2` under [defaults],
# and for live sources `scan_limit` above the size of the largest feed.";

const NEXT: &str = "\
# What to do next:
# 1. Keep the feeds you want. A key is part of every id: if you want to change it, do so now, and never again.
# 2. Check that each licence allows what you plan; if none is stated, ask the publisher.
# 3. Save this as sources.toml, and check each feed:
#      oruk-gateway check --config sources.toml --online
# 4. Serve them:
#      oruk-gateway serve --config sources.toml
";
