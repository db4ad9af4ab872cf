//! What is asked and read, against requests that the vendor's SDK sent and the answers that it got.
//!
//! The SDK's header `U-Timestamp-Ms` is not sent: it is not documented, and nothing is signed in it.

use imgshare_sdk::{
    Image, ImageQuery, ImageState, Page, PageToken, Region, Response, Secret, Shares, Timestamp,
};
use imgshare_testkit::captures::{self, Exchange, Got};
use serde::de::DeserializeOwned;
use ucloud::Product;
use ucloud::api::list::{self, Part};
use ucloud::api::{self, Answer, Ask, shares};
use ucloud::sign::{Keys, signed};

fn exchange(name: &str) -> Exchange {
    captures::exchange(include_str!("data/wire-ucloud.json"), name)
}

/// Ours says what theirs says, signature included.
fn check(name: &str, region: &str, ask: &Ask) -> Exchange {
    let exchange = exchange(name);
    let theirs = &exchange.request;
    let keys = Keys {
        public_key: Secret::new("fakepublic+/="),
        private_key: Secret::new("fakeprivate0123"),
        token: None,
    };
    let ours = signed(ask.form(&region.into(), Some("org-fake01")), &keys).encoded();
    assert_eq!((theirs.method.as_str(), theirs.path.as_str()), ("POST", "/"));
    assert_eq!(captures::parameters(&ours), captures::parameters(&theirs.body), "{name}");
    exchange
}

fn answer<T: DeserializeOwned>(exchange: &Exchange) -> Answer<T> {
    let Got { status, body } = exchange.reply.clone();
    api::read(&Response { status, headers: vec![], body: body.into_bytes() }).unwrap()
}

fn page(name: &str, product: Product, region: &str, part: &Part) -> Page<Image> {
    let query = ImageQuery { region: Region::from(region), ..ImageQuery::default() };
    let exchange = check(name, region, &list::describe(product, &query, part, 100));
    list::page(answer(&exchange).value, &query, part, 100)
}

/// Both pages of a listing of 130 images; the last image.
fn two_pages(names: [&str; 2], product: Product, region: &str, part: &Part) -> Image {
    let first = page(names[0], product, region, part);
    assert_eq!((first.items.len(), first.next.len()), (100, 1));
    let rest = Part::read(&first.next[0]).unwrap();
    let second = page(names[1], product, region, &rest);
    assert_eq!((second.items.len(), second.next), (30, Vec::<PageToken>::new()));
    second.items.last().unwrap().clone()
}

#[test]
fn a_listing_of_130_images_in_a_zone_has_two_pages() {
    let part = Part::of_zone("cn-wlcb-01".into());
    let names = ["compshare-list-page-1", "compshare-list-page-2"];
    let last = two_pages(names, Product::Compshare, "cn-wlcb", &part);
    let expected = Image {
        id: "compshareImage-00129".into(),
        name: "name 129".into(),
        state: ImageState::Available,
        cloud_state: "Available".into(),
        created: Some(Timestamp::from_seconds(1_700_000_000)),
        ..Image::default()
    };
    assert_eq!(last, expected);
}

#[test]
fn a_listing_without_a_zone_is_what_the_generic_call_sends() {
    let first = page("compshare-list-generic-without-zone", Product::Compshare, "cn-wlcb", &Part::ALL);
    assert_eq!((first.items.len(), first.next), (100, vec!["100-".into()]));
}

#[test]
fn uhost_images_are_listed_and_none_can_be_shared() {
    let names = ["uhost-list-page-1", "uhost-list-page-2"];
    let last = two_pages(names, Product::Uhost, "cn-bj2", &Part::ALL);
    assert_eq!((last.id.as_str(), last.state), ("uimage-00129", ImageState::Available));
    assert!(last.unshareable.is_some());
}

#[test]
fn accounts_are_added_and_removed_by_one_action() {
    let modify = |add: &[&str], remove: &[&str]| {
        let accounts = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect::<Vec<_>>();
        shares::modify(&"compshareImage-fake01".into(), &accounts(add), &accounts(remove))
    };
    for (name, ask) in [
        ("compshare-share-three", modify(&["12345", "67890", "50000001"], &[])),
        ("compshare-unshare-one", modify(&[], &["12345"])),
        ("compshare-share-and-unshare", modify(&["1", "2"], &["3"])),
    ] {
        let exchange = check(name, "cn-wlcb", &ask);
        assert_eq!(shares::invalid(answer(&exchange).value).len(), 0, "{name}");
    }
}

#[test]
fn who_has_an_image_is_read() {
    let ask = shares::describe(&"compshareImage-fake01".into());
    let exchange = check("compshare-describe-share", "cn-wlcb", &ask);
    let expected = Shares { accounts: ["12345".into()].into(), ..Shares::none() };
    assert_eq!(shares::shares(answer(&exchange).value), expected);
}
