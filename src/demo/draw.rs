//! Drawing lots: every choice an invented record makes, repeatable from a seed.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A run of choices fixed by a seed and a stream, so that no record depends on how many others were drawn.
pub(super) struct SeededDraw(ChaCha8Rng);

impl SeededDraw {
    /// The choices of one stream under a seed.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// One of a table's entries.
    #[expect(clippy::indexing_slicing, reason = "the tables are constants with at least one entry")]
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.0.random_range(0..from.len())]
    }

    /// True for about this many in a hundred.
    pub(super) fn percent(&mut self, share: u32) -> bool {
        self.0.random_range(0..100) < share
    }

    /// A whole number, both ends included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// A share of one, in `[-1, 1)`.
    pub(super) fn offset(&mut self) -> f64 {
        self.0.random_range(-1.0..1.0)
    }

    /// Raw bits, where a number of its own is wanted.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}
