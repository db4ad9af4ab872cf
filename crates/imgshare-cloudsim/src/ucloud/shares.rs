//! `ModifyCompShareImageShareAccount` and `DescribeCompShareImageShareAccounts`:
//! <https://docs.ucloud.cn/api>.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::compshare::{account_name, own_image};
use super::params::{Params, missing, not_available};
use super::scenario::EmptyAccounts;
use super::{AVAILABLE, Answer, Ucloud};
use crate::cloud::Refusal;
use crate::ids::{AccountId, ImageId};
use crate::scenario::Redundant;
use crate::turn::Turn;
use crate::world::Image;

/// Accounts that one call may add, and that it may remove.
const ACCOUNTS_MAX: usize = 10;

/// A call as it was read: whom to give the image, whom to take it from.
struct Modification {
    image: ImageId,
    add: Vec<AccountId>,
    remove: Vec<AccountId>,
}

/// One invalid account, and nobody gets or loses anything: the answer lists it, with RetCode 0.
pub(super) fn modify(cloud: &Ucloud, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let modification = Modification::read(params)?;
    let image = own_image(turn, &modification.image)?;
    if !modification.add.is_empty() {
        check_shareable(cloud, turn, image)?;
    }
    let invalid = invalid_accounts(cloud, turn, image, &modification);
    if !invalid.is_empty() {
        return Err(nothing_done(cloud, &invalid));
    }
    check_room(cloud, image, &modification)?;
    apply(turn, &modification);
    Ok(Map::from_iter([("InvalidAccounts".to_owned(), json!([]))]))
}

pub(super) fn describe(cloud: &Ucloud, turn: &Turn<'_>, params: &mut Params) -> Answer {
    let id = ImageId::from(params.require("CompShareImageId")?);
    params.finish()?;
    let account = |account: &AccountId| json!({"AccountId": cloud.account(account), "AccountName": account_name(account)});
    let accounts: Vec<Value> = own_image(turn, &id)?.shares.keys().map(account).collect();
    let set = match cloud.behaviour.empty_accounts {
        _ if !accounts.is_empty() => Some(Value::from(accounts)),
        EmptyAccounts::Object => Some(json!({})),
        EmptyAccounts::List => Some(json!([])),
        EmptyAccounts::Null => Some(Value::Null),
        EmptyAccounts::LeftOut => None,
    };
    Ok(set.map(|set| ("AccountSet".to_owned(), set)).into_iter().collect())
}

impl Modification {
    fn read(params: &mut Params) -> Result<Self, Refusal> {
        let read = Self {
            image: ImageId::from(params.require("CompShareImageId")?),
            add: take_accounts(params, "AddAccounts")?,
            remove: take_accounts(params, "RemoveAccounts")?,
        };
        params.finish()?;
        let empty = read.add.is_empty() && read.remove.is_empty();
        (!empty).then_some(read).ok_or_else(|| missing("AddAccounts"))
    }
}

/// Accounts are integers; the code for one too many, or for one that is no number, is not documented.
fn take_accounts(params: &mut Params, name: &str) -> Result<Vec<AccountId>, Refusal> {
    let accounts = params.take_list(name);
    let numbers = accounts.iter().all(|account| account.parse::<u64>().is_ok());
    let good = numbers && accounts.len() <= ACCOUNTS_MAX;
    let accounts = accounts.into_iter().map(AccountId::from).collect();
    good.then_some(accounts).ok_or_else(|| not_available(name))
}

fn check_shareable(cloud: &Ucloud, turn: &Turn<'_>, image: &Image) -> Result<(), Refusal> {
    let ready = image.state(turn.now) == AVAILABLE || !cloud.behaviour.only_available;
    let good = ready && image.obstacle.is_none();
    good.then_some(()).ok_or_else(|| not_available("CompShareImageId"))
}

fn invalid_accounts<'m>(
    cloud: &Ucloud,
    turn: &Turn<'_>,
    image: &Image,
    modification: &'m Modification,
) -> Vec<&'m AccountId> {
    let has_it = |account: &AccountId| image.shares.contains_key(account);
    let exists = |account: &AccountId| {
        turn.world.knows_account(account) && !turn.world.accounts.is_collaborator(account)
    };
    let behaviour = &cloud.behaviour;
    let cannot_get = |account: &&AccountId| {
        let redundant = has_it(account) && behaviour.already_shared == Redundant::Refused;
        *account == turn.caller || !exists(account) || redundant
    };
    let cannot_lose = |account: &&AccountId| {
        !has_it(account) && (!exists(account) || behaviour.remove_unshared == Redundant::Refused)
    };
    let added = modification.add.iter().filter(cannot_get);
    added.chain(modification.remove.iter().filter(cannot_lose)).collect()
}

fn nothing_done(cloud: &Ucloud, invalid: &[&AccountId]) -> Refusal {
    let accounts: Vec<Value> = invalid.iter().map(|account| cloud.account(account)).collect();
    Refusal::new("InvalidAccounts", "Invalid accounts")
        .with_detail("RetCode", cloud.behaviour.invalid_accounts_ret_code)
        .with_detail("InvalidAccounts", accounts)
}

/// No limit is documented; a scenario may set one. It is about those who have the image afterwards, and no reason to
/// refuse a call that only removes.
fn check_room(cloud: &Ucloud, image: &Image, modification: &Modification) -> Result<(), Refusal> {
    let Some(most) = cloud.behaviour.accounts_per_image_max else { return Ok(()) };
    let kept = image.shares.keys().filter(|account| !modification.remove.contains(account));
    let after: BTreeSet<&AccountId> = kept.chain(&modification.add).collect();
    let room = modification.add.is_empty() || after.len() <= most;
    room.then_some(()).ok_or_else(|| not_available("AddAccounts"))
}

fn apply(turn: &mut Turn<'_>, modification: &Modification) {
    turn.share(&modification.image, &modification.add);
    turn.unshare(&modification.image, &modification.remove);
}
