//! The passport that the SDK's export macro writes into a library.

use serde::{Deserialize, Serialize};

/// The section that holds it, by system.
pub(super) const SECTION: &str = if cfg!(target_os = "macos") {
    "__imgshare"
} else if cfg!(windows) {
    ".imgpass"
} else {
    ".imgshare_passport"
};

/// What a library says of itself before any of its code runs. Passports of other boundary versions may say less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passport {
    /// Always `provider`.
    pub imgshare: String,
    /// The boundary version that it speaks.
    pub boundary: u32,
    /// The provider's name.
    #[serde(default)]
    pub name: String,
    /// The plugin's version.
    #[serde(default)]
    pub version: String,
    /// What a panic does in it: `unwind` or `abort`.
    #[serde(default)]
    pub panic: String,
    /// The version of the SDK that it was built with.
    #[serde(default)]
    pub sdk: String,
    /// The compiler that built it.
    #[serde(default)]
    pub rustc: String,
}

impl Passport {
    /// Reads the section's bytes: JSON, then blanks. `None`: they are something else.
    pub(super) fn read(section: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(section).ok()?.trim_matches(['\0', ' ']);
        serde_json::from_str(text).ok().filter(|passport: &Self| passport.imgshare == "provider")
    }
}
