//! What the runs of one kind took, beside their floors and bounds.

use std::sync::Arc;

use serde_json::{Value, json};

use super::case::Case;
use super::figures::{median, megabytes, peak, seconds, times};
use super::launch::Usage;
use super::provider::Provider;
use super::target::{Target, told};
use super::workload::{FewestCalls, Run};

/// The runs of one kind.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) case: Case,
    pub(super) run: Run,
    pub(super) samples: Vec<Sample>,
    fewest: FewestCalls,
    provider: Arc<Provider>,
}

/// One run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) host: Usage,
    /// Calls that the cloud has counted.
    pub(super) calls: u64,
    pub(super) refused: u64,
    /// The bare loop; `None` where both would only wait.
    pub(super) bare: Option<Usage>,
}

/// The columns.
pub(super) const HEAD: &[&str] =
    &["run", "wall", "floor", "×", "CPU", "bare CPU", "×", "memory", "calls", "fewest", "refused", "reached"];

impl Row {
    pub(super) fn new(case: &Case, run: Run, provider: Arc<Provider>) -> Self {
        let fewest = FewestCalls::of(&case.workload, run, &provider);
        Self { case: *case, run, samples: Vec::new(), fewest, provider }
    }

    /// The fewest calls in all regions.
    pub(super) fn fewest_calls(&self) -> u64 {
        self.fewest.sum() * self.case.workload.regions as u64
    }

    fn median(&self, figure: impl Fn(&Usage) -> f64) -> f64 {
        median(self.samples.iter().map(|sample| figure(&sample.host)))
    }

    /// Of the bare loop; `None` where there was none.
    fn bare_median(&self, figure: impl Fn(&Usage) -> f64) -> Option<f64> {
        let bare: Vec<f64> = self.samples.iter().filter_map(|sample| Some(figure(&sample.bare?))).collect();
        (!bare.is_empty()).then(|| median(bare.into_iter()))
    }

    fn wall_s(&self) -> f64 {
        self.median(wall_s)
    }

    fn cpu_s(&self) -> f64 {
        self.median(cpu_s)
    }

    /// The least time that it can take: what the quota grants, what the way to the cloud takes with so many in flight, or
    /// what the bare loop took. Regions go side by side.
    fn floor_s(&self) -> f64 {
        let conditions = &self.case.conditions;
        match conditions.quota {
            Some(part) => self.fewest.quota_s(&self.provider, part),
            None if conditions.latency.is_zero() => self.bare_median(wall_s).unwrap_or_default(),
            None => self.fewest.sum() as f64 * conditions.latency.as_secs_f64() / conditions.in_flight as f64,
        }
    }

    fn most(&self, figure: impl Fn(&Sample) -> u64) -> u64 {
        self.samples.iter().map(figure).max().unwrap_or_default()
    }

    fn refused_part(&self) -> f64 {
        let parts = self.samples.iter().map(|sample| sample.refused as f64 / sample.calls.max(1) as f64);
        parts.fold(0.0, f64::max)
    }

    /// Of the worst run: any other number than the fewest is wrong.
    fn calls(&self) -> u64 {
        let fewest = self.fewest_calls();
        let calls = self.samples.iter().map(|sample| sample.calls);
        calls.max_by_key(|calls| calls.abs_diff(fewest)).unwrap_or_default()
    }

    fn peak_bytes(&self) -> u64 {
        peak(&self.samples.iter().map(|sample| sample.host).collect::<Vec<_>>())
    }

    fn cpu_ratio(&self) -> Option<f64> {
        Some(self.cpu_s() / self.bare_median(cpu_s)?)
    }

    pub(super) fn targets(&self) -> Vec<Target> {
        let reach = &self.case.conditions.reach;
        let (wall_s, bare_cpu_s) = (self.wall_s(), self.bare_median(cpu_s).unwrap_or_default());
        let at_most = |what, figure: f64, most: Option<f64>| Some(Target::at_most(what, figure, most?));
        let memory_max = self.case.workload.memory_max.map(|most| most as f64);
        let targets = [
            at_most("wall", wall_s / self.floor_s(), reach.wall_floors),
            at_most("wall", wall_s, reach.wall_s),
            at_most("CPU", self.cpu_ratio().unwrap_or_default(), reach.cpu_floors),
            at_most("own CPU", self.cpu_s() - bare_cpu_s, reach.own_cpu_s),
            at_most("refused", self.refused_part(), reach.refused),
            at_most("memory", self.peak_bytes() as f64, memory_max),
            reach
                .fewest_calls
                .then(|| Target::exactly("calls", self.calls() as f64, self.fewest_calls() as f64)),
            Some(Target::exactly("exit code", self.failures() as f64, 0.0)),
        ];
        targets.into_iter().flatten().collect()
    }

    /// How many of the runs did not end well.
    fn failures(&self) -> usize {
        self.samples.iter().filter(|sample| sample.host.exit != Some(0)).count()
    }

    /// For people; the columns are those of [`HEAD`].
    pub(super) fn cells(&self) -> [String; HEAD.len()] {
        let maybe = |figure: Option<String>| figure.unwrap_or_else(|| "-".to_owned());
        [
            format!("{} {}", self.case.workload.name, self.run.words()),
            seconds(self.wall_s()),
            seconds(self.floor_s()),
            times(self.wall_s() / self.floor_s()),
            seconds(self.cpu_s()),
            maybe(self.bare_median(cpu_s).map(seconds)),
            maybe(self.cpu_ratio().map(times)),
            megabytes(self.peak_bytes()),
            self.calls().to_string(),
            self.fewest_calls().to_string(),
            self.most(|sample| sample.refused).to_string(),
            told(&self.targets()),
        ]
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "workload": self.case.workload.name,
            "conditions": self.case.conditions.name,
            "run": self.run.name(),
            "runs": self.samples.len(),
            "wall_s": self.wall_s(),
            "floor_s": self.floor_s(),
            "cpu_s": self.cpu_s(),
            "bare_wall_s": self.bare_median(wall_s),
            "bare_cpu_s": self.bare_median(cpu_s),
            "peak_bytes": self.peak_bytes(),
            "calls": self.calls(),
            "fewest_calls": self.fewest_calls(),
            "refused": self.most(|sample| sample.refused),
            "exits": self.samples.iter().map(|sample| sample.host.exit).collect::<Vec<_>>(),
            "targets": self.targets().iter().map(Target::json).collect::<Vec<_>>(),
        })
    }
}

fn wall_s(usage: &Usage) -> f64 {
    usage.wall.as_secs_f64()
}

fn cpu_s(usage: &Usage) -> f64 {
    usage.cpu.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::case::{Conditions, HALF_QUOTA, LATENCY, NO_LATENCY, PLAN, QUOTA, WIDE};
    use super::super::workload::tests::THOUSAND;
    use super::*;

    fn usage(wall: f64, cpu: f64) -> Usage {
        let (wall, cpu) = (Duration::from_secs_f64(wall), Duration::from_secs_f64(cpu));
        Usage { wall, cpu, peak_bytes: 12_000_000, exit: Some(0) }
    }

    fn row(conditions: Conditions, run: Run, samples: &[(Usage, u64, u64, Option<Usage>)]) -> Row {
        let case = Case { workload: THOUSAND, conditions, sessions: &[] };
        let mut row = Row::new(&case, run, Arc::new(Provider::acme()));
        row.samples.extend(samples.iter().map(|(host, calls, refused, bare)| Sample {
            host: *host,
            calls: *calls,
            refused: *refused,
            bare: *bare,
        }));
        row
    }

    #[test]
    fn without_latency_the_bare_loop_is_the_floor() {
        let bare = Some(usage(1.0, 0.5));
        let samples = [
            (usage(2.0, 1.25), 2010, 0, bare),
            (usage(9.0, 9.0), 2010, 0, bare),
            (usage(2.5, 1.5), 2010, 0, bare),
        ];
        let cells = row(NO_LATENCY, Run::Apply, &samples).cells();
        let expected = [
            "W1000 apply, not verified",
            "2.500 s",
            "1.000 s",
            "2.50",
            "1.500 s",
            "0.500 s",
            "3.00",
            "12.0 MB",
            "2010",
            "2010",
            "0",
            "yes",
        ];
        assert_eq!(cells, expected);
    }

    #[test]
    fn with_latency_the_way_to_the_cloud_is_the_floor() {
        let samples = [(usage(6.8, 1.0), 2010, 0, Some(usage(6.5, 0.5)))];
        let row = row(LATENCY, Run::Apply, &samples);
        assert_eq!(row.floor_s(), 2010.0 * 0.05 / 16.0);
        assert_eq!(row.cells()[11], "no: wall");
    }

    #[test]
    fn with_a_quota_the_busiest_call_is_the_floor() {
        let samples = [(usage(104.0, 1.0), 2010, 20, None)];
        let cells = row(QUOTA, Run::Apply, &samples).cells();
        assert_eq!(cells[1..4], ["104.0 s", "100.0 s", "1.04"]);
        assert_eq!((cells[5].as_str(), cells[11].as_str()), ("-", "yes"));
        assert_eq!(row(HALF_QUOTA, Run::Apply, &samples).floor_s(), 200.0);
    }

    #[test]
    fn every_bound_that_is_missed_is_named() {
        let missed = |conditions, run, sample| row(conditions, run, &[sample]).cells()[11].clone();
        let bare = Some(usage(1.0, 1.0));
        assert_eq!(missed(NO_LATENCY, Run::Apply, (usage(3.1, 3.1), 2011, 0, bare)), "no: wall, CPU, calls");
        assert_eq!(missed(QUOTA, Run::Apply, (usage(100.0, 1.0), 2010, 21, None)), "no: refused");
        assert_eq!(missed(WIDE, Run::Apply, (usage(1.91, 1.0), 2010, 0, bare)), "no: wall");
        assert_eq!(missed(PLAN, Run::Plan, (usage(9.0, 1.11), 1010, 0, bare)), "no: own CPU");
        let failed = Usage { exit: Some(3), ..usage(1.0, 1.0) };
        assert_eq!(missed(HALF_QUOTA, Run::Apply, (failed, 9, 0, None)), "no: exit code");
    }

    #[test]
    fn the_worst_number_of_calls_is_told() {
        let samples = [2010, 2008, 2011].map(|calls| (usage(1.0, 1.0), calls, 0, None));
        assert_eq!(row(QUOTA, Run::Apply, &samples).calls(), 2008);
    }
}
