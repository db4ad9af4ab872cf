//! Reproducible values from a seed and a label: draws, request ids, image ids.
//!
//! A digest instead of a random generator: the value depends on what it is for and not on the order in which
//! concurrent calls arrive, and it stays the same in every version of every library.

use sha2::{Digest, Sha256};

/// The SHA-256 of the seed and the parts; parts are length-prefixed, so `["a", "b"]` is not `["ab"]`.
pub(crate) fn seeded(seed: u64, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A draw in `0.0..1.0`, from 53 bits of the digest.
pub(crate) fn fraction(digest: &[u8; 32]) -> f64 {
    (leading_u64(digest) >> 11) as f64 / (1u64 << 53) as f64
}

/// A UUID-shaped text of the digest.
pub(crate) fn uuid(digest: &[u8; 32]) -> String {
    let hex = hex(&digest[..16]);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

/// `length` characters (at most 12) of `0-9a-z` from the digest.
pub(crate) fn base36(digest: &[u8; 32], length: usize) -> String {
    let mut rest = leading_u64(digest);
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        text.push(char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % 36) as usize]));
        rest /= 36;
    }
    text
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn leading_u64(digest: &[u8; 32]) -> u64 {
    digest[..8].iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
