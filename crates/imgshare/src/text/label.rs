//! How images and accounts are named in text.

use std::borrow::Borrow;

use imgshare_plan::{AccountLabel, ImageName};

use super::style::{BOLD, DIM};

/// `golden-ubuntu  img-8toqc6s3`
pub(crate) fn image(image: &ImageName) -> String {
    if image.name.is_empty() {
        return format!("{BOLD}{}{BOLD:#}", image.id);
    }
    format!("{BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", image.name, image.id)
}

/// `data-team        100012345678`, or the id alone.
pub(crate) fn account(account: &AccountLabel) -> String {
    match &account.name {
        Some(name) => format!("{name:<24} {DIM}{}{DIM:#}", account.id),
        None => account.id.to_string(),
    }
}

/// `data-team (100012345678), 100099998888`, in one line.
pub(crate) fn accounts(accounts: &[impl Borrow<AccountLabel>]) -> String {
    let texts: Vec<_> = accounts
        .iter()
        .map(Borrow::borrow)
        .map(|account: &AccountLabel| match &account.name {
            Some(name) => format!("{name} ({})", account.id),
            None => account.id.to_string(),
        })
        .collect();
    texts.join(", ")
}

/// `1 image`, `2 images`
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Several things in one line, with the word before them: `rule a`, `rules a, b`.
pub(crate) fn named<T: ToString>(noun: &str, names: &[T]) -> String {
    let texts: Vec<_> = names.iter().map(ToString::to_string).collect();
    format!("{noun}{} {}", if names.len() == 1 { "" } else { "s" }, texts.join(", "))
}
