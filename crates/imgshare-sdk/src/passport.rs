//! The passport: a text in the library that the host reads before any code of the library runs.

/// The passport's length in bytes; what is left over is blanks.
pub const PASSPORT_BYTES: usize = 512;

/// What the export macro knows of the crate that it stands in.
pub struct Passport {
    /// The provider's name.
    pub name: &'static str,
    /// The provider's version.
    pub version: &'static str,
    /// What a panic does in this library: `unwind` or `abort`.
    pub panic: &'static str,
}

/// The passport's text: one line of JSON.
///
/// # Panics
///
/// While compiling, when the text is too long.
pub const fn encode(passport: &Passport) -> [u8; PASSPORT_BYTES] {
    let parts = [
        "{\"imgshare\":\"provider\",\"boundary\":1,\"name\":\"",
        passport.name,
        "\",\"version\":\"",
        passport.version,
        "\",\"panic\":\"",
        passport.panic,
        "\",\"sdk\":\"",
        env!("CARGO_PKG_VERSION"),
        "\",\"rustc\":\"",
        env!("IMGSHARE_RUSTC"),
        "\"}",
    ];
    const { assert!(imgshare_abi::VERSION == 1, "the first part above names the boundary's version") };
    join(&parts)
}

const fn join(parts: &[&str]) -> [u8; PASSPORT_BYTES] {
    let mut text = [b' '; PASSPORT_BYTES];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut byte = 0;
        while byte < bytes.len() {
            text[at] = bytes[byte];
            at += 1;
            byte += 1;
        }
        part += 1;
    }
    text
}
