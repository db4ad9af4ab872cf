//! `endpoint` and `allow_plain_http`: another host to talk to.

use url::{Host, Url};

use crate::findings::Findings;
use crate::table::{Table, Word};

/// The endpoint in its plain form: scheme, host, and the port unless it is the scheme's own.
pub(crate) fn read(table: &Table<'_>, findings: &mut Findings<'_>) -> Option<String> {
    let word = table.get("endpoint")?.word(findings)?;
    match origin(word.text) {
        Ok(url) => {
            check_plain_http(&url, table, &word, findings);
            Some(url.origin().ascii_serialization())
        }
        Err(flaw) => {
            findings
                .report(word.span, format!("`endpoint` {flaw}"))
                .help("write scheme, host and port only: `https://HOST:PORT`".to_owned());
            None
        }
    }
}

/// Whether `http://` to any host was allowed on purpose.
pub(crate) fn plain_http_allowed(table: &Table<'_>, findings: &mut Findings<'_>) -> bool {
    table.get("allow_plain_http").and_then(|entry| entry.flag(findings)).unwrap_or_default()
}

/// The address, when it is nothing but an origin.
fn origin(text: &str) -> Result<Url, &'static str> {
    // The parser forgives missing slashes; people who read the file would not.
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Err("must begin with `https://` or `http://`");
    }
    let url = Url::parse(text).map_err(|_| "is not an address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or a password");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("must not hold a path, a query or a fragment");
    }
    Ok(url)
}

fn check_plain_http(url: &Url, table: &Table<'_>, word: &Word<'_>, findings: &mut Findings<'_>) {
    // A mistyped flag has a problem of its own.
    let refused = table.get("allow_plain_http").is_none_or(|flag| flag.value.as_bool() == Some(false));
    if url.scheme() == "http" && !is_loopback(url) && refused {
        findings
            .report(word.span.clone(), "`endpoint` is plain http to another machine")
            .label("anybody on the way can read and change what is sent")
            .help("use `https://`, or set `allow_plain_http = true` if the way is safe".to_owned());
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
