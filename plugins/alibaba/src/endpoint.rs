//! Which host a call goes to.

use imgshare_sdk::endpoint::{check_region, origin};
use imgshare_sdk::{Region, Result};

use crate::settings::Network;

const DOMAIN: &str = "aliyuncs.com";

/// How a region is spelled.
const REGION: &str = "cn-hangzhou";

/// Regions that answer on a host that the rule does not give, as the vendor's SDK has them.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("cn-hangzhou", "ecs-cn-hangzhou"),
    ("cn-hangzhou-finance", "ecs"),
    ("cn-north-2-gov-1", "ecs"),
    ("cn-shanghai-finance-1", "ecs-cn-hangzhou"),
    ("cn-shenzhen-finance-1", "ecs-cn-hangzhou"),
    ("cn-wuhan", "ecs"),
];

/// Where the calls of one cloud go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// To this address: `scheme://host[:port]`.
    Fixed(String),
    /// To the region's own host, reached in this way.
    Regional(Network),
}

impl Endpoint {
    /// The config's endpoint if it has one, the regions' hosts otherwise.
    ///
    /// # Errors
    ///
    /// When the endpoint is more or less than scheme, host and port.
    pub(crate) fn new(endpoint: Option<String>, network: Network) -> Result<Self> {
        endpoint.map_or(Ok(Self::Regional(network)), |text| origin("endpoint", &text).map(Self::Fixed))
    }

    /// Scheme and host for calls about this region.
    ///
    /// # Errors
    ///
    /// When the region is none: it becomes part of a host's name, and so must not lead to another host.
    pub(crate) fn origin(&self, region: &Region) -> Result<String> {
        check_region(region, REGION)?;
        Ok(match self {
            Self::Fixed(origin) => origin.clone(),
            Self::Regional(network) => format!("https://{}.{DOMAIN}", host(region.as_str(), *network)),
        })
    }
}

fn host(region: &str, network: Network) -> String {
    let exception = EXCEPTIONS.iter().find(|(known, _)| *known == region);
    match (exception, network) {
        (_, Network::Vpc) => format!("ecs-vpc.{region}"),
        (Some((_, host)), Network::Public) => (*host).to_owned(),
        (None, Network::Public) => format!("ecs.{region}"),
    }
}

/// Scheme and host of the token service: the one for all regions, or a region's own, which a VPC may reach without the
/// internet.
///
/// # Errors
///
/// When the region is none.
pub(crate) fn sts_origin(region: Option<&Region>, network: Network) -> Result<String> {
    let Some(region) = region else { return Ok(format!("https://sts.{DOMAIN}")) };
    check_region(region, REGION)?;
    let service = match network {
        Network::Public => "sts",
        Network::Vpc => "sts-vpc",
    };
    Ok(format!("https://{service}.{region}.{DOMAIN}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(endpoint: Option<&str>, network: Network, region: &str) -> Result<String> {
        Endpoint::new(endpoint.map(str::to_owned), network)?.origin(&region.into())
    }

    #[test]
    fn each_region_has_its_host_by_the_rule_or_by_exception() {
        for (region, expected) in [
            ("cn-beijing", "https://ecs.cn-beijing.aliyuncs.com"),
            ("eu-central-1", "https://ecs.eu-central-1.aliyuncs.com"),
            ("cn-hangzhou", "https://ecs-cn-hangzhou.aliyuncs.com"),
            ("cn-shenzhen-finance-1", "https://ecs-cn-hangzhou.aliyuncs.com"),
            ("cn-north-2-gov-1", "https://ecs.aliyuncs.com"),
        ] {
            assert_eq!(host(None, Network::Public, region).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_vpc_has_hosts_of_its_own() {
        let expected = "https://ecs-vpc.cn-hangzhou.aliyuncs.com";
        assert_eq!(host(None, Network::Vpc, "cn-hangzhou").as_deref(), Ok(expected));
        let expected = "https://sts-vpc.cn-hangzhou.aliyuncs.com";
        assert_eq!(sts_origin(Some(&"cn-hangzhou".into()), Network::Vpc).as_deref(), Ok(expected));
    }

    #[test]
    fn the_token_service_is_one_for_all_or_a_regions_own() {
        assert_eq!(sts_origin(None, Network::Vpc).as_deref(), Ok("https://sts.aliyuncs.com"));
        let expected = "https://sts.cn-beijing.aliyuncs.com";
        assert_eq!(sts_origin(Some(&"cn-beijing".into()), Network::Public).as_deref(), Ok(expected));
        assert!(sts_origin(Some(&"evil.example/".into()), Network::Public).is_err());
    }

    #[test]
    fn an_endpoint_of_the_config_takes_everything() {
        for region in ["cn-hangzhou", "cn-beijing"] {
            let host = host(Some("http://127.0.0.1:7070/"), Network::Vpc, region);
            assert_eq!(host.as_deref(), Ok("http://127.0.0.1:7070"));
        }
    }

    #[test]
    fn a_region_cannot_lead_to_another_host() {
        for region in ["", "evil.example/", "cn-x.evil", "cn x", "CN-X", "a@b", "cn-x\n"] {
            assert!(host(None, Network::Public, region).is_err(), "{region:?}");
            assert!(host(Some("http://127.0.0.1:1"), Network::Public, region).is_err(), "{region:?}");
        }
    }

    #[test]
    fn an_endpoint_that_is_no_origin_is_refused() {
        for text in ["", "127.0.0.1:7070", "ftp://x", "https://", "https://a/b", "https://u@h", "https://h?q"]
        {
            assert!(host(Some(text), Network::Public, "cn-beijing").is_err(), "{text}");
        }
    }
}
