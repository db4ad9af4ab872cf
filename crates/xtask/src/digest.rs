//! Files in numbers.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, Result};

/// Size and checksum of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileFacts {
    pub(crate) bytes: usize,
    /// Lower-case hex.
    pub(crate) sha256: String,
}

/// Reads a whole file.
pub(crate) fn facts(path: &Path) -> Result<FileFacts> {
    let content = std::fs::read(path).map_err(|error| Failure::at(path, "read", error))?;
    let digest = Sha256::digest(&content);
    Ok(FileFacts { bytes: content.len(), sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_content() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("abc");
        std::fs::write(&file, "abc").expect("it can be written to");
        let facts = facts(&file).expect("it can be read");
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(facts, FileFacts { bytes: 3, sha256: known.to_owned() });
    }
}
