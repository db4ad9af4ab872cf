//! Nobody but the user and root may be able to change what will be loaded.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// The first of the file and the folders above it that others may write to.
#[cfg(unix)]
pub(super) fn writable_by_others(file: &Path) -> Option<PathBuf> {
    file.ancestors()
        .find(|path| path.metadata().is_ok_and(|metadata| others_may_write(&metadata)))
        .map(Path::to_owned)
}

/// On other systems the folder's access list decides; it is the administrator's business.
#[cfg(not(unix))]
pub(super) fn writable_by_others(_file: &Path) -> Option<PathBuf> {
    None
}

#[cfg(unix)]
fn others_may_write(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (mode, owner, group) = (metadata.mode(), metadata.uid(), metadata.gid());
    // In a folder with the sticky bit, such as /tmp, nobody can replace what is somebody else's.
    let sticky_folder = metadata.is_dir() && mode & 0o1000 != 0;
    // A group with the owner's number is, by convention, the owner's own: nobody else is in it.
    let by_group = mode & 0o020 != 0 && group != owner;
    let by_world = mode & 0o002 != 0;
    !sticky_folder && (by_world || by_group)
}
