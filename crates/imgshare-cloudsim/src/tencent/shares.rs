//! `ModifyImageSharePermission` and `DescribeImageSharePermission`:
//! <https://cloud.tencent.com/document/api/213/15710>, <https://cloud.tencent.com/document/api/213/15712>.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::images::is_normal;
use super::params::{Params, invalid_value, limit_exceeded};
use super::scenario::{AlreadyShared, BadAccount, Behaviour, CancelUnshared, WrongState};
use super::{Answer, check_image_id, image_not_found, is_account_id};
use crate::cloud::Refusal;
use crate::ids::{AccountId, ImageId};
use crate::turn::Turn;
use crate::world::{Image, Obstacle};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Permission {
    Share,
    Cancel,
}

/// A checked call: what to do, to which image, for whom.
struct Modification {
    image: ImageId,
    accounts: Vec<AccountId>,
    permission: Permission,
}

/// The accounts of a call, judged one by one.
struct Judged {
    good: BTreeSet<AccountId>,
    first_refusal: Option<Refusal>,
}

pub(super) fn modify(behaviour: &Behaviour, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let modification = Modification::read(behaviour, params)?;
    let image = own_image(turn, &modification.image)?;
    if modification.permission == Permission::Share {
        check_shareable(behaviour, turn, image)?;
    }
    let judged = judge(behaviour, turn, image, &modification);
    check_room(behaviour, image, &judged, modification.permission)?;
    let whole = judged.first_refusal.is_none();
    if whole || behaviour.bad_account == BadAccount::GoodOnesApplied {
        apply(turn, &modification, &judged.good);
    }
    judged.first_refusal.map_or_else(|| Ok(Map::new()), Err)
}

pub(super) fn describe(turn: &Turn<'_>, params: &mut Params) -> Answer {
    let id: ImageId = params.require("ImageId")?;
    params.finish()?;
    let shares = own_image(turn, &id)?.shares.iter().map(|(account, since)| {
        json!({"AccountId": account, "CreatedTime": since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()})
    });
    let shares: Vec<Value> = shares.collect();
    Ok(Map::from_iter([("SharePermissionSet".to_owned(), shares.into())]))
}

impl Modification {
    fn read(behaviour: &Behaviour, params: &mut Params) -> Result<Self, Refusal> {
        let image = params.require("ImageId")?;
        let accounts: Vec<AccountId> = params.require("AccountIds")?;
        let permission = Permission::read(&params.require::<String>("Permission")?)?;
        params.finish()?;
        let most = behaviour.accounts_per_call_max;
        match accounts.len() {
            0 => Err(invalid_value("The parameter `AccountIds` is empty.")),
            count if count > most => Err(limit_exceeded(format!("At most {most} accounts fit in one call."))),
            _ => Ok(Self { image, accounts, permission }),
        }
    }
}

impl Permission {
    fn read(text: &str) -> Result<Self, Refusal> {
        match text {
            "SHARE" => Ok(Self::Share),
            "CANCEL" => Ok(Self::Cancel),
            _ => Err(invalid_value("The parameter `Permission` must be SHARE or CANCEL.")),
        }
    }
}

/// The image in the call's region, when it is the caller's own.
fn own_image<'t>(turn: &'t Turn<'_>, id: &ImageId) -> Result<&'t Image, Refusal> {
    check_image_id(id)?;
    let found = turn.world.image_in(&turn.call.region, id);
    let (owner, image) = found.ok_or_else(|| image_not_found(id))?;
    if owner != turn.caller || image.public {
        let message = format!("The image `{id}` does not belong to this account.");
        return Err(Refusal::new("UnauthorizedOperation.ImageNotBelongToAccount", message));
    }
    Ok(image)
}

fn check_shareable(behaviour: &Behaviour, turn: &Turn<'_>, image: &Image) -> Result<(), Refusal> {
    if !is_normal(image, turn.now) {
        let code = match behaviour.wrong_state {
            WrongState::ParameterError => "InvalidParameterValue.InvalidImageState",
            WrongState::OperationError => "FailedOperation.InvalidImageState",
        };
        return Err(Refusal::new(code, "The image is in a state that does not allow this operation."));
    }
    let code = match image.obstacle {
        None => return Ok(()),
        Some(Obstacle::Byol) => "FailedOperation.BYOLImageShareFailed",
        Some(Obstacle::Locked) => "FailedOperation.QImageShareFailed",
        Some(Obstacle::Encrypted) => "UnsupportedOperation.EncryptedImagesNotSupported",
    };
    Err(Refusal::new(code, "The image cannot be shared."))
}

fn judge(behaviour: &Behaviour, turn: &Turn<'_>, image: &Image, modification: &Modification) -> Judged {
    let verdict = |account: &AccountId| match modification.permission {
        Permission::Share => sharing_with(behaviour, turn, image, account),
        Permission::Cancel => cancelling_for(behaviour, image, account),
    };
    let mut judged = Judged { good: BTreeSet::new(), first_refusal: None };
    for account in &modification.accounts {
        match verdict(account) {
            Ok(()) => drop(judged.good.insert(account.clone())),
            Err(refusal) => drop(judged.first_refusal.get_or_insert(refusal)),
        }
    }
    judged
}

fn sharing_with(
    behaviour: &Behaviour,
    turn: &Turn<'_>,
    image: &Image,
    account: &AccountId,
) -> Result<(), Refusal> {
    let (code, message) = if account == turn.caller {
        ("InvalidAccountIs.YourSelf", "The image cannot be shared with its owner.")
    } else if !is_account_id(account) || !turn.world.knows_account(account) {
        ("InvalidAccountId.NotFound", "The account does not exist.")
    } else if turn.world.accounts.is_collaborator(account) {
        ("FailedOperation.NotMasterAccount", "The account is not a main account.")
    } else if image.shares.contains_key(account) && behaviour.already_shared == AlreadyShared::Refused {
        ("FailedOperation.AccountAlreadyExists", "The image is shared with the account already.")
    } else {
        return Ok(());
    };
    Err(Refusal::new(code, message))
}

/// Who has the image can lose it, whatever has become of the account since.
fn cancelling_for(behaviour: &Behaviour, image: &Image, account: &AccountId) -> Result<(), Refusal> {
    let allowed = image.shares.contains_key(account)
        || (behaviour.cancel_unshared == CancelUnshared::Ok && is_account_id(account));
    let refusal = || Refusal::new("InvalidAccountId.NotFound", "The account does not exist.");
    allowed.then_some(()).ok_or_else(refusal)
}

/// Refuses the whole call when the image would be shared with too many.
fn check_room(
    behaviour: &Behaviour,
    image: &Image,
    judged: &Judged,
    permission: Permission,
) -> Result<(), Refusal> {
    let new = judged.good.iter().filter(|account| !image.shares.contains_key(*account)).count();
    let most = behaviour.accounts_per_image_max;
    if permission == Permission::Share && image.shares.len() + new > most {
        let message = format!("An image can be shared with at most {most} accounts.");
        return Err(Refusal::new("OverQuota", message));
    }
    Ok(())
}

fn apply(turn: &mut Turn<'_>, modification: &Modification, accounts: &BTreeSet<AccountId>) {
    match modification.permission {
        Permission::Share => turn.share(&modification.image, accounts),
        Permission::Cancel => turn.unshare(&modification.image, accounts),
    }
}
