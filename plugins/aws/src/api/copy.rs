//! Copies of an image in other regions.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html>

use imgshare_sdk::copying::{SOURCE_TAG, region_token, source_tag};
use imgshare_sdk::{CopyRequest, ImageId, ImageRef, Region, Result};

use super::Ask;
use crate::call::Service;
use crate::xml::Element;

/// Characters that the name of a copy has at most.
pub const NAME_LENGTH_MAX: u32 = 128;

/// How copies are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Form<'a> {
    /// The key that they are encrypted with. `None`: as the cloud does it.
    pub kms_key: Option<&'a String>,
    /// They get the tags of their source.
    pub with_tags: bool,
}

/// Asks for a copy in one region; sent to that region. With a token, asking twice makes one copy.
pub fn copy(copy: &CopyRequest, name: &str, to: &Region, form: Form<'_>) -> Ask {
    let token = copy.token.as_ref().map(|token| region_token(token, to));
    Ask::new(Service::Ec2, "CopyImage", token.is_some())
        .with("SourceRegion", &copy.source.region)
        .with("SourceImageId", &copy.source.id)
        .with("Name", name)
        .with_some("ClientToken", token.as_ref())
        .with_some("Encrypted", form.kms_key.map(|_| true).as_ref())
        .with_some("KmsKeyId", form.kms_key)
        .with_some("CopyImageTags", form.with_tags.then_some(true).as_ref())
        .with("TagSpecification.1.ResourceType", "image")
        .with("TagSpecification.1.Tag.1.Key", SOURCE_TAG)
        .with("TagSpecification.1.Tag.1.Value", &source_tag(&copy.source))
}

/// Reads which image is being made. `None`: the cloud does not say.
///
/// # Errors
///
/// None.
pub fn copied(answer: Element<'_>) -> Result<Option<ImageId>> {
    Ok(answer.text("imageId").map(Into::into))
}

/// Asks for the one image that is to be copied.
pub fn describe_source(image: &ImageRef) -> Ask {
    Ask::new(Service::Ec2, "DescribeImages", true).with("ImageId.1", &image.id)
}

/// Reads its name. `None`: it has none, or there is no such image.
///
/// # Errors
///
/// None.
pub fn source_name(answer: Element<'_>) -> Result<Option<String>> {
    Ok(answer.items("imagesSet").next().and_then(|image| image.owned("name")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(ask: &Ask, name: &str) -> Option<String> {
        ask.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn request(token: Option<&str>) -> CopyRequest {
        CopyRequest {
            source: ImageRef { region: "us-east-1".into(), id: "ami-1".into() },
            regions: vec![],
            name: None,
            token: token.map(str::to_owned),
        }
    }

    #[test]
    fn a_copy_says_of_what_it_is_one_and_has_a_token_of_its_region() {
        let ask = |to: &str| copy(&request(Some("t")), "golden", &to.into(), Form::default());
        let (one, other) = (ask("eu-west-1"), ask("eu-west-2"));
        assert_eq!(parameter(&one, "TagSpecification.1.Tag.1.Value").as_deref(), Some("us-east-1/ami-1"));
        let token = parameter(&one, "ClientToken").unwrap();
        assert_eq!(token.len(), 64);
        assert_ne!(Some(token), parameter(&other, "ClientToken"));
        assert_eq!(parameter(&one, "Encrypted"), None);
        assert!(one.idempotent);
        assert!(!copy(&request(None), "golden", &"eu-west-1".into(), Form::default()).idempotent);
    }

    #[test]
    fn a_key_means_encryption() {
        let form = Form { kms_key: Some(&"alias/fake".to_owned()), with_tags: true };
        let ask = copy(&request(None), "golden", &"eu-west-1".into(), form);
        assert_eq!(parameter(&ask, "Encrypted").as_deref(), Some("true"));
        assert_eq!(parameter(&ask, "KmsKeyId").as_deref(), Some("alias/fake"));
        assert_eq!(parameter(&ask, "CopyImageTags").as_deref(), Some("true"));
    }
}
