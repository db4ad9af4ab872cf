//! Parts of the cloud that have accounts, regions and hosts of their own.
//!
//! As `partitions.json` of the vendor's library (botocore 1.44.5) has them.

/// A part of the cloud.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// As it stands in ARNs.
    pub(crate) name: &'static str,
    /// How the names of its regions begin. Empty: any other way.
    region_prefix: &'static str,
    /// How its hosts end.
    pub(crate) domain: &'static str,
    /// The region that is asked about what has none.
    pub(crate) home: &'static str,
}

const PARTITIONS: &[Partition] = &[
    Partition { name: "aws-cn", region_prefix: "cn-", domain: "amazonaws.com.cn", home: "cn-northwest-1" },
    Partition {
        name: "aws-us-gov",
        region_prefix: "us-gov-",
        domain: "amazonaws.com",
        home: "us-gov-west-1",
    },
    Partition { name: "aws-eusc", region_prefix: "eusc-", domain: "amazonaws.eu", home: "eusc-de-east-1" },
    Partition { name: "aws", region_prefix: "", domain: "amazonaws.com", home: "us-east-1" },
];

impl Partition {
    /// The one that this region is in. One that is new is taken for one of the largest part, as the vendor's tools do.
    pub(crate) fn of_region(region: &str) -> &'static Self {
        let of = PARTITIONS.iter().find(|partition| region.starts_with(partition.region_prefix));
        of.expect("the last one takes any region")
    }

    /// The one that this ARN belongs to: `arn:PARTITION:SERVICE:...`.
    pub(crate) fn of_arn(arn: &str) -> Option<&'static Self> {
        let name = arn.strip_prefix("arn:")?.split(':').next()?;
        PARTITIONS.iter().find(|partition| partition.name == name)
    }

    /// The hosts of all parts.
    pub(crate) fn hosts() -> impl Iterator<Item = String> {
        let of_its_own = PARTITIONS.iter().filter(|partition| partition.name != "aws-us-gov");
        of_its_own.map(|partition| format!("*.{}", partition.domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_is_in_its_part_and_a_new_one_in_the_largest() {
        for (region, name) in [
            ("us-east-1", "aws"),
            ("ap-northeast-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-east-1", "aws-us-gov"),
            ("eusc-de-east-1", "aws-eusc"),
            ("moon-1", "aws"),
        ] {
            assert_eq!(Partition::of_region(region).name, name, "{region}");
        }
    }

    #[test]
    fn an_arn_says_its_part() {
        let name = |arn: &str| Partition::of_arn(arn).map(|partition| partition.name);
        assert_eq!(name("arn:aws-cn:iam::123456789012:role/a"), Some("aws-cn"));
        assert_eq!(name("arn:aws:iam::123456789012:role/a"), Some("aws"));
        assert_eq!((name("arn:moon:iam::1:role/a"), name("role/a")), (None, None));
    }

    #[test]
    fn the_home_of_a_part_is_in_it() {
        for partition in PARTITIONS {
            assert_eq!(Partition::of_region(partition.home), partition);
        }
    }
}
