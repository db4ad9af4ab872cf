//! What is asked and read, against requests that the vendor's SDKs sent and the answers that they got.

use std::collections::BTreeMap;

use alibaba::api::shares::SharePermissions;
use alibaba::api::{self, Answer, Ask, Done, copy, list, shares};
use alibaba::call::{Call, Stamp};
use alibaba::sign::acs3::{Signable, authorization};
use alibaba::sign::{Keys, rpc};
use imgshare_sdk::paging::PageNumber;
use imgshare_sdk::{
    AccountId, CopyRequest, Image, ImageQuery, ImageRef, ImageState, Page, PageToken, Response, Secret,
    Shares, Timestamp,
};
use imgshare_testkit::captures::{self, Exchange, Got, Sent};
use serde::de::DeserializeOwned;

const ACS3: &str = include_str!("data/wire-alibaba-acs3.json");
const RPC: &str = include_str!("data/wire-alibaba-rpc.json");

type Texts = BTreeMap<String, String>;

/// The parameters of an address.
fn asked(sent: &Sent) -> Texts {
    captures::parameters(sent.path.split_once('?').unwrap().1)
}

fn headers(sent: &Sent) -> Texts {
    sent.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect()
}

fn keys(token: Option<&str>) -> Keys {
    Keys {
        access_key_id: Secret::new("LTAIFAKEWIRE"),
        access_key_secret: Secret::new("FakeWireSecret"),
        security_token: token.map(Secret::new),
    }
}

fn call(ask: &Ask) -> Call<'_> {
    Call { version: api::VERSION, action: ask.action, parameters: &ask.parameters }
}

fn stamp(nonce: &str) -> Stamp {
    Stamp { time: Timestamp::from_seconds(1_700_000_000), nonce: nonce.to_owned() }
}

fn without(mut texts: Texts, names: &[&str]) -> Texts {
    texts.retain(|name, _| !names.contains(&name.as_str()));
    texts
}

/// A listing names its states, which the capture leaves to the default; and a page of shares its number and size,
/// which one capture leaves out. All else is the same.
const MORE_EXPLICIT: [&str; 3] = ["Status", "PageNumber", "PageSize"];

/// What belongs to the SDK or to its HTTP library, and the signature, which covers some of that.
const NOT_OURS: [&str; 6] = [
    "accept-encoding",
    "authorization",
    "content-length",
    "host",
    "user-agent",
    "x-acs-credentials-provider",
];

/// Our headers under ACS3.
fn headers_of(ask: &Ask, token: Option<&str>, stamp: &Stamp) -> Texts {
    let headers = call(ask).headers("127.0.0.1:18765", &keys(token), stamp);
    headers.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect()
}

/// Ours says what theirs says under ACS3, and our signer signs theirs as they did.
fn check_acs3(name: &str, ask: &Ask, token: Option<&str>) -> Exchange {
    let exchange = captures::exchange(ACS3, name);
    let sent = &exchange.request;
    assert_eq!((sent.method.as_str(), sent.body.as_str()), ("POST", ""));
    let (theirs, asked) = (headers(sent), asked(sent));
    let ours = headers_of(ask, token, &stamp(&theirs["x-acs-signature-nonce"]));
    assert_eq!(without(ours, &NOT_OURS), without(theirs.clone(), &NOT_OURS), "{name}: headers");
    let own: Texts = ask.parameters.iter().cloned().collect();
    assert_eq!(without(own, &MORE_EXPLICIT), without(asked.clone(), &MORE_EXPLICIT), "{name}: parameters");
    assert_eq!(signed_as_they_signed(&theirs, asked, token), theirs["authorization"], "{name}: signature");
    exchange
}

/// The `Authorization` that our signer makes of their parameters and the headers that they say they signed.
fn signed_as_they_signed(theirs: &Texts, asked: Texts, token: Option<&str>) -> String {
    let names = theirs["authorization"].split("SignedHeaders=").nth(1).unwrap();
    let names = names.split(',').next().unwrap().split(';');
    let headers = names.map(|name| (name, theirs[name].clone())).collect();
    let parameters: Vec<_> = asked.into_iter().collect();
    let signable =
        Signable { method: "POST", path: "/", parameters: &parameters, headers: &headers, body: b"" };
    authorization(&signable, &keys(token))
}

/// Ours says what theirs says under RPC 1.0, and our signer signs theirs as they did.
fn check_rpc(name: &str, ask: &Ask, token: Option<&str>) {
    let exchange = captures::exchange(RPC, name);
    let sent = &exchange.request;
    assert_eq!((sent.method.as_str(), sent.body.as_str()), ("POST", ""));
    let theirs = asked(sent);
    let ours: Texts =
        call(ask).all_parameters(&keys(token), &stamp(&theirs["SignatureNonce"])).into_iter().collect();
    // The empty SignatureType is that SDK's own; the signatures cover it and what is more explicit.
    let compared =
        |all: &Texts| without(without(all.clone(), &MORE_EXPLICIT), &["SignatureType", "Signature"]);
    assert_eq!(compared(&ours), compared(&theirs), "{name}: parameters");
    let signed: Vec<_> = without(theirs.clone(), &["Signature"]).into_iter().collect();
    let signature = rpc::signature(&keys(token), &rpc::string_to_sign("POST", &signed));
    assert_eq!(signature, theirs["Signature"], "{name}: signature");
}

fn check(name: &str, ask: &Ask, token: Option<&str>) -> Exchange {
    check_rpc(name, ask, token);
    check_acs3(name, ask, token)
}

fn answer<T: DeserializeOwned>(exchange: &Exchange) -> Answer<T> {
    let Got { status, body } = exchange.reply.clone();
    api::read(&Response { status, headers: vec![], body: body.into_bytes() }).unwrap()
}

fn page(name: &str, token: Option<&PageToken>) -> Page<Image> {
    let query = ImageQuery { region: "cn-hangzhou".into(), ..ImageQuery::default() };
    let number = PageNumber::of(token).unwrap();
    let ask = list::describe(&query, number, 100);
    let exchange = check(name, &ask, None);
    let sent = asked(&exchange.request);
    let paging = |all: &Texts| [all["PageNumber"].clone(), all["PageSize"].clone()];
    assert_eq!(paging(&ask.parameters.iter().cloned().collect()), paging(&sent));
    list::page(answer(&exchange).value, &query, number, 100)
}

fn image() -> ImageRef {
    ImageRef { region: "cn-hangzhou".into(), id: "m-bp1fake0001".into() }
}

fn accounts(ids: &[&str]) -> Vec<AccountId> {
    ids.iter().map(|id| (*id).into()).collect()
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
        ("m-bp00000129", "name 129", ImageState::Available)
    );
    assert_eq!(last.created, Some(Timestamp::from_seconds(1_700_000_000)));
}

#[test]
fn accounts_are_added_and_removed_by_one_action_and_in_one_call() {
    let three = accounts(&["1234567890123456", "1234567890123457", "1234567890123458"]);
    for (name, add, remove) in [
        ("share-three", &three[..], &[][..]),
        ("unshare-one", &[], &three[..1]),
        ("share-and-unshare", &three[..2], &three[2..]),
    ] {
        let exchange = check(name, &shares::modify(&image(), add, remove), None);
        assert_eq!(answer::<Done>(&exchange).request_id, "00000000-0000-4000-8000-000000000002");
    }
}

#[test]
fn who_has_an_image_is_read_100_at_a_time() {
    let ask = shares::describe(&image(), 1);
    assert!(ask.parameters.contains(&("PageSize".into(), "100".into())));
    let exchange = check("describe-share", &ask, None);
    let mut read = Shares::none();
    assert!(!shares::gather(&mut read, answer::<SharePermissions>(&exchange).value));
    assert_eq!(read, Shares { accounts: ["1234567890123456".into()].into(), ..Shares::none() });
}

#[test]
fn a_security_token_is_sent_and_signed() {
    check("describe-share-with-token", &shares::describe(&image(), 1), Some("FAKETOKENWIRE"));
}

#[test]
fn a_copy_names_the_new_image() {
    let to = "ap-southeast-1".into();
    let request =
        CopyRequest { source: image(), regions: vec![], name: Some("镜像 copy".into()), token: None };
    let mut ask = copy::copy(&request, &to, None);
    // The capture was made without tags.
    ask.parameters.retain(|(name, _)| !name.starts_with("Tag."));
    let exchange = check("copy-to-region", &ask, None);
    assert_eq!(copy::copied(answer(&exchange).value), Some("m-copy0001".into()));
}

#[test]
fn a_call_is_signed_as_it_is_sent() {
    let ask = shares::describe(&image(), 1);
    let (token, stamp) = (Some("FAKETOKENWIRE"), stamp("a-nonce"));
    let mut sent = headers_of(&ask, token, &stamp);
    let authorization = sent["authorization"].clone();
    sent.insert("host".into(), "127.0.0.1:18765".into());
    let parameters: Texts = ask.parameters.iter().cloned().collect();
    assert_eq!(signed_as_they_signed(&sent, parameters, token), authorization);

    let mut all = call(&ask).all_parameters(&keys(token), &stamp);
    let (_, signature) = all.pop().unwrap();
    assert_eq!(rpc::signature(&keys(token), &rpc::string_to_sign("POST", &all)), signature);
}
