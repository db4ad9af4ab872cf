//! What the provider puts on the wire and reads from it, against what the vendor's library sends and reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws::call::{Call, Service};
use aws::sign::Keys;
use imgshare_sdk::{
    AccountId, Change, Connect, CopyRequest, ImageId, ImageQuery, ImageRef, ReceivedQuery, Secret,
    SnapshotChange, SnapshotId, SnapshotRef,
};
use imgshare_testkit::{Answer, FakeWorld, HttpRequest, Provider, Script};
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

const ORGANIZATION: &str = "arn:aws:organizations::123456789012:organization/o-fakefake01";
const UNIT: &str = "arn:aws:organizations::123456789012:ou/o-fakefake01/ou-fake-fakefake";

#[derive(Deserialize)]
struct Capture {
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Exchange {
    name: String,
    request: Sent,
    reply: String,
    /// What the library makes of the reply.
    read: Value,
}

#[derive(Deserialize)]
struct Sent {
    method: String,
    url: String,
    body: String,
    /// Those that the library signs, and the signature; names in lower case.
    headers: BTreeMap<String, String>,
}

fn exchange(name: &str) -> Exchange {
    let capture: Capture = serde_json::from_str(include_str!("wire/boto3.json")).unwrap();
    capture.exchanges.into_iter().find(|exchange| exchange.name == name).unwrap()
}

/// The provider with the keys of the capture, at its moment.
fn aws(cloud: &Arc<Script>, world: FakeWorld, more: &[(&str, &str)], settings: Value) -> Provider {
    let keys = [("access_key_id", "AKIAFAKEWIRE"), ("secret_access_key", "FakeWireSecret")];
    let fields = keys.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let config =
        Connect { cloud: "fake".into(), credentials: fields.collect(), settings, ..Connect::default() };
    connect(cloud, world, &config)
}

fn connect(cloud: &Arc<Script>, world: FakeWorld, config: &Connect) -> Provider {
    let plugin = imgshare_testkit::load("aws");
    imgshare_testkit::host(cloud, &Arc::new(world)).connect(&plugin, config, false).unwrap()
}

fn with_reply(exchange: &Exchange) -> Arc<Script> {
    Script::in_order([Answer::ok(exchange.reply.clone())])
}

fn simply(cloud: &Arc<Script>) -> Provider {
    aws(cloud, FakeWorld::default(), &[], Value::Null)
}

/// Ours says what theirs says: same address, headers and parameters; and for the bytes that they sent, the same signature.
fn check(exchange: &Exchange, ours: &HttpRequest) {
    let (name, theirs) = (&exchange.name, &exchange.request);
    assert_eq!((&ours.method, &ours.url), (&theirs.method, &theirs.url), "{name}");
    let mut headers: BTreeMap<_, _> = ours.headers.iter().cloned().collect();
    let (our_signature, mut expected) = (headers.remove("authorization"), theirs.headers.clone());
    let signature = expected.remove("authorization");
    assert_eq!(headers, expected, "{name}: headers");
    assert_eq!(our_signature.is_some(), signature.is_some(), "{name}");
    assert_eq!(parameters(&ours.body), parameters(theirs.body.as_bytes()), "{name}: parameters");
    if let Some(signature) = signature {
        assert_eq!(signature_of(theirs), signature, "{name}: signature");
    }
}

/// Names and values; of a token only that there is one.
fn parameters(body: &[u8]) -> BTreeMap<String, String> {
    if let Ok(Value::Object(object)) = serde_json::from_slice(body) {
        return object.into_iter().map(|(name, value)| (name, value.to_string())).collect();
    }
    let mut parameters: BTreeMap<_, _> = form_urlencoded::parse(body).into_owned().collect();
    if let Some(token) = parameters.get_mut("ClientToken") {
        "TOKEN".clone_into(token);
    }
    parameters
}

/// Our signature of their bytes.
fn signature_of(theirs: &Sent) -> String {
    let host = theirs.url.split('/').nth(2).unwrap();
    let (service, region) = host.trim_end_matches('/').split_once('.').unwrap();
    let service = match service.trim_end_matches("-fips") {
        "sts" => Service::Sts,
        "kms" => Service::Kms,
        _ => Service::Ec2,
    };
    let header = |name: &'static str| theirs.headers.get(name).map(|value| (name, value.clone()));
    let headers: Vec<_> = ["content-type", "x-amz-target"].into_iter().filter_map(header).collect();
    let region = region.split('.').next().unwrap();
    let call = Call { service, action: "", region, headers: &headers, body: &theirs.body };
    let keys = Keys {
        access_key_id: Secret::new("AKIAFAKEWIRE"),
        secret_access_key: Secret::new("FakeWireSecret"),
        session_token: theirs.headers.get("x-amz-security-token").map(Secret::new),
    };
    call.signed_headers(host, &keys, FakeWorld::BEGIN)["authorization"].clone()
}

fn image(region: &str) -> ImageRef {
    ImageRef { region: region.into(), id: "ami-0fake01".into() }
}

fn snapshot() -> SnapshotRef {
    SnapshotRef { region: "us-east-1".into(), id: "snap-0fake01".into() }
}

/// The texts of this field in a list.
fn texts<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array().into_iter().flatten().filter_map(|item| item[field].as_str()).collect()
}

#[tokio::test]
async fn listings_are_asked_for_and_read_alike() {
    let narrowed = ImageQuery {
        ids: vec!["ami-0fake01".into(), "ami-0fake02".into()],
        name: Some("golden <1> & more".into()),
        tags: [("team".to_owned(), "数据".to_owned())].into(),
        ..ImageQuery::default()
    };
    let next_page = ImageQuery { page: Some("narrowed:next+/=page".into()), ..ImageQuery::default() };
    for (name, query) in
        [("list", ImageQuery::default()), ("list-next-page", next_page), ("list-narrowed", narrowed)]
    {
        let exchange = exchange(name);
        let cloud = with_reply(&exchange);
        let query = ImageQuery { region: "us-east-1".into(), ..query };
        let page = simply(&cloud).list_images(query.clone()).await.result.unwrap();
        check(&exchange, &cloud.requests()[0]);
        let theirs = &exchange.read["Images"];
        let expected = if query.name.is_some() { 1 } else { 2 };
        let ids: Vec<_> = page.items.iter().map(|image| image.id.as_str()).collect();
        assert_eq!(ids, texts(theirs, "ImageId")[..expected]);
        assert_eq!(page.next[0].as_str().strip_prefix("narrowed:"), exchange.read["NextToken"].as_str());
    }
}

#[tokio::test]
async fn a_record_says_the_same_to_both() {
    let exchange = exchange("list");
    let query = ImageQuery { region: "us-east-1".into(), ..ImageQuery::default() };
    let page = simply(&with_reply(&exchange)).list_images(query).await.result.unwrap();
    for (ours, theirs) in page.items.iter().zip(exchange.read["Images"].as_array().unwrap()) {
        assert_eq!(Some(ours.name.as_str()), theirs["Name"].as_str());
        assert_eq!(Some(ours.cloud_state.as_str()), theirs["State"].as_str());
        assert_eq!(ours.copied_from.as_ref().map(ImageId::as_str), theirs["SourceImageId"].as_str());
        assert_eq!(ours.shared == Some(true), theirs["Public"] == json!(true));
        let tags: BTreeMap<_, _> =
            texts(&theirs["Tags"], "Key").into_iter().zip(texts(&theirs["Tags"], "Value")).collect();
        assert_eq!(
            ours.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect::<BTreeMap<_, _>>(),
            tags
        );
        let disks = theirs["BlockDeviceMappings"].as_array().into_iter().flatten();
        let snapshots: Vec<_> = disks.filter_map(|disk| disk["Ebs"]["SnapshotId"].as_str()).collect();
        assert_eq!(ours.snapshots.iter().map(SnapshotId::as_str).collect::<Vec<_>>(), snapshots);
    }
    assert_eq!(page.items[0].created, Some(FakeWorld::BEGIN));
}

#[tokio::test]
async fn shares_are_asked_for_in_every_part_of_the_cloud_and_read_alike() {
    let token = [("session_token", "FAKE//Session+Token==")];
    for (name, region, more, fips) in [
        ("read-shares", "us-east-1", &[][..], false),
        ("read-shares-with-token", "us-east-1", &token[..], false),
        ("read-shares-in-china", "cn-north-1", &[][..], false),
        ("read-shares-of-the-government", "us-gov-west-1", &[][..], true),
        ("read-shares-in-europes-own", "eusc-de-east-1", &[][..], false),
        ("read-shares-fips", "us-east-1", &[][..], true),
    ] {
        let exchange = exchange(name);
        let cloud = with_reply(&exchange);
        let aws = aws(&cloud, FakeWorld::default(), more, json!({ "fips": fips }));
        let shares = aws.read_shares(image(region)).await.result.unwrap();
        check(&exchange, &cloud.requests()[0]);
        let theirs = &exchange.read["LaunchPermissions"];
        let fields = ["UserId", "OrganizationArn", "OrganizationalUnitArn"];
        let expected: BTreeSet<_> = fields.into_iter().flat_map(|field| texts(theirs, field)).collect();
        assert_eq!(shares.accounts.iter().map(AccountId::as_str).collect::<BTreeSet<_>>(), expected);
        assert_eq!(shares.other_grants.len(), texts(theirs, "Group").len());
    }
}

#[tokio::test]
async fn changes_are_asked_for_alike() {
    let exchange = exchange("change-shares");
    let cloud = Script::in_order([Answer::ok("<ModifyImageAttributeResponse/>")]);
    let change = Change {
        image: image("us-east-1"),
        add: ["012345678901", ORGANIZATION, UNIT].map(Into::into).into(),
        remove: vec!["109876543210".into()],
        ..Change::default()
    };
    assert_eq!(simply(&cloud).change_shares(change).await.result.map(|changed| changed.failed), Ok(vec![]));
    check(&exchange, &cloud.requests()[0]);
}

#[tokio::test]
async fn snapshots_are_read_and_changed_alike() {
    let read = exchange("read-snapshot-shares");
    let cloud = with_reply(&read);
    let shares = simply(&cloud).read_snapshot_shares(snapshot()).await.result.unwrap();
    check(&read, &cloud.requests()[0]);
    assert_eq!(
        shares.accounts,
        texts(&read.read["CreateVolumePermissions"], "UserId").into_iter().map(Into::into).collect()
    );

    let done = || Answer::ok("<ModifySnapshotAttributeResponse/>");
    let (add, remove) = (["012345678901", "109876543210"], ["012345678901"]);
    for (name, add, remove) in
        [("add-to-snapshot", &add[..], &[][..]), ("remove-from-snapshot", &[][..], &remove[..])]
    {
        let cloud = Script::in_order([done()]);
        let accounts = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect();
        let change = SnapshotChange { snapshot: snapshot(), add: accounts(add), remove: accounts(remove) };
        simply(&cloud).change_snapshot_shares(change).await.result.unwrap();
        check(&exchange(name), &cloud.requests()[0]);
    }
}

#[tokio::test]
async fn a_copy_is_asked_for_alike() {
    let exchange = exchange("copy");
    let cloud = with_reply(&exchange);
    let settings = json!({"copy_tags": true, "copy_kms_keys": {"eu-west-1": "alias/fake"}});
    let request = CopyRequest {
        source: image("us-east-1"),
        regions: vec!["eu-west-1".into()],
        name: Some("golden".into()),
        token: Some("run1".into()),
    };
    let copied = aws(&cloud, FakeWorld::default(), &[], settings).copy_image(request).await.result.unwrap();
    check(&exchange, &cloud.requests()[0]);
    assert_eq!(Some(copied.images[0].id.as_str()), exchange.read["ImageId"].as_str());
}

#[tokio::test]
async fn a_receiver_asks_who_it_is_and_what_it_has_alike() {
    let (caller, received) = (exchange("caller"), exchange("received"));
    let only_page = received.reply.replace("<nextToken>next+/=page</nextToken>", "");
    let cloud = Script::in_order([caller.reply.clone(), only_page].map(Answer::ok));
    let account = caller.read["Account"].as_str().unwrap().into();
    let query = ReceivedQuery { region: "us-east-1".into(), images: vec!["ami-0fake01".into()], account };
    assert_eq!(simply(&cloud).read_received(query).await.result.map(|images| images.len()), Ok(1));
    let requests = cloud.requests();
    check(&caller, &requests[0]);
    check(&received, &requests[1]);
}

#[tokio::test]
async fn keys_of_encrypted_images_are_asked_for_alike() {
    let encrypted = exchange("list").reply.replacen("<encrypted>false", "<encrypted>true", 1);
    let key = "<DescribeSnapshotsResponse><snapshotSet><item><snapshotId>snap-0fake01</snapshotId><kmsKeyId>\
               arn:aws:kms:us-east-1:123456789012:key/fake</kmsKeyId></item></snapshotSet></DescribeSnapshotsResponse>";
    let manager = r#"{"KeyMetadata":{"KeyManager":"AWS"}}"#;
    let cloud = Script::in_order([Answer::ok(encrypted), Answer::ok(key), Answer::ok(manager)]);
    let query = ImageQuery { region: "us-east-1".into(), ..ImageQuery::default() };
    let page = simply(&cloud).list_images(query).await.result.unwrap();
    assert!(page.items[0].unshareable.is_some());
    let requests = cloud.requests();
    check(&exchange("snapshot-keys"), &requests[1]);
    check(&exchange("key"), &requests[2]);
}

#[tokio::test]
async fn roles_are_asked_for_and_their_keys_read_alike() {
    let profile = "[default]\nrole_arn = arn:aws:iam::123456789012:role/fake\nrole_session_name = me\n\
                   duration_seconds = 900\nexternal_id = fake-id\nsource_profile = default\n\
                   aws_access_key_id = AKIAFAKEWIRE\naws_secret_access_key = FakeWireSecret\n";
    let with_profile = FakeWorld::default().with_file("~/.aws/config", profile);
    let with_token = FakeWorld::default()
        .with_env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/fake")
        .with_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")
        .with_file("/t", "FAKE.OIDC.TOKEN");
    for (name, world) in [("assume-role", with_profile), ("assume-role-with-token", with_token)] {
        let exchange = exchange(name);
        let cloud = with_reply(&exchange);
        let found = connect(&cloud, world, &Connect::default()).find_credentials(true).await.result.unwrap();
        check(&exchange, &cloud.requests()[0]);
        let theirs = exchange.read["Credentials"]["Expiration"].as_str().unwrap().replacen(' ', "T", 1);
        assert_eq!(found.expires, imgshare_sdk::time::parse_rfc3339(&theirs));
    }
}
