//! A plan in a file: made by `plan --out`, made so by `apply PLAN`.

use std::io::ErrorKind;
use std::path::Path;

use imgshare_plan::{Bounds, PLAN_FORMAT, Plan, Scope};
use imgshare_protocol::Timestamp;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// A plan, with what it was made for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SavedPlan {
    /// The version of this form.
    format: u32,
    /// When it was made.
    made: Timestamp,
    /// The rules, clouds, regions and bound that it was made for.
    rules: Vec<String>,
    clouds: Vec<String>,
    regions: Vec<String>,
    max_removals: Option<u32>,
    /// The plan.
    pub(crate) plan: Plan,
}

impl SavedPlan {
    pub(crate) fn new(plan: Plan, bounds: &Bounds, made: Timestamp) -> Self {
        let Bounds { max_removals, scope } = bounds;
        Self {
            format: PLAN_FORMAT,
            made,
            rules: scope.rules.iter().map(ToString::to_string).collect(),
            clouds: scope.clouds.iter().map(ToString::to_string).collect(),
            regions: scope.regions.iter().map(ToString::to_string).collect(),
            max_removals: *max_removals,
            plan,
        }
    }

    /// What the plan was made for.
    pub(crate) fn bounds(&self) -> Bounds {
        let scope = Scope {
            rules: self.rules.iter().map(|name| name.as_str().into()).collect(),
            clouds: self.clouds.iter().map(|name| name.as_str().into()).collect(),
            regions: self.regions.iter().map(|name| name.as_str().into()).collect(),
        };
        Bounds { max_removals: self.max_removals, scope }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        std::fs::write(path, text).map_err(|error| {
            Failure::new(format!("cannot write the plan to {}: {error}", path.display()))
                .hint("name another file")
        })
    }

    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let wrong = |text: String| Err(Failure::new(text).hint("make one with `imgshare plan --out FILE`"));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return wrong(format!("there is no plan {shown}"));
            }
            Err(error) => return wrong(format!("cannot read the plan {shown}: {error}")),
        };
        match serde_json::from_str::<Self>(&text) {
            Err(error) => wrong(format!("{shown} is no saved plan: {error}")),
            // Any JSON object reads as a plan of format 0.
            Ok(saved) if saved.format == 0 => wrong(format!("{shown} is no saved plan")),
            Ok(saved) if saved.format != PLAN_FORMAT => wrong(format!(
                "{shown} is a plan of format {}, and this imgshare knows format {PLAN_FORMAT}",
                saved.format
            )),
            Ok(saved) => Ok(saved),
        }
    }
}
