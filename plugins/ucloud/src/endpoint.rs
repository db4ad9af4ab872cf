//! Which host calls go to. One host answers for all regions.

use imgshare_sdk::Result;

/// A host of the cloud's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// CompShare's own, of its documentation and its command line.
    Compshare,
    /// That of all products.
    Ucloud,
    /// That of the international documentation.
    Global,
}

impl Host {
    /// All that the plugin may contact.
    pub(crate) const ALL: [Self; 3] = [Self::Compshare, Self::Ucloud, Self::Global];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Compshare => "api.compshare.cn",
            Self::Ucloud => "api.ucloud.cn",
            Self::Global => "api.ucloud-global.com",
        }
    }
}

/// Scheme and host that all calls go to: the config's endpoint if it has one, otherwise this host.
///
/// # Errors
///
/// When the endpoint is more or less than scheme, host and port.
pub(crate) fn origin(endpoint: Option<String>, host: Host) -> Result<String> {
    endpoint.map_or_else(
        || Ok(format!("https://{}", host.name())),
        |address| imgshare_sdk::endpoint::origin("endpoint", &address),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_of_the_config_takes_everything() {
        assert_eq!(origin(None, Host::Compshare).as_deref(), Ok("https://api.compshare.cn"));
        let endpoint = Some("http://127.0.0.1:7070/".to_owned());
        assert_eq!(origin(endpoint, Host::Global).as_deref(), Ok("http://127.0.0.1:7070"));
    }

    #[test]
    fn an_endpoint_that_is_no_origin_is_refused() {
        for text in ["", "127.0.0.1:7070", "ftp://x", "https://", "https://a/b", "https://u@h", "https://h?q"]
        {
            assert!(origin(Some(text.into()), Host::Ucloud).is_err(), "{text}");
        }
    }
}
