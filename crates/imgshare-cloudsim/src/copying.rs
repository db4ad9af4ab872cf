//! How copies of images go: how long they take, and which of them fail.

use serde::Deserialize;

use crate::ids::RegionId;
use crate::world::Image;

/// One rule about copies. For each copy the first rule that concerns it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CopyRule {
    /// The image that is copied: its id, or its name with `*` for any characters and `?` for one. Left out: every one.
    pub image: Option<String>,
    /// The region that it is copied to; left out: every region.
    pub region: Option<RegionId>,
    /// Seconds until the copy is ready or has failed; left out: the cloud's `copy_takes_s`.
    pub takes_s: Option<u32>,
    /// Whether it fails in the end.
    pub fails: bool,
    /// How many copies it concerns at most; left out: no limit. So the second attempt can succeed.
    pub times: Option<u64>,
}

/// The rules of a cloud, and how many copies each has concerned.
#[derive(Debug, Clone, Default)]
pub(crate) struct CopyRules(Vec<(CopyRule, u64)>);

impl CopyRules {
    pub(crate) fn new(rules: Vec<CopyRule>) -> Self {
        Self(rules.into_iter().map(|rule| (rule, 0)).collect())
    }

    /// The rule for a copy that is being begun; it has concerned one more from now on.
    pub(crate) fn apply(&mut self, source: &Image, region: &RegionId) -> CopyRule {
        let concerned = self.0.iter_mut().find(|(rule, times)| {
            rule.times.is_none_or(|most| *times < most) && rule.concerns(source, region)
        });
        concerned.map_or_else(CopyRule::default, |(rule, times)| {
            *times += 1;
            rule.clone()
        })
    }
}

impl CopyRule {
    fn concerns(&self, source: &Image, region: &RegionId) -> bool {
        let names = |text: &String| text == source.id.as_str() || matches(text, &source.name);
        self.image.as_ref().is_none_or(names) && self.region.as_ref().is_none_or(|of| of == region)
    }
}

/// Whether a pattern with `*` and `?` covers the whole text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut characters = pattern.chars();
    match characters.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = characters.as_str();
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| matches(rest, &text[at..]))
        }
        Some(first) => {
            let mut others = text.chars();
            others.next().is_some_and(|of| first == '?' || first == of)
                && matches(characters.as_str(), others.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_cover_whole_names() {
        for (pattern, covered, not) in [
            ("golden-*", &["golden-", "golden-ubuntu", "golden-镜像"][..], &["golden", "my-golden-1"][..]),
            ("*", &["", "x"], &[]),
            ("a?c", &["abc", "a镜c"], &["ac", "abbc"]),
            ("*-20??", &["a-2026", "--2025"], &["2026", "a-20266"]),
            ("plain", &["plain"], &["plainer", ""]),
        ] {
            assert!(covered.iter().all(|text| matches(pattern, text)), "{pattern}");
            assert!(!not.iter().any(|text| matches(pattern, text)), "{pattern}");
        }
    }
}
