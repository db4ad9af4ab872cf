//! What the config says shall be: names resolved, form checked, nothing asked of any cloud yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AccountId, AccountName, CloudName, Limits, ProviderName, Region, RuleName, Selection};

/// The whole config, resolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desired {
    /// The clouds that rules can name.
    pub clouds: BTreeMap<CloudName, Cloud>,
    /// Names of accounts, for people: cloud and id to name.
    pub account_names: BTreeMap<(CloudName, AccountId), AccountName>,
    /// How receivers can be asked and can accept: by the cloud whose images are shared, and the account's id there.
    pub receivers: BTreeMap<(CloudName, AccountId), Receiver>,
    /// What is checked before any call.
    pub fence: Fence,
    /// The rules, in the file's order.
    pub rules: Vec<Rule>,
    /// SHA-256 of the config's text, hex.
    pub digest: String,
}

impl Desired {
    /// The logins of this account that the config names.
    pub fn receiver(&self, cloud: &CloudName, account: &AccountId) -> Option<&Receiver> {
        self.receivers.get(&(cloud.clone(), account.clone()))
    }

    /// The name that the config gives to this account.
    pub fn account_name(&self, cloud: &CloudName, account: &AccountId) -> Option<&AccountName> {
        self.account_names.get(&(cloud.clone(), account.clone()))
    }
}

/// The logins of an account that receives shares: clouds of the same config, of the provider whose images it receives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receiver {
    /// Accepts shares for it.
    pub accept_with: Option<CloudName>,
    /// Is asked whether it sees what is shared with it.
    pub verify_with: Option<CloudName>,
}

/// A named login: one provider, one owner account, its regions.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// Its name in the config.
    pub name: CloudName,
    /// The provider that it is a cloud of.
    pub provider: ProviderName,
    /// Its regions, in the file's order, each once.
    pub regions: Vec<Region>,
    /// Another host to talk to.
    pub endpoint: Option<String>,
    /// Allow `http://` to hosts other than loopback.
    pub allow_plain_http: bool,
    /// Where the credentials are. Empty: the provider's own convention.
    pub credentials: BTreeMap<String, CredentialSource>,
    /// The limits in force: the provider's with `[clouds.X.limits]` over them.
    pub limits: Limits,
    /// `[clouds.X.settings]`, an object or `null`.
    pub settings: serde_json::Value,
    /// Where it is in the config.
    pub place: Place,
}

/// Where the value of a credential field is.
#[derive(Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// In the config itself; only for fields that are not secret.
    Plain(String),
    /// In this environment variable.
    Env(String),
    /// In this file, white space at its ends left out.
    File(String),
    /// Printed by this program: name and arguments; white space at the output's ends left out.
    Command(Vec<String>),
}

impl fmt::Debug for CredentialSource {
    /// Names the place; a plain value is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(_) => f.write_str("plain value"),
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{path}"),
            Self::Command(words) => write!(f, "command:{}", words.first().map_or("", String::as_str)),
        }
    }
}

/// Bounds that no rule can switch off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fence {
    /// Every account must be in `[accounts]`. The config's reader enforces it.
    pub only_known_accounts: bool,
    /// Shares that one run removes at most. `None`: no bound.
    pub max_removals: Option<u32>,
    /// Where it is in the config, if it is.
    pub place: Option<Place>,
}

/// One `[[share]]` table: images x regions x accounts, and its mode.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its unique name.
    pub name: RuleName,
    /// What it says for each cloud that it names.
    pub targets: Vec<Target>,
    /// Which images.
    pub images: Selection,
    /// The region in which its images are selected, to be copied into its targets' other regions. `None`: they are
    /// selected in each region for itself.
    pub copy_from: Option<Region>,
    /// Its accounts get the snapshots that its images are made of, too.
    pub with_snapshots: bool,
    /// What happens to accounts that it does not name.
    pub mode: Mode,
    /// Where it is in the config.
    pub place: Place,
}

/// What a rule says for one cloud.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The cloud.
    pub cloud: CloudName,
    /// In these regions.
    pub regions: Vec<Region>,
    /// With these accounts, by their ids on this cloud.
    pub accounts: BTreeSet<AccountId>,
}

/// What happens to accounts that have an image and that the rule does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// They keep it.
    #[default]
    Add,
    /// They lose it, unless another rule names them.
    Exact,
}

/// A place in the config.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
