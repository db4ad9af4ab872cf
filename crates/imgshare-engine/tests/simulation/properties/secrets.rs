//! 8. No secret is printed, logged, recorded or left in the audit record.

use crate::case::Case;
use crate::run::Ran;

pub(crate) fn no_secret_is_told(case: &Case, ran: &Ran) {
    let plan = serde_json::to_string(&ran.plan).expect("a plan has a JSON form");
    let report = serde_json::to_string(&ran.report).expect("a report has a JSON form");
    let audit = ran.audit.iter().map(ToString::to_string).collect::<String>();
    for (where_, text) in [("plan", &plan), ("report", &report), ("audit record", &audit)] {
        is_clean(case, where_, text);
    }
}

pub(crate) fn no_secret_is_logged(case: &Case, log: &str) {
    is_clean(case, "log", log);
}

fn is_clean(case: &Case, place: &str, text: &str) {
    for secret in case.secrets() {
        let around = text.find(&secret).map(|at| &text[at.saturating_sub(80)..(at + 80).min(text.len())]);
        assert_eq!(around, None, "a secret stands in the {place}");
    }
}
