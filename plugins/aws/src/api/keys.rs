//! Keys of the key management service: whose they are.
//!
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html>

use imgshare_sdk::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Ask, not_as_documented};
use crate::call::Service;

/// Who manages a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manager {
    /// The cloud: nobody else can be given the use of it.
    Cloud,
    /// The account that made it.
    Customer,
}

/// Asks what this key is; named by its ARN.
pub fn describe(key_arn: &str) -> Ask {
    Ask::new(Service::Kms, "DescribeKey", true).with("KeyId", key_arn)
}

/// Reads who manages it.
///
/// # Errors
///
/// `Malformed` when the answer does not say.
pub fn manager(answer: &Value) -> Result<Manager> {
    match answer["KeyMetadata"]["KeyManager"].as_str() {
        Some("AWS") => Ok(Manager::Cloud),
        Some("CUSTOMER") => Ok(Manager::Customer),
        _ => Err(not_as_documented()),
    }
}
