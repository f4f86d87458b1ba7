//! Reads bits, the highest of a byte first, and numbers in adaptive Rice codes.

/// Reads bits one after the other. Past the end, all are zero.
pub(super) struct BitReader<'d> {
    bytes: &'d [u8],
    at: usize,
}

/// The running mean of the numbers read so far, times four. It determines the width of a Rice code.
#[derive(Clone, Copy)]
pub(super) struct RunningMean(pub(super) u32);

/// A quotient of this many ones is followed by the number itself.
pub(super) const ESCAPE: u32 = 12;
pub(super) const ESCAPED_BITS: u32 = 18;

/// The initial running mean for the lengths of runs of flags.
pub(super) const RUN_MEAN: RunningMean = RunningMean(6 << 2);

impl<'d> BitReader<'d> {
    pub(super) fn new(bytes: &'d [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Reads a number of at most 32 bits.
    pub(super) fn take(&mut self, width: u32) -> u32 {
        if width == 0 {
            return 0;
        }
        let number = self.window() >> (64 - width);
        self.skip(width);
        u32::try_from(number).unwrap_or_default()
    }

    pub(super) fn flag(&mut self) -> bool {
        self.take(1) == 1
    }

    /// Reads a number in Rice code, and updates the running mean.
    pub(super) fn rice(&mut self, mean: &mut RunningMean) -> u32 {
        let quotient = self.window().leading_ones().min(ESCAPE);
        let number = if quotient == ESCAPE {
            self.skip(ESCAPE);
            self.take(ESCAPED_BITS)
        } else {
            self.skip(quotient + 1);
            let width = mean.width();
            quotient << width | self.take(width)
        };
        mean.take_in(number);
        number
    }

    /// Reads a number that may be negative, encoded in the order 0, -1, 1, -2 and so on.
    pub(super) fn signed_rice(&mut self, mean: &mut RunningMean) -> i64 {
        let number = i64::from(self.rice(mean));
        if number % 2 == 0 { number / 2 } else { -(number / 2) - 1 }
    }

    /// Reads flags, which are written as lengths of runs: first of unset flags, then of set ones, and so on.
    pub(super) fn flags(&mut self, count: usize) -> Vec<bool> {
        let mut flags = Vec::with_capacity(count);
        let (mut is_set, mut unset_mean, mut set_mean) = (false, RUN_MEAN, RUN_MEAN);
        if !self.flag() {
            flags.resize(count, false);
        }
        while flags.len() < count {
            let run = self.rice(if is_set { &mut set_mean } else { &mut unset_mean });
            // Only the first run may be empty.
            let run = run + u32::from(is_set || !flags.is_empty());
            let end = flags.len() + usize::try_from(run).unwrap_or(usize::MAX).min(count - flags.len());
            flags.resize(end, is_set);
            is_set = !is_set;
        }
        flags
    }

    fn window(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let eight = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut eight = [0; 8];
            eight.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            eight
        });
        u64::from_be_bytes(eight) << (self.at % 8)
    }

    fn skip(&mut self, width: u32) {
        self.at += usize::try_from(width).unwrap_or_default();
    }
}

impl RunningMean {
    pub(super) fn width(self) -> u32 {
        (self.0 >> 2).checked_ilog2().unwrap_or(0)
    }

    pub(super) fn take_in(&mut self, number: u32) {
        self.0 = self.0 + number - (self.0 >> 2);
    }
}
