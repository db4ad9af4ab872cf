//! How images, accounts and numbers are named in text.

use std::borrow::Borrow;

use imgshare_plan::{AccountLabel, ImageName};
use imgshare_protocol::{Acceptance, CloudName, ProviderName, Region};

use super::style::{BOLD, DIM};

/// The pieces of `golden-ubuntu  img-8toqc6s3`.
pub(crate) fn image(image: &ImageName) -> Vec<String> {
    let id = &image.id;
    if image.name.is_empty() {
        return vec![format!("{BOLD}{id}{BOLD:#}")];
    }
    vec![format!("{BOLD}{}{BOLD:#}", plain(&image.name)), format!("{DIM}{id}{DIM:#}")]
}

/// `img-8toqc6s3 (golden-ubuntu)`, the id first: for the blocks of errors.
pub(crate) fn image_id(image: &ImageName) -> String {
    if image.name.is_empty() {
        return image.id.to_string();
    }
    format!("{} ({})", image.id, plain(&image.name))
}

/// `data-team                100012345678`, or the id alone.
pub(crate) fn account(account: &AccountLabel) -> String {
    match &account.name {
        Some(name) => format!("{name:<24} {DIM}{}{DIM:#}", account.id),
        None => account.id.to_string(),
    }
}

/// `data-team (100012345678)`, or the id alone.
pub(crate) fn account_in_line(account: &AccountLabel) -> String {
    match &account.name {
        Some(name) => format!("{name} ({})", account.id),
        None => account.id.to_string(),
    }
}

/// `partner-x (100099998888) (pending)`, where receivers have to accept.
pub(crate) fn receiver(account: &AccountLabel, acceptance: Option<Acceptance>) -> String {
    let state = acceptance.map(|acceptance| format!(" ({})", accepted(acceptance))).unwrap_or_default();
    account_in_line(account) + &state
}

/// What a receiver has made of a share, in a word.
pub(crate) fn accepted(acceptance: Acceptance) -> &'static str {
    match acceptance {
        Acceptance::Pending => "pending",
        Acceptance::Accepted => "accepted",
        Acceptance::Rejected => "rejected",
        Acceptance::Unknown => "acceptance unknown",
    }
}

/// The accounts of a list, in one line each.
pub(crate) fn accounts(accounts: &[impl Borrow<AccountLabel>]) -> Vec<String> {
    accounts.iter().map(|account| account_in_line(account.borrow())).collect()
}

/// `acme eu-1 (cloud prod)`
pub(crate) fn site(provider: &ProviderName, region: Option<&Region>, cloud: &CloudName) -> String {
    let region = region.map(|region| format!(" {region}")).unwrap_or_default();
    format!("{provider}{region} (cloud {cloud})")
}

/// `1 image`, `2 images`, `1 copy`, `2 copies`
pub(crate) fn count(number: usize, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {noun}s"),
    }
}

/// `2,010`: digits in threes.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Several things in one line, with the word before them: `rule a`, `rules a, b`.
pub(crate) fn named<T: ToString>(noun: &str, names: &[T]) -> String {
    let texts: Vec<_> = names.iter().map(ToString::to_string).collect();
    format!("{noun}{} {}", if names.len() == 1 { "" } else { "s" }, texts.join(", "))
}

/// Text that somebody else chose, without the characters by which a terminal can be told to lie.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{count, thousands};

    #[test]
    fn things_are_counted_in_english() {
        assert_eq!(
            [count(1, "copy"), count(2, "copy"), count(0, "image")],
            ["1 copy", "2 copies", "0 images"]
        );
    }

    #[test]
    fn long_numbers_have_commas() {
        assert_eq!([7, 999, 2010, 1_234_567].map(thousands), ["7", "999", "2,010", "1,234,567"]);
    }
}
