//! Whom a plugin talks to.

use imgshare_host::http::HttpRequest;
use imgshare_protocol::{Connect, Operation};
use url::Url;

use super::made_up;
use super::subject::Subject;
use super::verdict::{Verdict, ensure};
use crate::{Answer, Script};

const ENDPOINT: &str = "https://conformance.example:8443";

pub(super) fn only_declared_hosts_are_contacted(subject: &Subject) -> Verdict {
    let config = subject.sending_config()?;
    subject
        .operations()
        .iter()
        .try_for_each(|operation| goes_to_declared_hosts(subject, config, operation))?;
    let none = subject.config_with([].into_iter());
    goes_to_declared_hosts(subject, &none, &Operation::FindCredentials { may_ask_network: true })
}

pub(super) fn a_region_leads_to_no_other_host(subject: &Subject) -> Verdict {
    let config = subject.sending_config()?;
    let regions = [
        "stranger.example/",
        "@stranger.example",
        "x@stranger.example/-y",
        "..",
        "a b",
        "a#b",
        "a?b",
        "a\\b",
        "",
    ];
    regions.iter().try_for_each(|region| {
        let listing = made_up::listing_of(&(*region).into());
        goes_to_declared_hosts(subject, config, &listing)
    })
}

fn goes_to_declared_hosts(subject: &Subject, config: &Connect, operation: &Operation) -> Verdict {
    let hosts = &subject.description().hosts;
    let trial = subject.attempt(config, &refusing(), operation);
    trial.requests.iter().try_for_each(|request| {
        let origin = origin(request);
        ensure(hosts.iter().any(|declared| covers(declared, &origin)), || {
            let (kind, region) = (operation.kind(), operation.region());
            format!("{kind:?} (region {region:?}) contacts {origin}, which hosts does not name; declare it, or check \
                     what becomes part of an address")
        })
    })
}

pub(super) fn an_endpoint_takes_all_requests(subject: &Subject) -> Verdict {
    let config = Connect { endpoint: Some(ENDPOINT.into()), ..subject.sending_config()?.clone() };
    subject.operations().iter().try_for_each(|operation| {
        let trial = subject.attempt(&config, &refusing(), operation);
        trial.requests.iter().try_for_each(|request| {
            let origin = origin(request);
            ensure(origin == ENDPOINT, || {
                let kind = operation.kind();
                format!("{kind:?} contacts {origin} although the config's endpoint is {ENDPOINT}; send everything there")
            })
        })
    })
}

fn refusing() -> std::sync::Arc<Script> {
    Script::by(|_| Answer::status(403, ""))
}

/// Scheme, host and port, as the host's client reads the address.
fn origin(request: &HttpRequest) -> String {
    Url::parse(&request.url).map_or_else(|_| request.url.clone(), |url| url.origin().ascii_serialization())
}

/// Whether a declared host is the one of this origin; `*` stands for one or more labels.
fn covers(declared: &str, origin: &str) -> bool {
    let declared = match declared.strip_prefix("http://") {
        Some(host) => format!("http://{host}"),
        None => format!("https://{declared}"),
    };
    match declared.split_once('*') {
        None => declared == origin,
        Some((before, after)) => {
            let middle = origin.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            middle.is_some_and(|labels| !labels.is_empty() && !labels.contains(['/', '@', ':']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_labels_and_a_metadata_service_is_asked_in_clear_only() {
        assert!(covers("api.acme.example", "https://api.acme.example"));
        assert!(!covers("api.acme.example", "http://api.acme.example"));
        assert!(covers("*.acme.example", "https://a.b.acme.example"));
        assert!(!covers("*.acme.example", "https://.acme.example.stranger.example"));
        assert!(covers("api.*.acme.example", "https://api.north.acme.example"));
        assert!(covers("http://169.254.0.1", "http://169.254.0.1"));
        assert!(!covers("http://169.254.0.1", "https://169.254.0.1"));
    }
}
