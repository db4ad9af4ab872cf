//! How long planning takes in a large world, without any network; with two sizes, `cargo xtask bench` learns what a
//! further image costs in memory.
//!
//! ```text
//! plan_size IMAGES ACCOUNTS SHARED [mixed]
//! ```
//!
//! One rule shares all images with all accounts; `SHARED` of them have each image already: the same ones, or others for
//! each image (`mixed`). Prints JSON: how many changes were planned, and how long that took.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark talks to whoever runs it")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::Instant;

use imgshare_plan::{Actual, ActualImage, Bounds, SharesPool, SharesRead, diff};
use imgshare_protocol::{
    AccountId, Cloud, Desired, Image, Limits, Mode, Place, Rule, Selection, Shares, Target, Timestamp,
};
use serde_json::json;

/// What the text of a page holds.
const IMAGES_PER_PAGE: usize = 100;

#[derive(Clone, Copy)]
struct Size {
    images: usize,
    accounts: usize,
    shared: usize,
    mixed: bool,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let Some(size) = Size::read(&words.iter().map(String::as_str).collect::<Vec<_>>()) else {
        eprintln!("error: plan_size takes IMAGES ACCOUNTS SHARED [mixed], shared at most accounts");
        return ExitCode::FAILURE;
    };
    plan(size);
    ExitCode::SUCCESS
}

impl Size {
    fn read(words: &[&str]) -> Option<Self> {
        let (numbers, mixed) = match words {
            [] => return Some(Self { images: 100_000, accounts: 50, shared: 25, mixed: false }),
            [numbers @ .., "mixed"] => (numbers, true),
            numbers => (numbers, false),
        };
        let numbers = numbers.iter().map(|word| word.parse().ok()).collect::<Option<Vec<usize>>>()?;
        let [images, accounts, shared] = numbers.try_into().ok()?;
        (shared <= accounts).then_some(Self { images, accounts, shared, mixed })
    }

    /// Who has the image of this number.
    fn receivers(self, accounts: &[AccountId], image: usize) -> Vec<&AccountId> {
        let mut accounts: Vec<(usize, &AccountId)> = accounts.iter().enumerate().collect();
        if self.mixed {
            accounts.sort_by_key(|(at, _)| scatter(image * self.accounts + at));
        }
        accounts.into_iter().take(self.shared).map(|(_, account)| account).collect()
    }
}

/// A number that looks as if it had nothing to do with this one: the finaliser of SplitMix64.
fn scatter(number: usize) -> u64 {
    let number = (number as u64 ^ 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

fn plan(size: Size) {
    let accounts: Vec<AccountId> =
        (0..size.accounts).map(|number| format!("1000000{number:05}").into()).collect();
    let desired = desired(&accounts);
    let actual = actual(size, &accounts);
    let begun = Instant::now();
    let plan =
        diff(&desired, &BTreeMap::new(), &actual, Timestamp::from_seconds(2_000_000_000), &Bounds::default());
    let took = begun.elapsed();
    println!("{}", json!({ "changes": plan.changes.len(), "plan_us": took.as_micros() }));
}

fn desired(accounts: &[AccountId]) -> Desired {
    let cloud = Cloud {
        name: "acme".into(),
        provider: "acme".into(),
        regions: vec!["north".into()],
        endpoint: None,
        allow_plain_http: false,
        credentials: BTreeMap::new(),
        limits: Limits { accounts_per_change: Some(20), ..Limits::default() },
        settings: serde_json::Value::Null,
        place: Place::default(),
    };
    let target = Target {
        cloud: "acme".into(),
        regions: vec!["north".into()],
        accounts: BTreeSet::from_iter(accounts.to_vec()),
    };
    let rule = Rule {
        name: "golden".into(),
        targets: vec![target],
        images: Selection { name: Some("image-*".into()), ..Selection::default() },
        copy_from: None,
        with_snapshots: false,
        mode: Mode::Add,
        place: Place::default(),
    };
    Desired { clouds: [("acme".into(), cloud)].into(), rules: vec![rule], ..Desired::default() }
}

/// Read as it is read from plugins: as text, page by page and image by image, and kept as a survey keeps it. So nothing
/// is shared between images that would not be in the program.
fn actual(size: Size, accounts: &[AccountId]) -> Actual {
    let mut images = Vec::new();
    for first in (0..size.images).step_by(IMAGES_PER_PAGE) {
        let last = size.images.min(first + IMAGES_PER_PAGE);
        let page: Vec<Image> = read(&json!((first..last).map(image).collect::<Vec<_>>()));
        images.extend(page.into_iter().map(|image| ActualImage { image, shares: SharesRead::NotRead }));
    }
    let mut pool = SharesPool::default();
    for (number, image) in images.iter_mut().enumerate() {
        let shares: Shares = read(&json!({ "accounts": size.receivers(accounts, number) }));
        image.shares = pool.keep(shares.into());
    }
    Actual { regions: [(("acme".into(), "north".into()), Ok(images))].into(), ..Actual::default() }
}

fn image(number: usize) -> serde_json::Value {
    json!({
        "id": format!("img-{number:08}"),
        "name": format!("image-{number}"),
        "state": "available",
        "cloud_state": "NORMAL",
        "created": number,
    })
}

fn read<T: serde::de::DeserializeOwned>(value: &serde_json::Value) -> T {
    let text = value.to_string();
    serde_json::from_str(&text).expect("what was just written can be read")
}
