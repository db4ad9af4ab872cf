//! `copy_from = "REGION"`: the region in which a rule's images are selected, to be copied into its other regions.

use imgshare_protocol::Region;

use crate::findings::Findings;
use crate::rules::NamedClouds;
use crate::suggest;
use crate::table::{Table, Word};

/// The region that the rule copies from, which every one of its clouds must have.
pub(crate) fn read(
    rule: &Table<'_>,
    clouds: &NamedClouds<'_>,
    findings: &mut Findings<'_>,
) -> Option<Region> {
    let source = rule.get("copy_from")?.word(findings)?;
    if clouds.have_regions() {
        let lacking = clouds.without_region(source.text);
        if !lacking.is_empty() {
            refuse_foreign(&source, &lacking, clouds, findings);
        } else if !leads_elsewhere(rule, clouds, source.text) {
            refuse_to_stay(rule, &source, findings);
        }
    }
    Some(source.text.into())
}

fn refuse_foreign(
    source: &Word<'_>,
    lacking: &[&str],
    clouds: &NamedClouds<'_>,
    findings: &mut Findings<'_>,
) {
    let lacking: Vec<_> = lacking.iter().map(|cloud| format!("`{cloud}`")).collect();
    let message = format!("`{}` is not a region of {}", source.text, lacking.join(" or "));
    let common = clouds.common_regions();
    let plural = if clouds.known.len() > 1 { "regions of all its clouds" } else { "regions" };
    let help = if common.is_empty() {
        Some("write a rule for each cloud: these have no region in common".to_owned())
    } else {
        suggest::hint(source.text, plural, common)
    };
    findings
        .report(source.span.clone(), message)
        .label("every cloud of the rule needs the region that it copies from")
        .help(help);
}

/// Whether the rule names a region, known or not, other than the one that it copies from.
fn leads_elsewhere(rule: &Table<'_>, clouds: &NamedClouds<'_>, source: &str) -> bool {
    match rule.get("regions").and_then(|entry| entry.value.as_array()) {
        // An empty list and what is no text have problems of their own.
        Some(named) => {
            named.is_empty() || named.iter().any(|region| region.get_ref().as_str() != Some(source))
        }
        None => clouds.regions().iter().any(|region| *region != source),
    }
}

/// Images are where they are selected anyway: whoever writes `copy_from` means some other region.
fn refuse_to_stay(rule: &Table<'_>, source: &Word<'_>, findings: &mut Findings<'_>) {
    let help = match rule.get("regions") {
        Some(_) => "add the regions where the copies must be to `regions`, or remove `copy_from`",
        None => "add the regions where the copies must be to the cloud's `regions`, or remove `copy_from`",
    };
    findings
        .report(source.span.clone(), format!("`{}` is the rule's only region", source.text))
        .label("there is nowhere to copy to")
        .help(help.to_owned());
}
