//! The token service: temporary keys of a role, for keys or for another provider's token.
//!
//! As the vendor's libraries call it: `alibabacloud_credentials/provider/ram_role_arn.py` in
//! <https://github.com/aliyun/credentials-python>, `credentials/providers/oidc.go` in
//! <https://github.com/aliyun/credentials-go>.

use serde::Deserialize;

use super::Ask;

/// The version of the service's API.
pub(crate) const VERSION: &str = "2015-04-01";

/// How long temporary keys are asked to last, in seconds, where nobody says.
const DURATION_SECONDS: u32 = 3600;

/// Who takes a role on, where nobody says.
const SESSION_NAME: &str = "imgshare";

/// A role to take on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Role {
    /// Its name in the cloud: `acs:ram::1234567890123456:role/baker`.
    pub(crate) arn: String,
    /// Under which name; shows in the cloud's audit log.
    pub(crate) session_name: Option<String>,
    /// For how long, in seconds.
    pub(crate) duration_seconds: Option<u32>,
    /// What it may do at most, as the cloud writes policies.
    pub(crate) policy: Option<String>,
    /// What the role's owner wants to hear.
    pub(crate) external_id: Option<String>,
    /// The region whose token service is asked.
    pub(crate) sts_region: Option<String>,
    /// The token service is reached from a VPC. `None`: nobody says.
    pub(crate) vpc: Option<bool>,
}

/// What the service answers.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Assumed {
    pub(crate) credentials: Temporary,
}

/// Temporary keys, as the token service and the metadata service write them.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Temporary {
    pub(crate) access_key_id: Option<String>,
    pub(crate) access_key_secret: Option<String>,
    pub(crate) security_token: Option<String>,
    pub(crate) expiration: Option<String>,
}

/// Asks for keys of this role; signed with the keys that may take it on.
pub(crate) fn assume(role: &Role) -> Ask {
    session("AssumeRole", role).with_some("ExternalId", role.external_id.as_ref())
}

/// Asks for keys of this role, for the token of an identity provider; not signed.
pub(crate) fn assume_with_oidc(role: &Role, provider_arn: &str, token: &str) -> Ask {
    session("AssumeRoleWithOIDC", role).with("OIDCProviderArn", provider_arn).with("OIDCToken", token)
}

fn session(action: &'static str, role: &Role) -> Ask {
    Ask::new(action, true)
        .with("RoleArn", &role.arn)
        .with("RoleSessionName", role.session_name.as_deref().unwrap_or(SESSION_NAME))
        .with("DurationSeconds", &role.duration_seconds.unwrap_or(DURATION_SECONDS))
        .with_some("Policy", role.policy.as_ref())
}
