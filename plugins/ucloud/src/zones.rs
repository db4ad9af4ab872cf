//! Which zones a listing has to name.
//!
//! The vendor's SDKs and reference want a zone with each listing; CompShare's own pages and command line send none. So
//! each zone is listed when the cloud names them, and otherwise the listing is asked for without one.

use imgshare_sdk::{ErrorKind, Region, Result};

use crate::api::zones;
use crate::client::Client;
use crate::settings::Zone;

/// The zones that a listing of CompShare images names one after the other, as the settings want it. Empty: it names none.
///
/// # Errors
///
/// Those of [`supported`].
pub(crate) async fn to_name(client: &Client<'_>, region: &Region, zone: &Zone) -> Result<Vec<String>> {
    match zone {
        Zone::All => supported(client, region).await,
        Zone::Named(_) | Zone::None => Ok(zone.name().into_iter().collect()),
    }
}

/// The zones of this region, asked for once per region. Empty: the cloud names none, or does not want to.
///
/// # Errors
///
/// When the cloud cannot be asked at all, so that a listing without a zone would fare no better, or might be wrongly
/// taken for the whole one.
async fn supported(client: &Client<'_>, region: &Region) -> Result<Vec<String>> {
    let make = || async {
        match client.ask(region, &zones::describe()).await {
            Ok(answer) => Ok((zones::zones(answer.value, region), None)),
            Err(error) if is_about_this_call(error.kind) => {
                tracing::warn!(%region, %error, "the zones are not known; listing without one");
                Ok((Vec::new(), None))
            }
            Err(error) => Err(error),
        }
    };
    client.cx.once(&format!("zones of {region}"), make).await
}

fn is_about_this_call(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::PermissionDenied | ErrorKind::Unsupported | ErrorKind::Unexpected)
}
