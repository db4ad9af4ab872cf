//! `imgshare providers new`

mod files;
mod name;
mod place;
mod source;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use imgshare_host::LIBRARY_SUFFIX;

use self::files::File;
use self::name::Name;
use self::place::{Around, Place};
use self::source::Source;
use crate::failure::Failure;
use crate::out;
use crate::text::style::{BOLD, DIM};

/// Write a crate for a new provider
///
/// What is written builds and keeps every promise of a provider, for a made-up cloud; fill in yours. Within imgshare's
/// workspace it becomes a folder of plugins/ and takes its dependencies from there; elsewhere it is a crate of its own.
/// Nothing that exists is overwritten.
#[derive(Debug, Args)]
pub(super) struct New {
    /// What configs will call the provider: a-z, 0-9 and dashes
    #[arg(value_name = "NAME")]
    name: String,

    /// The folder to make it in [default: plugins/ of imgshare's workspace, or else the current folder]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,

    /// Where imgshare-sdk comes from: a checkout of imgshare, or the address of a git repository [default: imgshare's own
    /// repository]
    #[arg(long, value_name = "PATH|URL", env = "IMGSHARE_SDK")]
    sdk: Option<String>,
}

impl New {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let name = Name::parse(&self.name)?;
        let place = Place::find(self.path.as_deref(), &name)?;
        let source = match place.around {
            Around::Imgshare => Source::Workspace,
            Around::OtherWorkspace | Around::Nothing => Source::parse(self.sdk.as_deref())?,
        };
        let files = files::of(&name, &place.around, &source);
        write(&place.folder, &files)?;
        out::data(&told(&name, &place, &files));
        Ok(0)
    }
}

fn write(folder: &Path, files: &[File]) -> Result<(), Failure> {
    let parent = folder.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).map_err(|error| cannot_write(parent, &error))?;
    // Fails when somebody has made it meanwhile, so nothing below it can be overwritten.
    std::fs::create_dir(folder).map_err(|error| cannot_write(folder, &error))?;
    files.iter().try_for_each(|file| {
        let path = folder.join(file.path);
        write_one(&path, &file.text).map_err(|error| cannot_write(&path, &error))
    })
}

fn write_one(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(path))?;
    std::fs::File::create_new(path)?.write_all(text.as_bytes())
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
        .hint("name a folder that you may write to with --path DIR")
}

fn told(name: &Name, place: &Place, files: &[File]) -> String {
    let lines: usize = files.iter().map(|file| file.text.lines().count()).sum();
    let list: String = files.iter().map(told_file).collect();
    format!(
        "{BOLD}{}{BOLD:#}\n{list}\n{lines} lines to read. Then:\n{}",
        place.folder.display(),
        next(name, place)
    )
}

fn told_file(file: &File) -> String {
    format!("  {:<21} {DIM}{}{DIM:#}\n", file.path, file.about)
}

fn next(name: &Name, place: &Place) -> String {
    let library = format!("{}{}{LIBRARY_SUFFIX}", std::env::consts::DLL_PREFIX, name.snake());
    let build = match place.around {
        Around::Imgshare => format!("cargo build -p {name}"),
        Around::OtherWorkspace | Around::Nothing => format!("cd {}\n  cargo build", place.shown.display()),
    };
    format!("  {build}\n  imgshare providers test target/debug/{library}\n")
}
