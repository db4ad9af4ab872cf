//! Every key that the reader knows, as data: the reader, the documentation and the example files are checked against it.

/// The keys of one kind of table.
#[derive(Debug)]
pub struct KeyList {
    /// The table's header with `X` for the user's own name; empty for the top of the file.
    pub section: &'static str,
    /// Its keys. Empty: the names are the user's or the provider's own; in `accounts.X` such names stand beside them.
    pub keys: &'static [&'static str],
}

pub(crate) const TOP: KeyList =
    KeyList { section: "", keys: &["clouds", "accounts", "groups", "fence", "share"] };

pub(crate) const CLOUD: KeyList = KeyList {
    section: "clouds.X",
    keys: &["provider", "regions", "endpoint", "allow_plain_http", "credentials", "limits", "settings"],
};

pub(crate) const LIMITS: KeyList = KeyList {
    section: "clouds.X.limits",
    keys: &[
        "images_per_page",
        "accounts_per_change",
        "accounts_per_image",
        "images_per_region",
        "calls_per_second",
        "add_and_remove_together",
        "bad_account_spoils_change",
    ],
};

/// Every other key of an account is the name of a provider or of a cloud.
pub(crate) const ACCOUNT: KeyList = KeyList { section: "accounts.X", keys: &["accept_with", "verify_with"] };

pub(crate) const FENCE: KeyList =
    KeyList { section: "fence", keys: &["only_known_accounts", "max_removals"] };

pub(crate) const SHARE: KeyList = KeyList {
    section: "share",
    keys: &["name", "cloud", "clouds", "images", "copy_from", "regions", "with", "with_snapshots", "mode"],
};

pub(crate) const IMAGES: KeyList = KeyList {
    section: "share.images",
    keys: &["ids", "name", "name_regex", "tags", "family", "newer_than", "newest", "all"],
};

const CREDENTIALS: KeyList = KeyList { section: "clouds.X.credentials", keys: &[] };
const CALLS_PER_SECOND: KeyList = KeyList { section: "clouds.X.limits.calls_per_second", keys: &[] };
const SETTINGS: KeyList = KeyList { section: "clouds.X.settings", keys: &[] };
const GROUPS: KeyList = KeyList { section: "groups", keys: &[] };

/// All tables of the file, in the order in which people read about them.
pub const KNOWN_KEYS: &[&KeyList] = &[
    &TOP,
    &CLOUD,
    &CREDENTIALS,
    &LIMITS,
    &CALLS_PER_SECOND,
    &SETTINGS,
    &ACCOUNT,
    &GROUPS,
    &FENCE,
    &SHARE,
    &IMAGES,
];
