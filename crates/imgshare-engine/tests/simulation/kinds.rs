//! The clouds that cases are made of, and what is different about them.

/// A kind of cloud: the provider, and what its cloud calls things.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) regions: [&'static str; 3],
    /// What image ids begin with; eight digits follow.
    pub(crate) image: &'static str,
    /// What the ids of receivers begin with; two digits follow.
    pub(crate) account: &'static str,
    /// States in which an image cannot be shared.
    pub(crate) unready: &'static [&'static str],
    /// What the fields of the key are called, in the scenario and in the config; the second is secret.
    pub(crate) key: [&'static str; 2],
    /// What the field of a temporary key's token is called.
    pub(crate) token: &'static str,
    /// What lists, reads shares, changes shares.
    pub(crate) actions: [&'static str; 3],
    /// What makes a copy.
    pub(crate) copy: &'static str,
    /// The same copy, asked for twice, is made once.
    pub(crate) copies_once: bool,
    /// Codes that say that a credential is no longer good, or lacks a right.
    pub(crate) denials: &'static [&'static str],
    /// Where the scenario leaves the answer open: a key of `behaviour`, and what it may be.
    pub(crate) behaviours: &'static [(&'static str, &'static [&'static str])],
}

impl Kind {
    pub(crate) fn account(&self, number: u32) -> String {
        format!("{}{number:02}", self.account)
    }

    /// The key of the owner, visibly made up.
    pub(crate) fn key_id(&self) -> String {
        format!("FAKEID{}", self.name.to_uppercase())
    }

    pub(crate) fn secret(&self) -> String {
        format!("FakeSecretOf{}Simulated", self.name)
    }

    /// The token of a temporary key.
    pub(crate) fn token_text(&self) -> String {
        format!("FakeTokenOf{}Simulated", self.name)
    }
}

/// So many of [`KINDS`], the first, can copy.
pub(crate) const COPYING: usize = 2;

pub(crate) const KINDS: [Kind; 3] = [
    Kind {
        name: "tencent",
        regions: ["ap-nanjing", "ap-shanghai", "ap-guangzhou"],
        image: "img-",
        account: "1000500000",
        unready: &["CREATING", "CREATEFAILED", "SYNCING", "IMPORTFAILED"],
        key: ["secret_id", "secret_key"],
        token: "token",
        actions: ["DescribeImages", "DescribeImageSharePermission", "ModifyImageSharePermission"],
        copy: "SyncImages",
        copies_once: false,
        denials: &["AuthFailure.TokenFailure", "UnauthorizedOperation"],
        behaviours: &[
            ("bad_account", &["spoils-the-call", "good-ones-applied"]),
            ("already_shared", &["ok", "refused"]),
            ("cancel_unshared", &["ok", "refused"]),
            ("wrong_state", &["parameter-error", "operation-error"]),
        ],
    },
    Kind {
        name: "alibaba",
        regions: ["cn-hangzhou", "cn-shanghai", "cn-beijing"],
        image: "m-",
        account: "15000000000000",
        unready: &["Creating", "Waiting", "UnAvailable", "CreateFailed", "Deprecated"],
        key: ["access_key_id", "access_key_secret"],
        token: "security_token",
        actions: ["DescribeImages", "DescribeImageSharePermission", "ModifyImageSharePermission"],
        copy: "CopyImage",
        copies_once: true,
        denials: &["InvalidSecurityToken.Expired", "Forbidden.RAM"],
        behaviours: &[
            ("bad_account", &["spoils-the-call", "good-ones-applied", "silently-ignored"]),
            ("already_shared", &["ok", "refused"]),
            ("remove_unshared", &["ok", "refused"]),
            ("self_shared", &["told", "empty"]),
        ],
    },
    Kind {
        name: "ucloud",
        regions: ["cn-wlcb", "cn-sh2", "cn-bj2"],
        image: "compshareImage-",
        account: "550100",
        unready: &["Making", "Copying", "Reviewing", "Offline", "UnAvailable"],
        key: ["public_key", "private_key"],
        token: "security_token",
        actions: [
            "DescribeCompShareCustomImages",
            "DescribeCompShareImageShareAccounts",
            "ModifyCompShareImageShareAccount",
        ],
        copy: "CopyCompShareCustomImage",
        copies_once: false,
        denials: &["174", "299"],
        behaviours: &[
            ("already_shared", &["ok", "refused"]),
            ("remove_unshared", &["ok", "refused"]),
            ("zone", &["optional", "required", "ignored"]),
            ("empty_accounts", &["object", "list", "null", "left-out"]),
        ],
    },
];
