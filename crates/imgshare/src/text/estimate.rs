//! What applying a plan takes, in one line.

use imgshare_plan::{Estimate, Plan};

use super::flow::sentence;
use super::label::thousands;
use super::style::BOLD;
use crate::duration::in_words;

/// `Apply: about 2,010 calls, at least 1 min 40 s under the clouds' quotas`; nothing where there is nothing to do.
pub(super) fn line(plan: &Plan) -> String {
    let Some(estimate) = plan.estimate.filter(|_| !plan.is_empty()) else { return String::new() };
    let copying = if plan.to_do_copies().next().is_some() { "; copying comes on top" } else { "" };
    let words = format!("{}{}{copying}", calls(estimate), time(estimate));
    sentence(&format!("{BOLD}Apply:{BOLD:#} "), 7, &words)
}

fn calls(estimate: Estimate) -> String {
    let noun = if estimate.calls == 1 { "call" } else { "calls" };
    format!("about {} {noun}", thousands(estimate.calls))
}

/// Under a second nobody asks how long it takes.
fn time(estimate: Estimate) -> String {
    let seconds = estimate.seconds.filter(|seconds| *seconds >= 1.0);
    let words = |seconds: f64| format!(", at least {} under the clouds' quotas", in_words(seconds as u64));
    seconds.map(words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use imgshare_plan::{Estimate, Plan, PlannedChange, PlannedCopy};

    use super::line;

    fn plan(calls: u64, seconds: Option<f64>) -> Plan {
        let estimate = Some(Estimate { calls, seconds });
        Plan { changes: vec![PlannedChange::default()], estimate, ..Plan::default() }
    }

    fn plain(plan: &Plan) -> String {
        anstream::adapter::strip_str(&line(plan)).to_string()
    }

    #[test]
    fn calls_and_time_are_told_as_far_as_they_are_known() {
        assert_eq!(
            plain(&plan(2010, Some(100.9))),
            "Apply: about 2,010 calls, at least 1 min 40 s under the clouds' quotas\n"
        );
        assert_eq!(plain(&plan(1, None)), "Apply: about 1 call\n");
        assert_eq!(plain(&plan(7, Some(0.9))), "Apply: about 7 calls\n");
        assert_eq!(plain(&Plan { estimate: None, ..plan(7, None) }), "");
    }

    #[test]
    fn what_copying_takes_is_not_in_it() {
        let copies = vec![PlannedCopy::default()];
        assert_eq!(plain(&Plan { copies, ..plan(7, None) }), "Apply: about 7 calls; copying comes on top\n");
    }

    #[test]
    fn a_plan_with_nothing_to_do_needs_no_estimate() {
        assert_eq!(plain(&Plan { changes: Vec::new(), ..plan(7, None) }), "");
    }
}
