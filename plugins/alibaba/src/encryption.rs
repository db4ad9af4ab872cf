//! Which copies are encrypted, and with what.

use std::collections::BTreeMap;

use imgshare_sdk::{Error, ErrorKind, Region, Result};

/// The owner's wishes. A copy is encrypted with a key of the owner's or not at all: the cloud refuses to share an image
/// that is encrypted with its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Encryption {
    /// Copies without a key are refused.
    pub(crate) required: bool,
    /// The keys, by the region of the copy.
    pub(crate) kms_keys: BTreeMap<String, String>,
}

impl Encryption {
    /// The key for copies in this region. `None`: they are made as the cloud makes them.
    ///
    /// # Errors
    ///
    /// When copies have to be encrypted and there is no key for this region.
    pub(crate) fn kms_key(&self, region: &Region) -> Result<Option<&String>> {
        match self.kms_keys.get(region.as_str()) {
            None if self.required => {
                let message = format!("no key to encrypt copies in {region} with");
                Err(Error::new(ErrorKind::Unsupported, message)
                    .with_hint(format!("add a key of {region} to `copy_kms_keys`")))
            }
            key => Ok(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_must_be_encrypted_is_refused_without_a_key_of_its_region() {
        let kms_keys = BTreeMap::from([("cn-beijing".to_owned(), "fake-key".to_owned())]);
        for required in [false, true] {
            let encryption = Encryption { required, kms_keys: kms_keys.clone() };
            assert_eq!(encryption.kms_key(&"cn-beijing".into()), Ok(Some(&"fake-key".to_owned())));
            let other = encryption.kms_key(&"cn-bejing".into());
            assert_eq!(
                other.map_err(|error| error.kind),
                if required { Err(ErrorKind::Unsupported) } else { Ok(None) }
            );
        }
    }
}
