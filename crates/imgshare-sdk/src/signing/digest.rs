//! Digests and keyed digests.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// SHA-1 of these bytes. Broken for collisions; only for clouds whose signature asks for it.
pub fn sha1(bytes: impl AsRef<[u8]>) -> [u8; 20] {
    Sha1::digest(bytes).into()
}

/// SHA-256 of these bytes.
pub fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// MD5 of these bytes: a checksum, not a safeguard.
pub fn md5(bytes: impl AsRef<[u8]>) -> [u8; 16] {
    Md5::digest(bytes).into()
}

/// HMAC-SHA1 of these bytes with this key, of any length.
pub fn hmac_sha1(key: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> [u8; 20] {
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_ref()).expect("HMAC takes a key of any length");
    mac.update(bytes.as_ref());
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA256 of these bytes with this key, of any length.
pub fn hmac_sha256(key: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("HMAC takes a key of any length");
    mac.update(bytes.as_ref());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::hex;

    // FIPS 180-2 appendices A.1 and B.1; RFC 1321 A.5.
    #[test]
    fn digests_of_abc() {
        assert_eq!(hex(&sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(hex(&sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
    }

    // RFC 2202 case 2, RFC 4231 case 2.
    #[test]
    fn keyed_digests_with_a_short_key() {
        let text = "what do ya want for nothing?";
        assert_eq!(hex(&hmac_sha1("Jefe", text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(
            hex(&hmac_sha256("Jefe", text)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    // RFC 2202 case 6, RFC 4231 case 6.
    #[test]
    fn keyed_digests_with_a_key_longer_than_a_block() {
        let text = "Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(hex(&hmac_sha1([0xaa; 80], text)), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
        assert_eq!(
            hex(&hmac_sha256([0xaa; 131], text)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
