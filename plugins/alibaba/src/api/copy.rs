//! Copies of an image in other regions.
//!
//! <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-copyimage>

use imgshare_sdk::copying::{SOURCE_TAG, region_token, source_tag};
use imgshare_sdk::{CopyRequest, ImageId, Region};
use serde::Deserialize;

use super::Ask;

/// Characters that the name of a copy has at most.
pub const NAME_LENGTH_MAX: u32 = 128;

/// The new image, as the cloud names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NewImage {
    image_id: Option<String>,
}

/// Asks for a copy in one region, encrypted if there is a key for it. With a token, asking twice makes one copy.
pub fn copy(copy: &CopyRequest, to: &Region, kms_key: Option<&String>) -> Ask {
    let token = copy.token.as_ref().map(|token| region_token(token, to));
    Ask::new("CopyImage", token.is_some())
        .with("RegionId", &copy.source.region)
        .with("ImageId", &copy.source.id)
        .with("DestinationRegionId", to)
        .with_some("DestinationImageName", copy.name.as_ref())
        .with("Tag.1.Key", SOURCE_TAG)
        .with("Tag.1.Value", &source_tag(&copy.source))
        .with_some("Encrypted", kms_key.map(|_| true).as_ref())
        .with_some("KMSKeyId", kms_key)
        .with_some("ClientToken", token.as_ref())
}

/// Reads which image is being made. `None`: the cloud does not say.
pub fn copied(answer: NewImage) -> Option<ImageId> {
    answer.image_id.filter(|id| !id.is_empty()).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::ImageRef;

    fn image() -> ImageRef {
        ImageRef { region: "cn-hangzhou".into(), id: "m-1".into() }
    }

    fn ask(token: Option<&str>, to: &str) -> Ask {
        let request =
            CopyRequest { source: image(), regions: vec![], name: None, token: token.map(Into::into) };
        copy(&request, &to.into(), None)
    }

    #[test]
    fn a_copy_is_encrypted_only_with_a_key_of_the_owners() {
        let request = CopyRequest { source: image(), regions: vec![], name: None, token: None };
        let encryption = |key: Option<&String>| {
            let ask = copy(&request, &"cn-beijing".into(), key);
            ask.parameters
                .into_iter()
                .filter(|(name, _)| ["Encrypted", "KMSKeyId"].contains(&name.as_str()))
                .collect::<Vec<_>>()
        };
        assert_eq!(encryption(None), []);
        let with_key = [("Encrypted", "true"), ("KMSKeyId", "fake-key")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(encryption(Some(&"fake-key".to_owned())), with_key);
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
