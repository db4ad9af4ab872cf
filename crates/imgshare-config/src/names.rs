//! What names may look like: they are printed, compared and written behind `@`.

use crate::findings::Findings;
use crate::source::Span;
use crate::suggest;
use crate::table::Word;

/// Words that mean everybody somewhere. Sharing with everybody does not exist here.
const PUBLIC: &[&str] = &["*", "all", "any", "anyone", "everybody", "everyone", "public"];

/// Whether this word means everybody on some cloud.
pub(crate) fn means_everybody(word: &str) -> bool {
    PUBLIC.contains(&word.to_lowercase().as_str())
}

/// Reports a name that could not be printed or referred to.
pub(crate) fn check(name: &str, kind: &str, span: &Span, findings: &mut Findings<'_>) {
    if let Some(flaw) = flaw(name) {
        findings.report(span.clone(), format!("the name of {kind} must not {flaw}"));
    }
}

fn flaw(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("be empty")
    } else if name.trim() != name {
        Some("begin or end with white space")
    } else if name.starts_with('@') {
        Some("begin with `@`, which marks groups")
    } else if name.chars().any(char::is_control) {
        Some("hold control characters")
    } else {
        None
    }
}

/// Reports a word that names nothing.
pub(crate) fn unknown<'c>(
    (kind, plural): (&str, &str),
    word: &Word<'_>,
    known: impl IntoIterator<Item = &'c str> + Clone,
    findings: &mut Findings<'_>,
) {
    findings
        .report(word.span.clone(), format!("unknown {kind} `{}`", word.text))
        .help(suggest::hint(word.text, plural, known));
}

/// Why a word that means everybody is refused.
pub(crate) fn no_public_sharing(word: &str) -> String {
    format!("`{word}` is not an account: sharing with everybody does not exist in imgshare")
}
