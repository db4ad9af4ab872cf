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

/// A cell with the head of its column.
type Cell = (&'static str, String);

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

    /// What the quota grants, what the way to the cloud takes with so many in flight, or what the bare loop took. Regions
    /// go side by side.
    fn floor_s(&self) -> f64 {
        let conditions = &self.case.conditions;
        match conditions.quota {
            Some(part) => self.fewest.quota_s(&self.provider, part),
            None if conditions.latency.is_zero() => self.bare_median(wall_s).unwrap_or_default(),
            None => self.fewest.sum() as f64 * conditions.latency.as_secs_f64() / conditions.in_flight as f64,
        }
    }

    /// The trips to the cloud that nobody can avoid: with few calls that is more than the floor.
    fn trips_s(&self) -> f64 {
        let conditions = &self.case.conditions;
        self.fewest.trips(conditions.in_flight) as f64 * conditions.latency.as_secs_f64()
    }

    /// What the wall time may be, as a multiple of the floor; or of the trips where these alone take longer.
    fn wall_max_s(&self, floors: f64) -> f64 {
        let most = self.floor_s() * floors;
        let only_trips = self.case.conditions.quota.is_none() && self.trips_s() > most;
        if only_trips { self.trips_s() * floors } else { most }
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
        let bare_cpu_s = self.bare_median(cpu_s).unwrap_or_default();
        let at_most = |what, figure: f64, most: Option<f64>| Some(Target::at_most(what, figure, most?));
        let memory_max = self.case.workload.memory_max.map(|most| most as f64);
        let targets = [
            at_most("wall", self.wall_s(), reach.wall_floors.map(|floors| self.wall_max_s(floors))),
            at_most("wall", self.wall_s(), reach.wall_s),
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

    /// For people. Rows of the same conditions have the same columns.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let name = format!("{} {}", self.case.workload.name, self.run.words());
        let mut cells = vec![("run", name), ("wall", seconds(self.wall_s()))];
        cells.extend(self.cells_beside_wall());
        cells.push(("CPU", seconds(self.cpu_s())));
        if let (Some(bare), Some(ratio)) = (self.bare_median(cpu_s), self.cpu_ratio()) {
            cells.extend([("bare CPU", seconds(bare)), ("×", times(ratio))]);
        }
        cells.extend([
            ("memory", megabytes(self.peak_bytes())),
            ("calls", self.calls().to_string()),
            ("fewest", self.fewest_calls().to_string()),
            ("refused", self.most(|sample| sample.refused).to_string()),
            ("reached", told(&self.targets())),
        ]);
        cells
    }

    fn cells_beside_wall(&self) -> Vec<Cell> {
        let (floor, ratio) = (seconds(self.floor_s()), times(self.wall_s() / self.floor_s()));
        let conditions = &self.case.conditions;
        let Some(bare) = self.bare_median(wall_s) else { return vec![("floor", floor), ("×", ratio)] };
        if conditions.latency.is_zero() {
            return vec![("bare loop", floor), ("×", ratio)];
        }
        let trips = seconds(self.trips_s());
        vec![("floor", floor), ("×", ratio), ("trips", trips), ("bare loop", seconds(bare))]
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
            "trips_s": self.trips_s(),
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
    use super::super::workload::Workload;
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

    fn line(row: &Row) -> String {
        row.cells().into_iter().map(|(head, cell)| format!("{head}: {cell}")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn without_latency_the_bare_loop_is_the_floor() {
        let bare = Some(usage(1.0, 0.5));
        let samples = [
            (usage(2.0, 1.25), 2010, 0, bare),
            (usage(9.0, 9.0), 2010, 0, bare),
            (usage(2.5, 1.5), 2010, 0, bare),
        ];
        let expected = "run: W1000 apply, not verified, wall: 2.500 s, bare loop: 1.000 s, ×: 2.50, CPU: 1.500 s, \
                        bare CPU: 0.500 s, ×: 3.00, memory: 12.0 MB, calls: 2010, fewest: 2010, refused: 0, \
                        reached: yes";
        assert_eq!(line(&row(NO_LATENCY, Run::Apply, &samples)), expected);
    }

    #[test]
    fn with_latency_the_way_to_the_cloud_is_the_floor() {
        let samples = [(usage(6.8, 1.0), 2010, 0, Some(usage(6.5, 0.5)))];
        let expected = "run: W1000 apply, not verified, wall: 6.800 s, floor: 6.281 s, ×: 1.08, trips: 6.350 s, \
                        bare loop: 6.500 s, CPU: 1.000 s, bare CPU: 0.500 s, ×: 2.00, memory: 12.0 MB, calls: 2010, \
                        fewest: 2010, refused: 0, reached: no: wall";
        assert_eq!(line(&row(LATENCY, Run::Apply, &samples)), expected);
    }

    #[test]
    fn with_a_quota_the_busiest_call_is_the_floor() {
        let samples = [(usage(104.0, 1.0), 2010, 20, None)];
        let expected = "run: W1000 apply, not verified, wall: 104.0 s, floor: 100.0 s, ×: 1.04, CPU: 1.000 s, \
                        memory: 12.0 MB, calls: 2010, fewest: 2010, refused: 20, reached: yes";
        assert_eq!(line(&row(QUOTA, Run::Apply, &samples)), expected);
        assert_eq!(row(HALF_QUOTA, Run::Apply, &samples).floor_s(), 200.0);
    }

    #[test]
    fn every_bound_that_is_missed_is_named() {
        let missed = |conditions, run, sample| told(&row(conditions, run, &[sample]).targets());
        let bare = Some(usage(1.0, 1.0));
        assert_eq!(missed(NO_LATENCY, Run::Apply, (usage(3.1, 3.1), 2011, 0, bare)), "no: wall, CPU, calls");
        assert_eq!(missed(QUOTA, Run::Apply, (usage(100.0, 1.0), 2010, 21, None)), "no: refused");
        assert_eq!(missed(WIDE, Run::Apply, (usage(1.91, 1.0), 2010, 0, bare)), "no: wall");
        assert_eq!(missed(PLAN, Run::Plan, (usage(9.0, 1.11), 1010, 0, bare)), "no: own CPU");
        let failed = Usage { exit: Some(3), ..usage(1.0, 1.0) };
        assert_eq!(missed(HALF_QUOTA, Run::Apply, (failed, 9, 0, None)), "no: exit code");
    }

    #[test]
    fn where_single_trips_take_longer_than_the_floor_they_are_the_bound() {
        let mut few = row(LATENCY, Run::Apply, &[]);
        few.fewest = FewestCalls::of(&Workload { images: 10, ..THOUSAND }, Run::Apply, &Provider::acme());
        assert_eq!((few.floor_s(), few.trips_s()), (21.0 * 0.05 / 16.0, 3.0 * 0.05));
        assert_eq!(few.wall_max_s(1.06), few.trips_s() * 1.06);
        let many = row(LATENCY, Run::Apply, &[]);
        assert_eq!(many.wall_max_s(1.06), many.floor_s() * 1.06);
    }

    #[test]
    fn the_worst_number_of_calls_is_told() {
        let samples = [2010, 2008, 2011].map(|calls| (usage(1.0, 1.0), calls, 0, None));
        assert_eq!(row(QUOTA, Run::Apply, &samples).calls(), 2008);
    }
}
