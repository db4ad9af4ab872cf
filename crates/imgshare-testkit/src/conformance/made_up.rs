//! What the checks ask about: made-up images, accounts and credentials.

use imgshare_protocol::{
    AcceptRequest, AccountForm, AccountId, Change, CopyRequest, ImageQuery, ImageRef, Limits, Operation,
    ReceivedQuery, Region, SnapshotChange, SnapshotRef,
};
use regex::Regex;

/// Spelled as most clouds spell regions.
pub(super) const REGION: &str = "conformance-1";

/// How many of an example's last characters are made into a number.
const DIGITS: usize = 5;

/// The value of a credential field: long enough to be blotted out, and told apart from anything else.
pub(super) fn credential(field: &str) -> String {
    format!("FAKE-{field}-FOR-CONFORMANCE")
}

pub(super) fn image() -> ImageRef {
    ImageRef { region: REGION.into(), id: "image-1".into() }
}

pub(super) fn listing() -> Operation {
    listing_of(&REGION.into())
}

pub(super) fn listing_of(region: &Region) -> Operation {
    Operation::ListImages(ImageQuery { region: region.clone(), ..ImageQuery::default() })
}

/// One operation of each kind; nothing that a cloud could tell from the real thing by its form.
pub(super) fn operations(account: &str, limits: &Limits) -> Vec<Operation> {
    let change = |add: &[&str], remove: &[&str]| {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect();
        Operation::ChangeShares(Change {
            image: image(),
            add: ids(add),
            remove: ids(remove),
            ..Change::default()
        })
    };
    let copy = CopyRequest {
        source: image(),
        regions: vec!["conformance-2".into()],
        name: Some("copy".into()),
        token: Some("conformance".into()),
    };
    let mut operations = vec![listing(), Operation::ReadShares(image())];
    operations.extend([change(&[account], &[]), change(&[], &[account]), Operation::CopyImage(copy)]);
    if limits.add_and_remove_together {
        let other = format!("{account}0");
        operations.push(change(&[account], &[&other]));
    }
    operations.extend(further_operations(account));
    operations
}

/// One of each kind that few clouds have.
fn further_operations(account: &str) -> [Operation; 5] {
    let snapshot = SnapshotRef { region: REGION.into(), id: "snapshot-1".into() };
    let change = |add: Option<&str>, remove: Option<&str>| {
        let ids = |id: Option<&str>| id.into_iter().map(AccountId::from).collect();
        Operation::ChangeSnapshotShares(SnapshotChange {
            snapshot: snapshot.clone(),
            add: ids(add),
            remove: ids(remove),
        })
    };
    let image = image();
    let received =
        ReceivedQuery { region: REGION.into(), images: vec![image.id.clone()], account: account.into() };
    [
        Operation::ReadSnapshotShares(snapshot.clone()),
        change(Some(account), None),
        change(None, Some(account)),
        Operation::AcceptShare(AcceptRequest { image, account: account.into() }),
        Operation::ReadReceived(received),
    ]
}

/// Account ids that look like the example: its end is replaced by numbers. `None`: such ids do not fit the pattern.
pub(super) fn accounts(form: &AccountForm, numbers: std::ops::Range<usize>) -> Option<Vec<AccountId>> {
    let pattern = Regex::new(&format!("^(?:{})$", form.pattern)).ok()?;
    let cut = form.example.len().checked_sub(DIGITS)?;
    let stem = form.example.get(..cut)?;
    let ids: Vec<_> = numbers.map(|number| format!("{stem}{number:0DIGITS$}")).collect();
    let fit = ids.iter().all(|id| form.pattern.is_empty() || pattern.is_match(id));
    fit.then(|| ids.into_iter().map(AccountId::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_look_like_their_example_or_are_not_made() {
        let form = |pattern: &str, example: &str| AccountForm {
            pattern: pattern.into(),
            example: example.into(),
            ..AccountForm::default()
        };
        let made = |pattern, example| {
            accounts(&form(pattern, example), 7..9)
                .map(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(made("[0-9]{6}", "123456").as_deref(), Some("100007 100008"));
        assert_eq!(made("", "team-alpha").as_deref(), Some("team-00007 team-00008"));
        assert_eq!(made("[a-z]+", "abcdefgh"), None);
        assert_eq!(made("[0-9]", "1"), None);
    }
}
