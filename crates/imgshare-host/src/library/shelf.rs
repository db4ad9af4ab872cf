//! The plugin files of some folders.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use imgshare_protocol::ProviderName;
use sha2::{Digest as _, Sha256};

use super::inspect::{Inspected, inspect};
use super::load::Plugin;
use super::refusal::{Refusal, RefusalKind};

/// A file that may be a plugin. Nothing of it has been run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The file, as it was found.
    pub path: PathBuf,
    inspected: Result<Inspected, Refusal>,
    /// Made when somebody asks for it: most runs need none.
    sha256: OnceLock<Option<String>>,
}

impl Candidate {
    /// Looks at one file.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), inspected: inspect(path), sha256: OnceLock::new() }
    }

    /// What it says of itself, or why it is refused.
    ///
    /// # Errors
    ///
    /// The refusal, in one sentence.
    pub fn passport(&self) -> Result<&super::Passport, &Refusal> {
        self.inspected.as_ref().map(|file| &file.passport)
    }

    /// SHA-256 of the file's bytes, hex, if it is not refused and can still be read.
    pub fn sha256(&self) -> Option<&str> {
        let file = self.inspected.as_ref().ok()?;
        self.sha256.get_or_init(|| digest(&file.path).ok()).as_deref()
    }

    /// Loads it, for the rest of the process's life.
    ///
    /// # Errors
    ///
    /// The refusal, in one sentence.
    pub fn load(&self) -> Result<Plugin, Refusal> {
        self.inspected.as_ref().map_err(Clone::clone).and_then(Plugin::load)
    }

    /// The provider that it claims to be: by its passport, or else by its file name.
    pub fn claims(&self) -> ProviderName {
        match &self.inspected {
            Ok(file) => file.passport.name.as_str().into(),
            Err(_) => name_by_file(&self.path).into(),
        }
    }

    /// Whether it is of this provider, for all that is known; cargo writes the dash in a library's name as `_`.
    fn may_be(&self, provider: &ProviderName) -> bool {
        let claims = self.claims();
        let by_file = self.inspected.is_err() && claims.as_str() == provider.as_str().replace('-', "_");
        claims == *provider || by_file
    }
}

fn digest(path: &Path) -> std::io::Result<String> {
    let digest = Sha256::digest(std::fs::read(path)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn name_by_file(path: &Path) -> &str {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.strip_prefix(std::env::consts::DLL_PREFIX).unwrap_or(stem)
}

/// All files of the plugin folders that end as libraries do here.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    folders: Vec<PathBuf>,
    candidates: Vec<Candidate>,
}

impl Shelf {
    /// Looks through these folders, in this order; one that does not exist is empty. Runs nothing.
    pub fn open(folders: &[PathBuf]) -> Self {
        let candidates = folders.iter().flat_map(|folder| libraries_in(folder)).collect::<Vec<_>>();
        Self {
            folders: folders.to_vec(),
            candidates: candidates.iter().map(|path| Candidate::at(path)).collect(),
        }
    }

    /// The folders that were looked through.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The files found, by folder and name.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Loads the one plugin of this provider. Files of other providers, and what is wrong with them, do not matter.
    ///
    /// # Errors
    ///
    /// When there is none, when the only one is refused, or when two files claim the name.
    pub fn load(&self, provider: &ProviderName) -> Result<Plugin, Refusal> {
        let claiming: Vec<_> = self.candidates.iter().filter(|file| file.may_be(provider)).collect();
        let usable: Vec<_> = claiming.iter().filter(|file| file.inspected.is_ok()).collect();
        match (usable.as_slice(), claiming.as_slice()) {
            ([one], _) => one.load(),
            ([one, other, ..], _) => Err(name_taken(provider, one, other)),
            ([], [refused, ..]) => refused.load(),
            ([], []) => Err(self.missing(provider)),
        }
    }

    fn missing(&self, provider: &ProviderName) -> Refusal {
        let file = format!("{}{provider}{}", std::env::consts::DLL_PREFIX, super::LIBRARY_SUFFIX);
        let folders: Vec<_> = self.folders.iter().map(|folder| folder.display().to_string()).collect();
        let sentence = format!(
            "no plugin for provider {provider} in {}; put {file} there, or name its folder with --plugins",
            if folders.is_empty() { "any folder".to_owned() } else { folders.join(" or ") }
        );
        Refusal::new(Path::new(&file), RefusalKind::Missing, sentence)
    }
}

fn name_taken(provider: &ProviderName, one: &Candidate, other: &Candidate) -> Refusal {
    let sentence = format!(
        "it claims the provider {provider}, and so does {}; remove one of the two files",
        other.path.display()
    );
    Refusal::new(&one.path, RefusalKind::NameTaken, sentence)
}

fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_str().is_some_and(|path| path.ends_with(super::LIBRARY_SUFFIX)))
        .collect();
    paths.sort();
    paths
}
