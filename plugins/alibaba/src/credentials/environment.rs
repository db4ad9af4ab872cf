//! The environment variables that the cloud's own tools read.

use imgshare_sdk::credentials::KeyVariables;
use imgshare_sdk::{Context, Result, try_join};

use super::way::{Base, Oidc, Way};
use crate::api::sts::Role;

/// Holds the token of a temporary key.
pub(crate) const SECURITY_TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// Hold the access key.
pub(crate) const VARIABLES: KeyVariables = KeyVariables {
    id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    token: Some(SECURITY_TOKEN),
};

/// Names the profile in the tools' files.
pub(super) const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
/// `true`: the command line's file is not read.
pub(super) const CLI_PROFILE_DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
/// Names the SDKs' file.
pub(super) const CREDENTIALS_FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
/// Names the server's role.
pub(super) const ECS_METADATA: &str = "ALIBABA_CLOUD_ECS_METADATA";
/// `true`: the metadata service is not asked.
pub(super) const ECS_METADATA_DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
/// `true`: the metadata service is asked with a token only.
pub(super) const IMDSV1_DISABLED: &str = "ALIBABA_CLOUD_IMDSV1_DISABLED";
/// Names the region whose token service is asked.
pub(super) const STS_REGION: &str = "ALIBABA_CLOUD_STS_REGION";
/// `true`: the token service is reached from a VPC.
pub(super) const VPC_ENDPOINT_ENABLED: &str = "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED";

const ROLE_ARN: &str = "ALIBABA_CLOUD_ROLE_ARN";
const ROLE_SESSION_NAME: &str = "ALIBABA_CLOUD_ROLE_SESSION_NAME";
const OIDC_PROVIDER_ARN: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const OIDC_TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// The place of an identity provider's token, for people.
pub(super) const OIDC_PLACE: &str = "environment variables ALIBABA_CLOUD_ROLE_ARN, \
                                     ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// A role to take on with an identity provider's token. `None`: not all three that it needs are set; each of them also
/// serves other purposes.
///
/// # Errors
///
/// When the host does not tell.
pub(super) async fn find_oidc(cx: &Context) -> Result<Option<Way>> {
    let (arn, provider_arn, token_file, session_name) = try_join!(
        cx.env(ROLE_ARN),
        cx.env(OIDC_PROVIDER_ARN),
        cx.env(OIDC_TOKEN_FILE),
        cx.env(ROLE_SESSION_NAME)
    )?;
    let (Some(arn), Some(provider_arn), Some(token_file)) = (arn, provider_arn, token_file) else {
        return Ok(None);
    };
    let role = Role { arn, session_name, ..Role::default() };
    Ok(Some(Way::new(Base::Oidc(Oidc { provider_arn, token_file, role }), OIDC_PLACE)))
}

/// Whether a switch is on.
///
/// # Errors
///
/// When the host does not tell.
pub(super) async fn is_true(cx: &Context, name: &str) -> Result<bool> {
    Ok(cx.env(name).await?.is_some_and(|value| value.eq_ignore_ascii_case("true")))
}
