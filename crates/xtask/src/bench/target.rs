//! What a figure has to reach, and whether it does.

use serde_json::{Value, json};

/// A figure beside its bound.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// What it is about, in a word or two.
    what: &'static str,
    figure: f64,
    most: f64,
    /// Less than the bound is wrong too.
    exact: bool,
}

impl Target {
    /// The figure must not be above the bound.
    pub(super) fn at_most(what: &'static str, figure: f64, most: f64) -> Self {
        Self { what, figure, most, exact: false }
    }

    /// The figure must be this one.
    pub(super) fn exactly(what: &'static str, figure: f64, right: f64) -> Self {
        Self { what, figure, most: right, exact: true }
    }

    fn is_reached(&self) -> bool {
        if self.exact { self.figure == self.most } else { self.figure <= self.most }
    }

    pub(super) fn json(&self) -> Value {
        let bound = if self.exact { "exactly" } else { "at_most" };
        json!({ "what": self.what, "figure": self.figure, bound: self.most, "reached": self.is_reached() })
    }
}

/// `yes`, or what was missed; `-` when nothing was to be reached.
pub(super) fn told(targets: &[Target]) -> String {
    let missed: Vec<&str> =
        targets.iter().filter(|target| !target.is_reached()).map(|target| target.what).collect();
    match (targets, &missed[..]) {
        ([], _) => "-".to_owned(),
        (_, []) => "yes".to_owned(),
        _ => format!("no: {}", missed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_named() {
        let reached = Target::at_most("wall", 1.04, 1.04);
        let missed = [Target::at_most("CPU", 3.01, 3.0), Target::exactly("calls", 11.0, 12.0)];
        assert_eq!(told(&[]), "-");
        assert_eq!(told(std::slice::from_ref(&reached)), "yes");
        assert_eq!(told(&[&[reached][..], &missed].concat()), "no: CPU, calls");
        let expected = json!({ "what": "calls", "figure": 11.0, "exactly": 12.0, "reached": false });
        assert_eq!(missed[1].json(), expected);
    }
}
