//! What the simulated clouds wrote down about the calls that they got.

use std::collections::BTreeSet;

use imgshare_cloudsim::Clouds;
use serde_json::Value;

use crate::tally::Tally;
use crate::truth::members;

/// A region of a cloud.
pub(crate) type Site = (String, String);

/// The injected faults that struck, and calls that were refused as too fast.
pub(crate) fn strikes(clouds: &Clouds) -> Tally {
    let mut tally = Tally::default();
    each_count(clouds, |_, counts| {
        members(&counts["faults"]).for_each(|(word, times)| tally.add(word, number(times)));
        let refused = members(&counts["refused"]).filter(|(code, _)| is_too_fast(code));
        let refused: u64 = refused.map(|(_, times)| number(times)).sum();
        tally.add("too fast", refused.saturating_sub(number(&counts["faults"]["throttle"])));
    });
    tally
}

/// The regions in which a fault struck.
pub(crate) fn struck_sites(clouds: &Clouds) -> BTreeSet<Site> {
    let mut sites = BTreeSet::new();
    each_count(clouds, |site, counts| {
        if members(&counts["faults"]).next().is_some() {
            sites.insert(site);
        }
    });
    sites
}

fn each_count(clouds: &Clouds, mut note: impl FnMut(Site, &Value)) {
    let state = clouds.state();
    for (cloud, of) in members(&state["clouds"]) {
        for (_, regions) in members(&of["calls"]) {
            for (region, counts) in members(regions) {
                note((cloud.clone(), region.clone()), counts);
            }
        }
    }
}

/// In the words of the simulated clouds.
fn is_too_fast(code: &str) -> bool {
    ["RequestLimitExceeded", "Throttling", "153"].iter().any(|known| code.starts_with(known))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}
