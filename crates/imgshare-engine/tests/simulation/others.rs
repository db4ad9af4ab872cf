//! What others do to the images, in the simulator's words.

use imgshare_cloudsim::{Clouds, Meddling};
use serde_json::json;

use crate::case::{Meddle, OWNER, created};
use crate::truth::Truth;

/// Hours after the first image of all at which an image that somebody adds was made: it is the newest.
const LATEST: u64 = 1000;

/// The tag by which one of the clouds' copies is recognised.
const SOURCE_TAG: &str = "imgshare-source";

impl Meddle {
    /// The word for it, the cloud and what is done there. `None`: there is nothing to do it to.
    pub(crate) fn meddling(&self, clouds: &Clouds) -> Option<(&'static str, &'static str, Meddling)> {
        Some(match self.clone() {
            Self::ExpireToken { cloud } => {
                ("token expired", cloud, Meddling::ExpireToken { owner: OWNER.into() })
            }
            Self::Delete { cloud, image } => {
                ("image deleted", cloud, Meddling::DeleteImage { image: image.as_str().into() })
            }
            Self::DeleteCopy { cloud } => (
                "copy deleted",
                cloud,
                Meddling::DeleteImage { image: any_copy(clouds, cloud)?.as_str().into() },
            ),
            Self::SetState { cloud, image, state } => {
                let (image, state) = (image.as_str().into(), state.to_owned());
                ("image changed", cloud, Meddling::SetState { image, state })
            }
            Self::Share { cloud, image, account } => {
                let (image, account) = (image.as_str().into(), account.as_str().into());
                ("share added", cloud, Meddling::AddShare { image, account })
            }
            Self::Unshare { cloud, image, account } => {
                let (image, account) = (image.as_str().into(), account.as_str().into());
                ("share removed", cloud, Meddling::RemoveShare { image, account })
            }
            Self::Add { cloud, region, name, copy_of } => {
                ("image added", cloud, add(region, &name, copy_of.as_deref()))
            }
        })
    }
}

fn any_copy(clouds: &Clouds, cloud: &str) -> Option<String> {
    let truth = Truth::of(clouds);
    let mut copies = truth.0.iter().filter(|(spot, look)| spot.cloud == cloud && look.copy_of.is_some());
    copies.next().map(|(spot, _)| spot.image.clone())
}

fn add(region: &str, name: &str, copy_of: Option<&str>) -> Meddling {
    let mut image = json!({"name": name, "created": created(LATEST)});
    if let Some(source) = copy_of {
        image["tags"] = json!({(SOURCE_TAG): source});
    }
    let added = json!({"do": "add-image", "owner": OWNER, "region": region, "image": image});
    serde_json::from_value(added).expect("it is a meddling")
}
