//! Which host a call goes to.

use imgshare_sdk::endpoint::{check_region, origin};
use imgshare_sdk::{Region, Result};

use crate::settings::Site;

const DOMAIN: &str = "tencentcloudapi.com";

/// Where the calls of one cloud go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// To this address: `scheme://host[:port]`.
    Fixed(String),
    /// To the cloud's own hosts.
    Site(Site),
}

impl Endpoint {
    /// The config's endpoint if it has one, the site's hosts otherwise.
    ///
    /// # Errors
    ///
    /// When the endpoint is more or less than scheme, host and port.
    pub(crate) fn new(endpoint: Option<String>, site: Site) -> Result<Self> {
        endpoint.map_or(Ok(Self::Site(site)), |text| origin("endpoint", &text).map(Self::Fixed))
    }

    /// Scheme and host for calls about this region.
    ///
    /// # Errors
    ///
    /// When the region is none: it becomes part of a host's name, and so must not lead to another host.
    pub(crate) fn origin(&self, region: &Region) -> Result<String> {
        check_region(region, "ap-guangzhou")?;
        Ok(match self {
            Self::Fixed(origin) => origin.clone(),
            Self::Site(_) if is_finance(region) => format!("https://cvm.{region}.{DOMAIN}"),
            Self::Site(Site::Default) => format!("https://cvm.{DOMAIN}"),
            Self::Site(Site::Regional) => format!("https://cvm.{region}.{DOMAIN}"),
            Self::Site(Site::International) => format!("https://cvm.intl.{DOMAIN}"),
        })
    }
}

/// Finance regions answer on hosts of their own only.
fn is_finance(region: &Region) -> bool {
    region.as_str().ends_with("-fsi")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(endpoint: Option<&str>, site: Site, region: &str) -> Result<String> {
        Endpoint::new(endpoint.map(str::to_owned), site)?.origin(&region.into())
    }

    #[test]
    fn each_site_has_its_host() {
        for (site, region, expected) in [
            (Site::Default, "ap-guangzhou", "https://cvm.tencentcloudapi.com"),
            (Site::Regional, "ap-guangzhou", "https://cvm.ap-guangzhou.tencentcloudapi.com"),
            (Site::International, "ap-singapore", "https://cvm.intl.tencentcloudapi.com"),
        ] {
            assert_eq!(host(None, site, region).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_finance_region_has_its_own_host_on_every_site() {
        for site in [Site::Default, Site::Regional, Site::International] {
            let expected = "https://cvm.ap-shanghai-fsi.tencentcloudapi.com";
            assert_eq!(host(None, site, "ap-shanghai-fsi").as_deref(), Ok(expected));
        }
    }

    #[test]
    fn an_endpoint_of_the_config_takes_everything() {
        for region in ["ap-guangzhou", "ap-shenzhen-fsi"] {
            let host = host(Some("http://127.0.0.1:7070/"), Site::International, region);
            assert_eq!(host.as_deref(), Ok("http://127.0.0.1:7070"));
        }
    }

    #[test]
    fn a_region_cannot_lead_to_another_host() {
        for region in ["", "evil.example/-fsi", "ap-x.evil", "ap x", "AP-X", "a@b-fsi", "ap-x\n"] {
            assert!(host(None, Site::Regional, region).is_err(), "{region:?}");
            assert!(host(Some("http://127.0.0.1:1"), Site::Default, region).is_err(), "{region:?}");
        }
    }

    #[test]
    fn an_endpoint_that_is_no_origin_is_refused() {
        for text in ["", "127.0.0.1:7070", "ftp://x", "https://", "https://a/b", "https://u@h", "https://h?q"]
        {
            assert!(host(Some(text), Site::Default, "ap-guangzhou").is_err(), "{text}");
        }
    }
}
