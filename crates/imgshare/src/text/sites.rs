//! Headings for things that are grouped by cloud and region.

use imgshare_protocol::{CloudName, Region};

use super::style::BOLD;

/// Remembers under which headings a text is.
#[derive(Default)]
pub(crate) struct Sites<'a> {
    at: Option<(&'a CloudName, &'a Region)>,
}

impl<'a> Sites<'a> {
    /// The headings that something of this cloud and region needs after what came before.
    pub(crate) fn under(&mut self, cloud: &'a CloudName, region: &'a Region) -> String {
        let before = self.at.replace((cloud, region));
        let mut text = String::new();
        if before.is_none_or(|(known, _)| known != cloud) {
            let gap = if before.is_some() { "\n" } else { "" };
            text += &format!("{gap}{BOLD}{cloud}{BOLD:#}\n");
        }
        if before != Some((cloud, region)) {
            text += &format!("  {BOLD}{region}{BOLD:#}\n");
        }
        text
    }
}
