//! Which host a call goes to.

use imgshare_sdk::endpoint::{check_region, origin};
use imgshare_sdk::{Context, Region, Result, try_join};

use crate::call::Service;
use crate::partition::Partition;

/// How a region is spelled.
const REGION: &str = "us-east-1";

/// Names the address of every service that has none of its own.
const ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
/// `true`: the variables that name addresses are left alone.
const IGNORED: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

/// Where the calls of one cloud go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoints {
    /// Takes all calls: `scheme://host[:port]`.
    fixed: Option<String>,
    /// The hosts are those with validated cryptography.
    fips: bool,
}

impl Endpoints {
    /// The config's endpoint if it has one; then those of the environment, then the regions' hosts.
    ///
    /// # Errors
    ///
    /// When the endpoint is more or less than scheme, host and port.
    pub(crate) fn new(endpoint: Option<&str>, fips: bool) -> Result<Self> {
        let fixed = endpoint.map(|text| origin("endpoint", text)).transpose()?;
        Ok(Self { fixed, fips })
    }

    /// Scheme and host for calls of this service about this region.
    ///
    /// # Errors
    ///
    /// When the region is none: it becomes part of a host's name, and so must not lead to another host. When a variable
    /// names something that is no address.
    pub(crate) async fn origin(&self, cx: &Context, service: Service, region: &Region) -> Result<String> {
        check_region(region, REGION)?;
        if let Some(origin) = &self.fixed {
            return Ok(origin.clone());
        }
        match from_environment(cx, service).await? {
            Some(origin) => Ok(origin),
            None => Ok(format!("https://{}", self.host(service, region.as_str()))),
        }
    }

    fn host(&self, service: Service, region: &str) -> String {
        let partition = Partition::of_region(region);
        // There every host of these two has it, and none says so in its name.
        let is_so_anyway = partition.name == "aws-us-gov" && service != Service::Kms;
        let fips = if self.fips && !is_so_anyway { "-fips" } else { "" };
        format!("{}{fips}.{region}.{}", service.name(), partition.domain)
    }
}

/// The address that the environment names for this service, as the vendor's tools take it.
async fn from_environment(cx: &Context, service: Service) -> Result<Option<String>> {
    let own_name = match service {
        Service::Ec2 => "AWS_ENDPOINT_URL_EC2",
        Service::Sts => "AWS_ENDPOINT_URL_STS",
        Service::Kms => "AWS_ENDPOINT_URL_KMS",
    };
    let (ignored, own, of_all) = try_join!(cx.env(IGNORED), cx.env(own_name), cx.env(ENDPOINT_URL))?;
    if ignored.is_some_and(|ignored| ignored.eq_ignore_ascii_case("true")) {
        return Ok(None);
    }
    let named = own.map(|own| (own_name, own)).or(of_all.map(|of_all| (ENDPOINT_URL, of_all)));
    named.map(|(name, address)| origin(name, &address)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Service::{Ec2, Kms, Sts};

    fn host(fips: bool, service: Service, region: &str) -> String {
        Endpoints::new(None, fips).unwrap().host(service, region)
    }

    #[test]
    fn each_service_has_a_host_in_each_region() {
        for (service, region, expected) in [
            (Ec2, "us-east-1", "ec2.us-east-1.amazonaws.com"),
            (Sts, "eu-central-1", "sts.eu-central-1.amazonaws.com"),
            (Kms, "cn-north-1", "kms.cn-north-1.amazonaws.com.cn"),
            (Ec2, "us-gov-west-1", "ec2.us-gov-west-1.amazonaws.com"),
            (Ec2, "eusc-de-east-1", "ec2.eusc-de-east-1.amazonaws.eu"),
        ] {
            assert_eq!(host(false, service, region), expected);
        }
    }

    #[test]
    fn hosts_with_validated_cryptography_say_so_but_for_two_of_the_government() {
        assert_eq!(host(true, Ec2, "us-east-1"), "ec2-fips.us-east-1.amazonaws.com");
        assert_eq!(host(true, Sts, "us-gov-west-1"), "sts.us-gov-west-1.amazonaws.com");
        assert_eq!(host(true, Kms, "us-gov-west-1"), "kms-fips.us-gov-west-1.amazonaws.com");
    }

    #[test]
    fn an_endpoint_that_is_no_origin_is_refused() {
        for text in ["", "127.0.0.1:5000", "ftp://x", "https://", "https://a/b", "https://u@h", "https://h?q"]
        {
            assert!(Endpoints::new(Some(text), false).is_err(), "{text}");
        }
    }
}
