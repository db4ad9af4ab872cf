//! Where calls go.

use imgshare_sdk::{Connect, ImageRef};
use imgshare_testkit::{FakeWorld, Script};
use serde_json::json;

use crate::cloud::{connect, image, no_shares, with_keys};

async fn url(world: FakeWorld, config: &Connect, region: &str) -> String {
    let cloud = Script::in_order([no_shares()]);
    let image = ImageRef { region: region.into(), ..image() };
    connect(&cloud, world, config).read_shares(image).await.result.unwrap();
    cloud.requests().remove(0).url
}

#[tokio::test]
async fn each_part_of_the_cloud_has_hosts_of_its_own() {
    for (region, host) in [
        ("us-east-1", "ec2.us-east-1.amazonaws.com"),
        ("cn-north-1", "ec2.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "ec2.us-gov-west-1.amazonaws.com"),
        ("eusc-de-east-1", "ec2.eusc-de-east-1.amazonaws.eu"),
    ] {
        assert_eq!(url(FakeWorld::default(), &with_keys(), region).await, format!("https://{host}/"));
    }
}

#[tokio::test]
async fn validated_cryptography_is_on_other_hosts() {
    let config = Connect { settings: json!({"fips": true}), ..with_keys() };
    let expected = "https://ec2-fips.us-east-1.amazonaws.com/";
    assert_eq!(url(FakeWorld::default(), &config, "us-east-1").await, expected);
}

#[tokio::test]
async fn the_config_counts_more_than_the_services_variable_and_that_more_than_the_one_for_all() {
    let for_all = || FakeWorld::default().with_env("AWS_ENDPOINT_URL", "http://127.0.0.1:5000");
    let own = || for_all().with_env("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:5001/");
    let config = Connect { endpoint: Some("http://127.0.0.1:5002".into()), ..with_keys() };
    assert_eq!(url(for_all(), &with_keys(), "us-east-1").await, "http://127.0.0.1:5000/");
    assert_eq!(url(own(), &with_keys(), "us-east-1").await, "http://127.0.0.1:5001/");
    assert_eq!(url(own(), &config, "us-east-1").await, "http://127.0.0.1:5002/");
    let ignored = own().with_env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assert_eq!(url(ignored, &with_keys(), "us-east-1").await, "https://ec2.us-east-1.amazonaws.com/");
}

#[tokio::test]
async fn a_variable_that_is_no_address_is_an_error_that_names_it() {
    let world = FakeWorld::default().with_env("AWS_ENDPOINT_URL_EC2", "localhost:5000");
    let cloud = Script::capture();
    let error = connect(&cloud, world, &with_keys()).read_shares(image()).await.result.unwrap_err();
    assert!(error.message.contains("AWS_ENDPOINT_URL_EC2"), "{error}");
    assert_eq!(cloud.requests().len(), 0);
}
