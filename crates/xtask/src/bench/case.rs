//! What is measured on a simulated cloud: workloads, and how fast the cloud answers and lets itself be asked.

use std::time::Duration;

use super::workload::{Run, Workload};

/// How a simulated cloud behaves, how many requests the program has on their way to each of its regions, and what it has
/// to reach there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Conditions {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// What they are, what the floor is and what is to be reached, for people.
    pub(super) about: &'static str,
    pub(super) latency: Duration,
    /// The part of its declared quotas that the cloud grants; `None`: it counts no calls, and the program is told so.
    pub(super) quota: Option<f64>,
    pub(super) in_flight: usize,
    pub(super) reach: Reach,
}

/// Bounds. `None`: there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reach {
    /// Wall time, as a multiple of its floor.
    pub(super) wall_floors: Option<f64>,
    pub(super) wall_s: Option<f64>,
    /// CPU, as a multiple of the bare loop's.
    pub(super) cpu_floors: Option<f64>,
    /// CPU beyond the bare loop's.
    pub(super) own_cpu_s: Option<f64>,
    /// The part of the calls that is refused.
    pub(super) refused: Option<f64>,
    /// The calls have to be the fewest possible.
    pub(super) fewest_calls: bool,
}

const FEWEST_CALLS: Reach = Reach {
    wall_floors: None,
    wall_s: None,
    cpu_floors: None,
    own_cpu_s: None,
    refused: None,
    fewest_calls: true,
};

/// One workload under some conditions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Case {
    pub(super) workload: Workload,
    pub(super) conditions: Conditions,
    /// Runs that follow one another on the same cloud; each list begins with a fresh one.
    pub(super) sessions: &'static [&'static [Run]],
}

impl Case {
    /// The part's name: `W100/50ms`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.workload.name, self.conditions.name)
    }
}

const fn workload(name: &'static str, images: usize, accounts: usize, regions: usize) -> Workload {
    Workload { name, images, accounts, regions, shared: false, memory_max: None }
}

const W100: Workload = workload("W100", 100, 5, 1);
const W1000: Workload = Workload { memory_max: Some(20_000_000), ..workload("W1000", 1000, 5, 1) };
const W5R: Workload = workload("W5R", 200, 20, 5);
const NOTHING_TO_DO: Workload = Workload { shared: true, ..workload("nothing-to-do", 5000, 5, 1) };

/// What is left is the program's own work.
pub(super) const NO_LATENCY: Conditions = Conditions {
    name: "no-latency",
    title: "No latency",
    about: "The cloud answers at once, 16 in flight. Floor: the bare loop. To reach: wall and CPU at most 3 times the \
            bare loop's, better twice; the fewest calls.",
    latency: Duration::ZERO,
    quota: None,
    in_flight: 16,
    reach: Reach { wall_floors: Some(3.0), cpu_floors: Some(3.0), ..FEWEST_CALLS },
};

/// The cloud is some way off.
pub(super) const LATENCY: Conditions = Conditions {
    name: "50ms",
    title: "50 ms",
    about: "The cloud answers after 50 ms, 16 in flight for each region. Floor: a region's calls × 50 ms / 16. To \
            reach: wall within 1.06 of it, or of the trips where these alone take longer; the fewest calls.",
    latency: Duration::from_millis(50),
    reach: Reach { wall_floors: Some(1.06), ..FEWEST_CALLS },
    ..NO_LATENCY
};

/// It is some way off, and more is on its way.
pub(super) const WIDE: Conditions = Conditions {
    name: "50ms-64",
    title: "50 ms, 64 in flight",
    about: "The cloud answers after 50 ms, 64 in flight. Floor: the calls × 50 ms / 64. To reach: wall under 1.9 s; the \
            fewest calls.",
    in_flight: 64,
    reach: Reach { wall_s: Some(1.9), ..FEWEST_CALLS },
    ..LATENCY
};

/// The cloud grants what its plugin says.
pub(super) const QUOTA: Conditions = Conditions {
    name: "quota",
    title: "Under quota",
    about: "The cloud answers after 50 ms and grants the quota that the provider declares. Floor: the busiest call's \
            number / its quota. To reach: wall within 1.04 of it, at most 1 % refused, the fewest calls.",
    quota: Some(1.0),
    reach: Reach { wall_floors: Some(1.04), refused: Some(0.01), ..FEWEST_CALLS },
    ..LATENCY
};

/// The cloud grants half of that, and nobody has told the program.
pub(super) const HALF_QUOTA: Conditions = Conditions {
    name: "half-quota",
    title: "Under half of the quota",
    about: "The cloud grants half of what the provider declares. Floor: the busiest call's number / what is granted. \
            Nothing to reach: how soon the program finds its pace.",
    quota: Some(0.5),
    reach: Reach { fewest_calls: false, ..FEWEST_CALLS },
    ..LATENCY
};

/// All is as it should be.
pub(super) const PLAN: Conditions = Conditions {
    name: "no-latency",
    title: "Nothing to do",
    about: "A plan with nothing to do: 5,000 images, 5 accounts. The cloud answers at once, 16 in flight. Floor: the \
            bare loop. To reach: at most 0.1 s of CPU beyond the bare loop's; the fewest calls.",
    reach: Reach { own_cpu_s: Some(0.1), ..FEWEST_CALLS },
    ..NO_LATENCY
};

/// In the order in which they are told.
pub(super) const CONDITIONS: &[Conditions] = &[NO_LATENCY, PLAN, LATENCY, WIDE, QUOTA, HALF_QUOTA];

const BOTH_AND_AGAIN: &[&[Run]] = &[&[Run::Apply], &[Run::ApplyAndVerify, Run::Again]];
const ONCE: &[&[Run]] = &[&[Run::Apply]];

/// All cases.
pub(super) fn all() -> Vec<Case> {
    let everywhere = [NO_LATENCY, LATENCY, QUOTA].into_iter().flat_map(|conditions| {
        let workloads = [W100, W1000, W5R].into_iter();
        workloads.map(move |workload| Case { workload, conditions, sessions: BOTH_AND_AGAIN })
    });
    let special = [
        Case { workload: NOTHING_TO_DO, conditions: PLAN, sessions: &[&[Run::Plan]] },
        Case { workload: W1000, conditions: WIDE, sessions: ONCE },
        Case { workload: W1000, conditions: HALF_QUOTA, sessions: ONCE },
    ];
    everywhere.chain(special).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_a_name_of_its_own_and_a_table_to_stand_in() {
        let mut names: Vec<String> = all().iter().map(Case::name).collect();
        assert!(names.iter().any(|name| name == "W5R/quota"));
        assert!(all().iter().all(|case| CONDITIONS.contains(&case.conditions)));
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
