//! What is in order and what is not, as text.

use super::error::{code, hint};
use super::flow::sentence;
use super::label::plain;
use super::style::{ADD, BOLD, ERROR, HINT};
use crate::view::check::{Check, Finding};

/// Where the text of a finding begins.
const INDENT: usize = 20;

/// One line for each finding, and what to do about those that are not in order.
pub(crate) fn render(check: &Check) -> String {
    let findings: String = check.findings.iter().map(finding).collect();
    let bad = check.findings.iter().filter(|finding| !finding.ok).count();
    let sum = if check.ok {
        "all in order".to_owned()
    } else {
        format!("{bad} of {} not in order", check.findings.len())
    };
    format!("{findings}\n{BOLD}Check:{BOLD:#} {sum}\n")
}

fn finding(finding: &Finding) -> String {
    let (style, word) = if finding.ok { (ADD, "ok") } else { (ERROR, "error") };
    let first = format!("{style}{word:<5}{style:#}  {:<11}  ", finding.about.word());
    let mut text = sentence(&first, INDENT, &format!("{}: {}", name(finding), plain(&finding.message)));
    if let Some(error) = &finding.error {
        text += &code(error)
            .map(|code| sentence(&format!("{:INDENT$}cloud: ", ""), INDENT + 7, &code))
            .unwrap_or_default();
        let hint = hint(error);
        text += &hint
            .map(|hint| sentence(&format!("{:INDENT$}{HINT}hint:{HINT:#}  ", ""), INDENT + 7, &hint))
            .unwrap_or_default();
    }
    if let Some(rendered) = &finding.rendered {
        text += &format!("\n{}\n\n", rendered.trim_end());
    }
    text
}

fn name(finding: &Finding) -> String {
    match &finding.region {
        Some(region) => format!("{} {region}", finding.name),
        None => finding.name.clone(),
    }
}
