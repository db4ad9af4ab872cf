//! Which copies are encrypted, and with what.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{Error, ErrorKind, Region, Result};

/// The owner's wishes for copies, from a provider's settings `copy_encrypted` and `copy_kms_keys`. A copy is encrypted
/// with a key of the owner's, or as the cloud does it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyEncryption {
    /// Copies without a key are refused: for clouds that let nobody share what is encrypted with their own key.
    pub required: bool,
    /// The keys of the key management service, by the region of the copy.
    pub kms_keys: BTreeMap<String, String>,
}

impl CopyEncryption {
    /// The JSON Schema of the setting `copy_encrypted`, to stand among the properties of a provider's settings.
    pub fn required_schema() -> Value {
        json!({
            "type": "boolean",
            "default": false,
            "description": "Whether every copy has to be encrypted. A copy into a region without a key in copy_kms_keys is \
                            refused then: encrypted with the cloud's own key it could not be shared."
        })
    }

    /// The JSON Schema of the setting `copy_kms_keys`, likewise.
    pub fn kms_keys_schema() -> Value {
        json!({
            "type": "object",
            "additionalProperties": { "type": "string" },
            "default": {},
            "description": "Keys of the key management service, by region: copies into that region are encrypted with \
                            the key."
        })
    }

    /// The key for copies in this region. `None`: they are made as the cloud makes them.
    ///
    /// # Errors
    ///
    /// `Unsupported` when copies have to be encrypted and there is no key for this region.
    pub fn kms_key(&self, region: &Region) -> Result<Option<&String>> {
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
        let kms_keys = BTreeMap::from([("north-1".to_owned(), "fake-key".to_owned())]);
        for required in [false, true] {
            let encryption = CopyEncryption { required, kms_keys: kms_keys.clone() };
            assert_eq!(encryption.kms_key(&"north-1".into()), Ok(Some(&"fake-key".to_owned())));
            let other = encryption.kms_key(&"north-2".into());
            assert_eq!(
                other.map_err(|error| error.kind),
                if required { Err(ErrorKind::Unsupported) } else { Ok(None) }
            );
        }
    }
}
