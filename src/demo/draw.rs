//! The random choices that invented records are made from, repeatable from a seed.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A sequence of random choices, determined by a seed and a stream number. Each record has a stream of its own, so that
/// it does not depend on how many other records were drawn.
pub(super) struct SeededDraw(ChaCha8Rng);

impl SeededDraw {
    /// Returns the choices of one stream under a seed.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// Returns a random entry of a table.
    #[expect(clippy::indexing_slicing, reason = "the tables are constants with at least one entry")]
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.0.random_range(0..from.len())]
    }

    /// Returns `true` with a probability of `share` per cent.
    pub(super) fn percent(&mut self, share: u32) -> bool {
        self.0.random_range(0..100) < share
    }

    /// Returns a random whole number between two bounds, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// Returns a random number in `[-1, 1)`.
    pub(super) fn offset(&mut self) -> f64 {
        self.0.random_range(-1.0..1.0)
    }

    /// Returns 64 random bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}
