//! Where calls go: the addresses that a config names, and regions as parts of a host's name.

use crate::{Error, ErrorKind, Region, Result};

/// Scheme, host and port of an address that has nothing else: `https://proxy.example:8443`. `name` is what the config
/// calls it.
///
/// # Errors
///
/// `Unsupported` when it is more or less than that.
pub fn origin(name: &str, address: &str) -> Result<String> {
    let origin = address.strip_suffix('/').unwrap_or(address);
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let refused = |c: char| matches!(c, '/' | '?' | '#' | '@' | '\\') || c.is_whitespace() || c.is_control();
    match authority {
        Some(authority) if !authority.is_empty() && !authority.contains(refused) => Ok(origin.to_owned()),
        _ => Err(Error::new(ErrorKind::Unsupported, format!("`{name}` is not scheme, host and port"))
            .with_hint(format!("write it like `{name} = \"https://proxy.example:8443\"`"))),
    }
}

/// Checks that a region can be a part of a host's name, and so cannot lead to another host: lower-case letters, digits
/// and hyphens. `example` is one of the cloud's own.
///
/// # Errors
///
/// `Unsupported` when it cannot.
pub fn check_region(region: &Region, example: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !region.as_str().is_empty() && region.as_str().bytes().all(plain) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Unsupported, format!("`{region}` is no region of this cloud"))
        .with_hint(format!("write the region as the cloud does: `{example}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_scheme_host_and_port() {
        for (address, expected) in [
            ("https://proxy.example:8443", "https://proxy.example:8443"),
            ("http://127.0.0.1:7070/", "http://127.0.0.1:7070"),
            ("http://[::1]:7070", "http://[::1]:7070"),
        ] {
            assert_eq!(origin("endpoint", address).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_configs_word_for_it() {
        for address in [
            "",
            "127.0.0.1:7070",
            "ftp://x",
            "https://",
            "https:///",
            "https://a/b",
            "https://u@h",
            "https://h?q",
            "https://h#f",
            "https://h\\x",
            "https://a b",
            "https://a\n",
        ] {
            let error = origin("metadata_endpoint", address).unwrap_err();
            assert!(error.message.contains("`metadata_endpoint`"), "{address}: {error}");
        }
    }

    #[test]
    fn a_region_cannot_lead_to_another_host() {
        for region in ["cn-hangzhou", "ap-shanghai-fsi", "cn-wlcb"] {
            assert_eq!(check_region(&region.into(), "cn-wlcb"), Ok(()), "{region}");
        }
        for region in ["", "evil.example/-x", "cn-x.evil", "cn x", "CN-X", "a@b-x", "cn-x\n", "cn-x:1"] {
            assert!(check_region(&region.into(), "cn-wlcb").is_err(), "{region:?}");
        }
    }
}
