//! Random numbers that a seed repeats.

use std::hash::{BuildHasher as _, RandomState};

/// SplitMix64: <https://prng.di.unimi.it/splitmix64.c>.
pub(crate) struct Dice {
    pub(crate) seed: u64,
    state: u64,
}

impl Dice {
    /// By `IMGSHARE_TEST_SEED`, or another seed each time. Prints it.
    #[expect(clippy::print_stdout, reason = "cargo shows it when the test fails")]
    pub(crate) fn throw() -> Self {
        let chosen = std::env::var("IMGSHARE_TEST_SEED").ok();
        let chosen = chosen.map(|seed| seed.parse().expect("IMGSHARE_TEST_SEED is a number"));
        let seed = chosen.unwrap_or_else(|| RandomState::new().hash_one(0) % 1_000_000);
        println!("IMGSHARE_TEST_SEED={seed}");
        Self { seed, state: seed }
    }

    /// A number from 0 to one less than `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        usize::try_from(bits % end as u64).expect("it is below a usize")
    }
}
