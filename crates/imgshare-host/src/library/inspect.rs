//! Looks at a file without running anything of it. A library that is cut off would end the process while it is being
//! loaded, so all of this comes first.

use std::fs::File;
use std::path::{Path, PathBuf};

use object::read::{ReadCache, ReadRef};
use object::{Architecture, BinaryFormat, Object as _, ObjectKind, ObjectSection as _, ObjectSegment as _};

use super::passport::{Passport, SECTION};
use super::permissions::writable_by_others;
use super::refusal::{Refusal, RefusalKind};

/// A file that may be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inspected {
    /// Its absolute path, without links.
    pub(super) path: PathBuf,
    /// What it says of itself.
    pub(super) passport: Passport,
}

/// Checks everything that can be checked without loading.
pub(super) fn inspect(path: &Path) -> Result<Inspected, Refusal> {
    let real = regular_file(path)?;
    if let Some(loose) = writable_by_others(&real) {
        return Err(writable(path, &real, &loose));
    }
    let opened = File::open(&real).and_then(|file| Ok((file.metadata()?.len(), ReadCache::new(file))));
    let (length, content) = opened.map_err(|error| {
        Refusal::new(path, RefusalKind::Unreadable, format!("it cannot be read: {error}; make it readable"))
    })?;
    let passport = passport_of(path, &content, length)?;
    check_passport(path, &passport)?;
    Ok(Inspected { path: real, passport })
}

fn regular_file(path: &Path) -> Result<PathBuf, Refusal> {
    let real = path.canonicalize().map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let (kind, sentence) = if missing {
            (RefusalKind::Missing, "there is no such file; put the plugin there or mend the path".to_owned())
        } else {
            (RefusalKind::Unreadable, format!("it cannot be reached: {error}; make it readable"))
        };
        Refusal::new(path, kind, sentence)
    })?;
    if real.is_file() {
        return Ok(real);
    }
    let what = if real.is_dir() { "it is a folder" } else { "it is not a regular file" };
    Err(Refusal::new(path, RefusalKind::NotAFile, format!("{what}; a plugin is a single library file")))
}

fn writable(path: &Path, real: &Path, loose: &Path) -> Refusal {
    let what = if loose == real { "it".to_owned() } else { format!("its folder {}", loose.display()) };
    let sentence = format!(
        "{what} can be written to by other users, who could put their code there; run chmod go-w {}",
        loose.display()
    );
    Refusal::new(path, RefusalKind::WritableByOthers, sentence)
}

/// Reads only what it needs: headers, tables and the passport, not all the code of a library of some megabytes.
fn passport_of<'a>(path: &Path, content: impl ReadRef<'a>, length: u64) -> Result<Passport, Refusal> {
    if length == 0 {
        return Err(Refusal::new(path, RefusalKind::Empty, "the file is empty; copy the plugin again"));
    }
    let refuse = |kind, sentence: &str| Refusal::new(path, kind, sentence);
    let file = parse(path, content)?;
    if !of_this_processor(&file) {
        let sentence = format!(
            "it is made for {:?}, and this is {}; get the plugin for this kind of machine",
            file.architecture(),
            std::env::consts::ARCH
        );
        return Err(refuse(RefusalKind::OtherArchitecture, &sentence));
    }
    if file.kind() != ObjectKind::Dynamic {
        return Err(refuse(
            RefusalKind::NotALibrary,
            "it is a program or an object file and no dynamic library",
        ));
    }
    let beyond_the_end = |(at, size): (u64, u64)| at.checked_add(size).is_none_or(|end| end > length);
    if file.segments().any(|segment| beyond_the_end(segment.file_range())) {
        return Err(truncated(path));
    }
    let section = file.section_by_name(SECTION).and_then(|section| section.data().ok());
    section.and_then(Passport::read).ok_or_else(|| {
        refuse(RefusalKind::NoPassport, "it is a library, but no imgshare plugin; build it with imgshare-sdk")
    })
}

fn parse<'a, R: ReadRef<'a>>(path: &Path, content: R) -> Result<object::File<'a, R>, Refusal> {
    let (format, name) = if cfg!(target_os = "macos") {
        (BinaryFormat::MachO, "Mach-O")
    } else if cfg!(windows) {
        (BinaryFormat::Pe, "PE")
    } else {
        (BinaryFormat::Elf, "ELF")
    };
    let not_a_library = || {
        let sentence = format!("it is no {name} library; put only plugin files into the folder");
        Refusal::new(path, RefusalKind::NotALibrary, sentence)
    };
    // The magic is right and the rest does not hold together: most likely a copy that was cut off.
    let kind = object::FileKind::parse(content).map_err(|_| not_a_library())?;
    let file = object::File::parse(content).map_err(|error| match kind {
        object::FileKind::Elf32 | object::FileKind::Elf64 => truncated(path).with_detail(error.to_string()),
        _ => not_a_library().with_detail(error.to_string()),
    })?;
    if file.format() == format { Ok(file) } else { Err(not_a_library()) }
}

fn truncated(path: &Path) -> Refusal {
    Refusal::new(path, RefusalKind::Truncated, "the library is damaged or cut off; copy it again")
}

fn of_this_processor<'a>(file: &object::File<'a, impl ReadRef<'a>>) -> bool {
    let own = match std::env::consts::ARCH {
        "x86_64" => Architecture::X86_64,
        "x86" => Architecture::I386,
        "aarch64" => Architecture::Aarch64,
        "arm" => Architecture::Arm,
        "riscv64" => Architecture::Riscv64,
        "powerpc64" => Architecture::PowerPc64,
        "s390x" => Architecture::S390x,
        // The system's loader will say.
        _ => file.architecture(),
    };
    file.architecture() == own
        && file.is_64() == cfg!(target_pointer_width = "64")
        && file.is_little_endian() == cfg!(target_endian = "little")
}

fn check_passport(path: &Path, passport: &Passport) -> Result<(), Refusal> {
    if passport.boundary != imgshare_abi::VERSION {
        let which =
            if passport.boundary > imgshare_abi::VERSION { "update imgshare" } else { "update the plugin" };
        let sentence = format!(
            "it speaks boundary version {}, and this imgshare speaks version {}; {which}",
            passport.boundary,
            imgshare_abi::VERSION
        );
        return Err(Refusal::new(path, RefusalKind::OtherBoundary, sentence));
    }
    if passport.panic != "unwind" {
        let sentence = "it is built with panic = \"abort\", so a mistake in it would end the whole run; \
                        build it with panic = \"unwind\"";
        return Err(Refusal::new(path, RefusalKind::PanicAborts, sentence));
    }
    Ok(())
}
