//! Copies of an image in other regions.
//!
//! <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-copyimage>

use imgshare_sdk::signing::{hex, sha256};
use imgshare_sdk::{CopyRequest, ImageId, Region};
use serde::Deserialize;

use super::Ask;

/// The new image, as the cloud names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NewImage {
    image_id: Option<String>,
}

/// Asks for a copy in one region. With a token, asking twice makes one copy.
pub fn copy(copy: &CopyRequest, to: &Region) -> Ask {
    let token = copy.token.as_ref().map(|token| client_token(token, to));
    Ask::new("CopyImage", token.is_some())
        .with("RegionId", &copy.source.region)
        .with("ImageId", &copy.source.id)
        .with("DestinationRegionId", to)
        .with_some("DestinationImageName", copy.name.as_ref())
        .with_some("ClientToken", token.as_ref())
}

/// Another token for each region, since the cloud takes a token for one call: 64 ASCII characters, as many as it takes.
fn client_token(token: &str, to: &Region) -> String {
    hex(&sha256(format!("{token}/{to}")))
}

/// Reads which image is being made. `None`: the cloud does not say.
pub fn copied(answer: NewImage) -> Option<ImageId> {
    answer.image_id.filter(|id| !id.is_empty()).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::ImageRef;

    fn ask(token: Option<&str>, to: &str) -> Ask {
        let source = ImageRef { region: "cn-hangzhou".into(), id: "m-1".into() };
        let request = CopyRequest { source, regions: vec![], name: None, token: token.map(Into::into) };
        copy(&request, &to.into())
    }

    #[test]
    fn only_a_token_makes_asking_twice_harmless_and_each_region_has_its_own() {
        assert!(!ask(None, "cn-beijing").idempotent);
        let long = "x".repeat(200);
        let asks = [ask(Some(&long), "cn-beijing"), ask(Some(&long), "cn-shanghai")];
        let tokens = asks.map(|ask| ask.parameters.last().cloned().unwrap());
        assert_ne!(tokens[0], tokens[1]);
        assert!(tokens.iter().all(|(name, token)| name == "ClientToken" && token.len() == 64));
    }
}
