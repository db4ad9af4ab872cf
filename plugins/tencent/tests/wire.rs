//! What is asked and read, against requests that the vendor's SDK sent and the answers that it got.

use std::collections::BTreeMap;

use imgshare_sdk::paging::Span;
use imgshare_sdk::{
    CopyRequest, Image, ImageQuery, ImageRef, ImageState, Page, PageToken, Response, Secret, Shares,
    Timestamp,
};
use imgshare_testkit::captures::{self, Exchange, Got};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tencent::api::shares::Permission;
use tencent::api::{self, Answer, Ask, Done, copy, list, shares};
use tencent::call::Call;
use tencent::sign::{Keys, Payload, Signable};

fn exchange(name: &str) -> Exchange {
    captures::exchange(include_str!("data/wire-tencent.json"), name)
}

fn keys(token: Option<&str>) -> Keys {
    Keys {
        secret_id: Secret::new("AKIDFAKEWIRE"),
        secret_key: Secret::new("FakeWireSecret"),
        token: token.map(Secret::new),
    }
}

/// The headers of this ask with this body, in the language and at the moment of the capture.
fn headers(ask: &Ask, body: &str, token: Option<&str>) -> BTreeMap<String, String> {
    let call = Call {
        service: api::SERVICE,
        version: api::VERSION,
        action: ask.action,
        region: Some("ap-guangzhou"),
        language: "zh-CN",
    };
    let signable = Signable {
        method: "POST",
        path: "/",
        query: "",
        headers: &[("content-type", "application/json"), ("host", "127.0.0.1:18765")],
        payload: Payload::Signed(body.as_bytes()),
    };
    let headers = call.headers(&signable, &keys(token), Timestamp::from_seconds(1_700_000_000));
    headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What belongs to the SDK or to its HTTP library, and what the sender sets by itself.
const NOT_OURS: [&str; 8] = [
    "User-Agent",
    "Accept-Encoding",
    "Accept",
    "Connection",
    "Content-Length",
    "Host",
    "X-TC-TraceId",
    "X-TC-RequestClient",
];

/// Ours says what theirs says: same headers and, for the bytes that they sent, the same signature; the body is equal
/// as a value, since it is written differently.
fn check(name: &str, ask: &Ask, token: Option<&str>) -> Exchange {
    let exchange = exchange(name);
    let theirs = &exchange.request;
    assert_eq!((theirs.method.as_str(), theirs.path.as_str()), ("POST", "/"));
    let relevant = |(header, _): &&(String, String)| !NOT_OURS.contains(&header.as_str());
    let expected: BTreeMap<_, _> = theirs.headers.iter().filter(relevant).cloned().collect();
    assert_eq!(headers(ask, &theirs.body, token), expected, "{name}: headers");
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(value(&ask.body), value(&theirs.body), "{name}: body");
    exchange
}

fn answer<T: DeserializeOwned>(exchange: &Exchange) -> Answer<T> {
    let Got { status, body } = exchange.reply.clone();
    api::read(&Response { status, headers: vec![], body: body.into_bytes() }).unwrap()
}

fn page(name: &str, token: Option<&PageToken>) -> Page<Image> {
    let query = ImageQuery { region: "ap-guangzhou".into(), ..ImageQuery::default() };
    let span = Span::of(token).unwrap();
    let exchange = check(name, &list::describe(&query, span, 100), None);
    list::page(answer(&exchange).value, &query, span, 100)
}

fn image() -> ImageRef {
    ImageRef { region: "ap-guangzhou".into(), id: "img-6pb6lrmy".into() }
}

#[test]
fn a_listing_of_130_images_has_two_pages() {
    let first = page("list-images-page-1", None);
    assert_eq!((first.items.len(), first.next.len()), (100, 1));
    let second = page("list-images-page-2", first.next.first());
    assert_eq!((second.items.len(), second.next.len()), (30, 0));

    let last = second.items.last().unwrap();
    assert_eq!(
        (last.id.as_str(), last.name.as_str(), last.state),
        ("img-00000129", "name 129", ImageState::Available)
    );
    assert_eq!(last.created, Some(Timestamp::from_seconds(1_700_000_000)));
}

#[test]
fn accounts_are_added_and_removed_by_one_action() {
    let added = ["1038493875", "100000000001", "100000000002"].map(Into::into);
    let share = check("share-three", &shares::modify(&image().id, &added, Permission::Share), None);
    assert_eq!(answer::<Done>(&share).request_id, "00000000-0000-4000-8000-000000000001");
    let cancel = shares::modify(&image().id, &["1038493875".into()], Permission::Cancel);
    answer::<Done>(&check("unshare-one", &cancel, None));
}

#[test]
fn who_has_an_image_is_read() {
    let exchange = check("describe-share", &shares::describe(&image().id), None);
    let expected = Shares { accounts: ["101104350000".into()].into(), ..Shares::none() };
    assert_eq!(shares::shares(answer(&exchange).value), expected);
}

#[test]
fn a_session_token_is_sent_and_not_signed() {
    let with = check("describe-share-with-token", &shares::describe(&image().id), Some("FAKETOKENWIRE"));
    let without = exchange("describe-share");
    let authorization = |exchange: &Exchange| {
        exchange.request.headers.iter().find(|(name, _)| name == "Authorization").cloned()
    };
    assert_eq!(authorization(&with), authorization(&without));
}

#[test]
fn a_copy_names_the_new_image() {
    let request = CopyRequest {
        source: image(),
        regions: vec!["ap-shanghai".into()],
        name: Some("镜像 copy".into()),
        token: None,
    };
    let exchange = check("copy-to-region", &copy::sync(&request), None);
    let copied = copy::copied(answer(&exchange));
    assert_eq!(copied.images, [ImageRef { region: "ap-shanghai".into(), id: "img-copy0000".into() }]);
    assert_eq!(copied.request_ids, ["00000000-0000-4000-8000-000000000001"]);
}
