//! Where Keystone and Glance are: addresses that a login and a catalogue name, in all the forms that they are written in.

use imgshare_sdk::{Error, ErrorKind, Result, endpoint};

/// Keystone's API of version 3, from an `auth_url` with a version or without.
///
/// # Errors
///
/// `CredentialInvalid` when it is no address.
pub(crate) fn identity(auth_url: &str, moved_to: Option<&str>) -> Result<String> {
    let address = Address::read("auth_url", auth_url).map_err(|error| Error {
        kind: ErrorKind::CredentialInvalid,
        hint: Some("write it like `https://keystone.example:5000/v3`".into()),
        ..error
    })?;
    Ok(format!("{}/v3", address.without_version(moved_to)))
}

/// Glance's API of version 2, from the catalogue's address with a version or without.
///
/// # Errors
///
/// `Malformed` when it is no address.
pub(crate) fn image(url: &str, moved_to: Option<&str>) -> Result<String> {
    let address = Address::read("url", url).map_err(|_| {
        Error::new(
            ErrorKind::Malformed,
            "the catalogue's address of the image service is not scheme, host and path",
        )
        .with_hint("have the address mended by whoever runs the cloud")
    })?;
    Ok(format!("{}/v2", address.without_version(moved_to)))
}

struct Address<'a> {
    /// Scheme, host and port.
    origin: String,
    /// Empty, or with a slash in front and none behind.
    path: &'a str,
}

impl<'a> Address<'a> {
    fn read(name: &str, text: &'a str) -> Result<Self> {
        let authority = text.find("://").map_or(0, |at| at + 3);
        let path = text[authority..].find('/').map_or(text.len(), |at| authority + at);
        let (origin, path) = text.split_at(path);
        let odd = |part: &str| part == ".." || part == ".";
        let refused = |c: char| matches!(c, '?' | '#' | '\\') || c.is_whitespace() || c.is_control();
        if path.contains(refused) || path.split('/').any(odd) {
            return Err(Error::new(ErrorKind::Unsupported, format!("`{name}` is not scheme, host and path")));
        }
        Ok(Self { origin: endpoint::origin(name, origin)?, path: path.trim_end_matches('/') })
    }

    /// Without the version; at another host, if everything goes there.
    fn without_version(&self, moved_to: Option<&str>) -> String {
        let path = match self.path.rsplit_once('/') {
            Some((before, last)) if is_version(last) => before,
            _ => self.path,
        };
        format!("{}{}", moved_to.unwrap_or(&self.origin), path.trim_end_matches('/'))
    }
}

/// `v3`, `v2.0`.
fn is_version(part: &str) -> bool {
    let numbers = part.strip_prefix('v').unwrap_or_default();
    let digit = |c: char| c.is_ascii_digit();
    numbers.starts_with(digit) && numbers.chars().all(|c| digit(c) || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keystone_is_found_with_and_without_version_and_path() {
        for (auth_url, expected) in [
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000/v3"),
            ("http://127.0.0.1:5000/", "http://127.0.0.1:5000/v3"),
            ("http://127.0.0.1:5000/v3", "http://127.0.0.1:5000/v3"),
            ("https://cloud.example/identity/v3/", "https://cloud.example/identity/v3"),
            ("https://cloud.example/identity", "https://cloud.example/identity/v3"),
            ("https://cloud.example:5000/v2.0", "https://cloud.example:5000/v3"),
            ("https://cloud.example/vault", "https://cloud.example/vault/v3"),
        ] {
            assert_eq!(identity(auth_url, None).as_deref(), Ok(expected), "{auth_url}");
        }
    }

    #[test]
    fn glance_is_found_with_and_without_version_and_path() {
        for (url, expected) in [
            ("http://127.0.0.1:9292", "http://127.0.0.1:9292/v2"),
            ("http://127.0.0.1:9292/v2/", "http://127.0.0.1:9292/v2"),
            ("https://cloud.example/image", "https://cloud.example/image/v2"),
            ("https://cloud.example/image/v2", "https://cloud.example/image/v2"),
            ("https://cloud.example/image/v1", "https://cloud.example/image/v2"),
        ] {
            assert_eq!(image(url, None).as_deref(), Ok(expected), "{url}");
        }
    }

    #[test]
    fn another_host_keeps_the_path() {
        let proxy = Some("https://proxy.example:8443");
        assert_eq!(
            identity("http://a:5000/identity/v3", proxy).as_deref(),
            Ok("https://proxy.example:8443/identity/v3")
        );
        assert_eq!(image("http://a:9292", proxy).as_deref(), Ok("https://proxy.example:8443/v2"));
    }

    #[test]
    fn what_is_no_address_leads_nowhere() {
        for text in [
            "",
            "keystone.example",
            "ftp://a/v3",
            "https://",
            "https://a/v3?x",
            "https://a/../b",
            "https://u:p@a/v3",
            "https://a b/",
        ] {
            assert_eq!(
                identity(text, None).map_err(|error| error.kind),
                Err(ErrorKind::CredentialInvalid),
                "{text}"
            );
            assert_eq!(image(text, None).map_err(|error| error.kind), Err(ErrorKind::Malformed), "{text}");
        }
    }
}
