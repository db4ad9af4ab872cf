//! What is to be shared, what is run, and the fewest calls that it can take.

use super::provider::{Operation, Provider};

/// Images and who is to have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Workload {
    pub(super) name: &'static str,
    /// Images of each region.
    pub(super) images: usize,
    /// Accounts that are to have each image.
    pub(super) accounts: usize,
    pub(super) regions: usize,
    /// Whether they have them already.
    pub(super) shared: bool,
    /// Bytes that the program may have at a time.
    pub(super) memory_max: Option<u64>,
}

/// A run of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// The first `apply`, which trusts the cloud's word.
    Apply,
    /// The first `apply`, which reads back what it has changed.
    ApplyAndVerify,
    /// The next `apply`, with nothing left to do.
    Again,
    /// `plan` where nothing differs.
    Plan,
}

impl Run {
    pub(super) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Apply => &["apply", "--yes", "--verify", "none"],
            Self::ApplyAndVerify | Self::Again => &["apply", "--yes", "--verify", "read-back"],
            Self::Plan => &["plan"],
        }
    }

    /// For people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Apply => "apply, not verified",
            Self::ApplyAndVerify => "apply, read back",
            Self::Again => "apply again",
            Self::Plan => "plan",
        }
    }

    /// For programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply-verify-none",
            Self::ApplyAndVerify => "apply-verify-read-back",
            Self::Again => "apply-again",
            Self::Plan => "plan",
        }
    }

    pub(super) fn writes(self) -> bool {
        matches!(self, Self::Apply | Self::ApplyAndVerify)
    }

    /// How often the shares of an image are read.
    pub(super) fn reads(self) -> usize {
        if self == Self::ApplyAndVerify { 2 } else { 1 }
    }
}

/// The fewest calls of one region that a run can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FewestCalls {
    listings: u64,
    reads: u64,
    writes: u64,
}

impl FewestCalls {
    /// One call for each full page, one for the shares of each image before its change and one after it, and one for
    /// each batch of accounts that the cloud takes.
    pub(super) fn of(workload: &Workload, run: Run, provider: &Provider) -> Self {
        let images = workload.images as u64;
        let batches = workload.accounts.div_ceil(provider.accounts_per_change) as u64;
        Self {
            listings: workload.images.div_ceil(provider.images_per_page).max(1) as u64,
            reads: images * run.reads() as u64,
            writes: if run.writes() { images * batches } else { 0 },
        }
    }

    pub(super) fn sum(self) -> u64 {
        self.listings + self.reads + self.writes
    }

    /// How often somebody has to go to the cloud and back with so many calls at a time. The first page goes alone, since
    /// it tells what the others are about.
    pub(super) fn trips(self, in_flight: usize) -> u64 {
        1 + (self.sum() - 1).div_ceil(in_flight as u64)
    }

    /// The seconds that the busiest of the calls needs where this part of its quota is granted. 0: there is no quota.
    pub(super) fn quota_s(self, provider: &Provider, part: f64) -> f64 {
        let by_operation = [
            (Operation::ListImages, self.listings),
            (Operation::ReadShares, self.reads),
            (Operation::ChangeShares, self.writes),
        ];
        let seconds = by_operation.into_iter().filter_map(|(operation, calls)| {
            let quota = provider.quotas.iter().find(|quota| quota.operation == operation)?;
            Some(calls as f64 / (quota.calls_per_second * part))
        });
        seconds.fold(0.0, f64::max)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// 1,000 images of one region, five accounts.
    pub(in crate::bench) const THOUSAND: Workload =
        Workload { name: "W1000", images: 1000, accounts: 5, regions: 1, shared: false, memory_max: None };

    fn check(workload: Workload, run: Run, expected: [u64; 3]) {
        let [listings, reads, writes] = expected;
        let fewest = FewestCalls::of(&workload, run, &Provider::acme());
        assert_eq!(fewest, FewestCalls { listings, reads, writes }, "{workload:?} {run:?}");
        assert_eq!(fewest.sum(), expected.iter().sum::<u64>());
    }

    #[test]
    fn the_fewest_calls_are_pages_reads_batches_and_reads_again() {
        check(THOUSAND, Run::Apply, [10, 1000, 1000]);
        check(THOUSAND, Run::ApplyAndVerify, [10, 2000, 1000]);
        check(THOUSAND, Run::Again, [10, 1000, 0]);
        check(THOUSAND, Run::Plan, [10, 1000, 0]);
        check(Workload { images: 101, ..THOUSAND }, Run::Plan, [2, 101, 0]);
        check(Workload { images: 0, ..THOUSAND }, Run::Plan, [1, 0, 0]);
    }

    #[test]
    fn as_many_accounts_go_into_a_call_as_the_cloud_takes() {
        for (accounts, writes) in [(20, 1000), (21, 2000), (50, 3000)] {
            check(Workload { accounts, ..THOUSAND }, Run::Apply, [10, 1000, writes]);
        }
    }

    #[test]
    fn the_first_page_goes_alone_and_the_others_together() {
        let trips = |images, in_flight| {
            let workload = Workload { images, ..THOUSAND };
            FewestCalls::of(&workload, Run::Apply, &Provider::acme()).trips(in_flight)
        };
        assert_eq!([trips(0, 16), trips(8, 16), trips(9, 16), trips(1000, 64)], [1, 2, 3, 33]);
    }

    #[test]
    fn the_busiest_call_says_how_long_a_quota_takes() {
        let acme = Provider::acme();
        let seconds = |run, part| FewestCalls::of(&THOUSAND, run, &acme).quota_s(&acme, part);
        assert_eq!(seconds(Run::Apply, 1.0), 100.0);
        assert_eq!(seconds(Run::ApplyAndVerify, 1.0), 200.0);
        assert_eq!(seconds(Run::Apply, 0.5), 200.0);
        let free = Provider { quotas: vec![], ..acme };
        assert_eq!(FewestCalls::of(&THOUSAND, Run::Apply, &free).quota_s(&free, 1.0), 0.0);
    }
}
