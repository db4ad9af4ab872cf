//! Loads a library that has been inspected. It is never unloaded.

use std::path::PathBuf;

use imgshare_abi::{Frame, RootHeader, RootRef};
use imgshare_protocol::{Description, End, Error, ErrorKind};

use super::inspect::Inspected;
use super::passport::Passport;
use super::refusal::{Refusal, RefusalKind};

/// A loaded plugin.
#[derive(Clone)]
pub struct Plugin {
    /// The file, as an absolute path without links.
    pub path: PathBuf,
    /// What it said of itself before it was loaded.
    pub passport: Passport,
    /// What it says of itself now.
    pub description: Description,
    pub(crate) root: RootRef,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("path", &self.path)
            .field("passport", &self.passport)
            .finish_non_exhaustive()
    }
}

impl Plugin {
    pub(super) fn load(file: &Inspected) -> Result<Self, Refusal> {
        let root = root_of(file)?;
        let description = describe(root).map_err(|error| {
            let sentence = format!("it cannot say what it is ({error}); report this to the plugin's author");
            Refusal::new(&file.path, RefusalKind::CannotDescribe, sentence)
        })?;
        Ok(Self { path: file.path.clone(), passport: file.passport.clone(), description, root })
    }
}

#[cfg(unix)]
#[expect(unsafe_code, reason = "loading a library runs its code")]
fn open(path: &std::path::Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: the library's initialisers run. That somebody trusts this file is what putting it into the plugin folder
    // means; that only they could put it there was checked, and that it is whole.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Into::into)
}

#[cfg(not(unix))]
#[expect(unsafe_code, reason = "loading a library runs its code")]
fn open(path: &std::path::Path) -> Result<libloading::Library, libloading::Error> {
    // SAFETY: as on unix.
    unsafe { libloading::Library::new(path) }
}

#[expect(unsafe_code, reason = "the type of a symbol is the library's word")]
fn root_of(file: &Inspected) -> Result<RootRef, Refusal> {
    let path = &file.path;
    let library = open(path).map_err(|error| {
        let sentence = "the system cannot load it; rebuild it on this system (-vv says more)";
        Refusal::new(path, RefusalKind::CannotLoad, sentence).with_detail(error.to_string())
    })?;
    // SAFETY: the passport says that the symbol is version 1's root header; everything in it is checked next.
    let header =
        unsafe { library.get::<RootHeader>(imgshare_abi::ROOT_SYMBOL.as_bytes()) }.map(|symbol| *symbol);
    // Never unloaded: handles, vtables and static texts of the plugin may be anywhere by now.
    std::mem::forget(library);
    let header = header.map_err(|error| {
        let sentence =
            "it has a passport but exports no root; build it with export_provider! of imgshare-sdk";
        Refusal::new(path, RefusalKind::OtherLayout, sentence).with_detail(error.to_string())
    })?;
    imgshare_abi::root(header).map_err(|refusal| {
        let (imgshare_abi::Refusal::OtherAbi(detail)
        | imgshare_abi::Refusal::OtherLayout(detail)
        | imgshare_abi::Refusal::NoRoot(detail)) = refusal;
        let sentence = format!(
            "it claims boundary version {} but its layout is another one (-vv shows the difference); \
             rebuild it with a released imgshare-sdk",
            imgshare_abi::VERSION
        );
        Refusal::new(path, RefusalKind::OtherLayout, sentence).with_detail(detail)
    })
}

fn describe(root: RootRef) -> Result<Description, Error> {
    let frame: Frame = root.describe()();
    let malformed = |error: serde_json::Error| Error::new(ErrorKind::Malformed, error.to_string());
    match imgshare_protocol::read_json(frame.head()).map_err(malformed)? {
        End::Done { result } => result.read().map_err(malformed),
        End::Failed { error } => Err(error),
        End::Unknown => {
            Err(Error::new(ErrorKind::Unsupported, "it speaks of something newer; update imgshare"))
        }
    }
}
