//! The signing toolbox: what cloud signatures are made of, as pure functions.

mod digest;
mod encoding;
mod query;

pub use digest::{hmac_sha1, hmac_sha256, md5, sha1, sha256};
pub use encoding::{base64, content_md5, hex, percent_encode, unbase64};
pub use query::{canonical_query, query};
