//! `ModifyImageSharePermission` and `DescribeImageSharePermission`:
//! <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifyimagesharepermission>.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::params::{Params, missing};
use super::scenario::{BadAccount, Behaviour, FirstOf};
use super::{AVAILABLE, Answer, DEPRECATED, dry_run_passed, image_not_found, is_account_id};
use crate::cloud::Refusal;
use crate::ids::{AccountId, ImageId};
use crate::json::wrapped;
use crate::scenario::Redundant;
use crate::turn::Turn;
use crate::world::{Image, Obstacle};

/// Accounts to add, and accounts to remove, that a call looks at. It does not say a word about the others.
const ACCOUNTS_MAX: usize = 10;

/// A call as it was read: whom to give the image, whom to take it from.
struct Modification {
    image: ImageId,
    add: Vec<AccountId>,
    remove: Vec<AccountId>,
    dry_run: bool,
}

/// The accounts of a call, judged one by one.
#[derive(Default)]
struct Judged {
    add: Vec<AccountId>,
    remove: Vec<AccountId>,
    first_refusal: Option<Refusal>,
}

pub(super) fn modify(behaviour: &Behaviour, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let modification = Modification::read(params)?;
    let image = own_image(turn, &modification.image)?;
    if !modification.add.is_empty() {
        check_shareable(turn, image)?;
    }
    let judged = judge(behaviour, turn, image, &modification);
    check_room(behaviour, image, &judged)?;
    if modification.dry_run {
        return Err(judged.first_refusal.unwrap_or_else(dry_run_passed));
    }
    let spoilt = judged.first_refusal.is_some() && behaviour.bad_account == BadAccount::SpoilsTheCall;
    if !spoilt {
        apply(behaviour, turn, &modification.image, &judged);
    }
    let silent = behaviour.bad_account == BadAccount::SilentlyIgnored;
    judged.first_refusal.filter(|_| !silent).map_or_else(|| Ok(Map::new()), Err)
}

pub(super) fn describe(turn: &Turn<'_>, params: &mut Params) -> Answer {
    let id = ImageId::from(params.require("ImageId")?);
    let page = params.take_page()?;
    params.finish()?;
    let image = own_image(turn, &id)?;
    let share = |(account, since): (&AccountId, &jiff::Timestamp)| json!({"AliyunId": account, "SharedTime": since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()});
    let accounts: Vec<Value> = page.of(image.shares.iter()).map(share).collect();
    let groups: Vec<Value> = image.share_groups.iter().map(|group| json!({"Group": group})).collect();
    Ok(Map::from_iter([
        ("TotalCount".to_owned(), image.shares.len().into()),
        ("PageNumber".to_owned(), page.number.into()),
        ("PageSize".to_owned(), page.size.into()),
        ("RegionId".to_owned(), turn.call.region.as_str().into()),
        ("ImageId".to_owned(), id.as_str().into()),
        ("Accounts".to_owned(), wrapped("Account", accounts)),
        ("ShareGroups".to_owned(), wrapped("ShareGroup", groups)),
    ]))
}

impl Modification {
    fn read(params: &mut Params) -> Result<Self, Refusal> {
        let read = Self {
            image: ImageId::from(params.require("ImageId")?),
            add: take_accounts(params, "AddAccount"),
            remove: take_accounts(params, "RemoveAccount"),
            dry_run: params.take_flag("DryRun")?,
        };
        check_not_public(params)?;
        params.finish()?;
        if read.add.is_empty() && read.remove.is_empty() {
            return Err(missing("AddAccount"));
        }
        Ok(read)
    }
}

/// The first ten; the rest is dropped without a word, as documented.
fn take_accounts(params: &mut Params, name: &str) -> Vec<AccountId> {
    params.take_list(name).into_iter().take(ACCOUNTS_MAX).map(AccountId::from).collect()
}

/// Nobody publishes an image here.
fn check_not_public(params: &mut Params) -> Result<(), Refusal> {
    if params.take_flag("IsPublic")? {
        let message = "The current account has not signed \"Community Image Terms of Service\".";
        return Err(Refusal::new("PublicImageAgreement.NotSigned", message));
    }
    if params.take("LaunchPermission").is_some() {
        let message = "The specified parameter \"LaunchPermission\" is forbidden for current account.";
        return Err(Refusal::new("ForbiddenParameter.LaunchPermission", message));
    }
    Ok(())
}

/// The image in the call's region, when it is the caller's own.
pub(super) fn own_image<'t>(turn: &'t Turn<'_>, id: &ImageId) -> Result<&'t Image, Refusal> {
    let found = turn.world.image_in(&turn.call.region, id);
    let own = found.filter(|(owner, _)| *owner == turn.caller).map(|(_, image)| image);
    let image = own.ok_or_else(image_not_found)?;
    if image.public {
        return Err(Refusal::new("Image.Public", "The specified image is public image."));
    }
    Ok(image)
}

/// The code for a wrong state other than Deprecated stands on old copies of the page only; those of the first two
/// obstacles are ours.
fn check_shareable(turn: &Turn<'_>, image: &Image) -> Result<(), Refusal> {
    let (code, message) = match (image.state(turn.now), image.obstacle) {
        (AVAILABLE, None) => return Ok(()),
        (AVAILABLE, Some(Obstacle::Byol | Obstacle::Locked)) => {
            ("OperationDenied", "The specified image cannot be shared.")
        }
        (AVAILABLE, Some(Obstacle::Encrypted)) => (
            "InvalidOperation.ServiceKeyEncryptedImageUnsupported",
            "The specified service key encrypted image is not supported for this operation.",
        ),
        (DEPRECATED, _) => (
            "OperationDenied.InvalidImageStatus",
            "The specified image cannot be shared when it is deprecated.",
        ),
        _ => ("IncorrectImageStatus", "The current status of the resource does not support this operation."),
    };
    Err(Refusal::new(code, message))
}

fn judge(behaviour: &Behaviour, turn: &Turn<'_>, image: &Image, modification: &Modification) -> Judged {
    let mut judged = Judged::default();
    for account in &modification.add {
        match adding(behaviour, turn, image, account) {
            Ok(()) => judged.add.push(account.clone()),
            Err(refusal) => drop(judged.first_refusal.get_or_insert(refusal)),
        }
    }
    for account in &modification.remove {
        match removing(behaviour, image, account) {
            Ok(()) => judged.remove.push(account.clone()),
            Err(refusal) => drop(judged.first_refusal.get_or_insert(refusal)),
        }
    }
    judged
}

fn adding(behaviour: &Behaviour, turn: &Turn<'_>, image: &Image, account: &AccountId) -> Result<(), Refusal> {
    if account == turn.caller {
        // Spelt so by the vendor.
        return Err(Refusal::new("InvalidAccount.Forbbiden", "The specified Account does not yourself."));
    }
    let known = is_account_id(account)
        && turn.world.knows_account(account)
        && !turn.world.accounts.is_collaborator(account);
    let redundant = image.shares.contains_key(account) && behaviour.already_shared == Redundant::Refused;
    (known && !redundant).then_some(()).ok_or_else(|| account_not_found(behaviour, account))
}

/// Who has the image can lose it, whatever has become of the account since.
fn removing(behaviour: &Behaviour, image: &Image, account: &AccountId) -> Result<(), Refusal> {
    let allowed = image.shares.contains_key(account)
        || (behaviour.remove_unshared == Redundant::Ok && is_account_id(account));
    allowed.then_some(()).ok_or_else(|| account_not_found(behaviour, account))
}

/// The page has both sentences.
fn account_not_found(behaviour: &Behaviour, account: &AccountId) -> Refusal {
    let parameters = "\"AddAccount.n\" or \"RemoveAccount.n\"";
    let message = if behaviour.names_bad_account {
        format!("The specified account {account} in parameter {parameters} does not exist.")
    } else {
        format!("The specified parameter {parameters}  does not exist.")
    };
    Refusal::new("InvalidAccount.NotFound", message)
}

/// Refuses the whole call when the image would be shared with too many.
fn check_room(behaviour: &Behaviour, image: &Image, judged: &Judged) -> Result<(), Refusal> {
    let kept = image.shares.keys().filter(|account| !judged.remove.contains(account));
    let after: BTreeSet<&AccountId> = kept.chain(&judged.add).collect();
    let refusal = || Refusal::new("QuotaExceed.ShareImageUser", "The shared Image user Quota exceeds.");
    let room = judged.add.is_empty() || after.len() <= behaviour.accounts_per_image_max;
    room.then_some(()).ok_or_else(refusal)
}

fn apply(behaviour: &Behaviour, turn: &mut Turn<'_>, id: &ImageId, judged: &Judged) {
    match behaviour.first {
        FirstOf::Add => {
            turn.share(id, &judged.add);
            turn.unshare(id, &judged.remove);
        }
        FirstOf::Remove => {
            turn.unshare(id, &judged.remove);
            turn.share(id, &judged.add);
        }
    }
}
