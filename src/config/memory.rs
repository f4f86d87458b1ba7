//! What the gateway's caches of a fixed size may hold, in bytes. What grows with the feeds has a key of its own:
//! `cache.max_size`, `reading.max_memory` and the limits of each source.

/// Stored records in decoded form, looked up by id or number: for each of the two.
pub(crate) const RECENT_RECORDS: u64 = 64 << 20;
/// What was written of stored records, looked up by id or number: for each of the two.
pub(crate) const RENDERINGS: u64 = 48 << 20;
/// Lists of stored organisations, places and terms in decoded form, with their words.
pub(crate) const STORED_LISTS: u64 = 384 << 20;
/// Services of live sources with their providers put in.
pub(crate) const PROVIDER_JOINS: u64 = 64 << 20;
/// Lists of the merged feed that walks are still reading.
pub(crate) const EDITIONS: u64 = 96 << 20;
/// Documents of GraphQL that were validated, with their plans.
pub(crate) const DOCUMENTS: u64 = 32 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_for_operators_states_each_limit() {
        let page = include_str!("../../docs/deployment.md");
        let limits = [
            ("Recently read records", RECENT_RECORDS * 2),
            ("Written records", RENDERINGS * 2),
            ("Stored lists", STORED_LISTS),
            ("Live services with their providers", PROVIDER_JOINS),
            ("Lists of the merged feed", EDITIONS),
            ("GraphQL documents", DOCUMENTS),
        ];
        for (what, bytes) in limits {
            let row = format!("| {what} | {} MiB |", bytes >> 20);
            assert!(page.contains(&row), "no row {row:?}");
        }
    }
}
