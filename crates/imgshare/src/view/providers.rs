//! The plugins that were found.

use std::collections::BTreeSet;
use std::path::PathBuf;

use imgshare_host::{Candidate, Plugin, Refusal, RefusalKind, Shelf};
use imgshare_protocol::{Description, ProviderName};
use serde::{Serialize, Serializer};

use super::FORMAT;

/// What `providers` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Providers {
    format: u32,
    /// The folders that were looked through.
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) providers: Vec<Usable>,
    pub(crate) refused: Vec<Refused>,
}

/// A plugin that can be used, and what it says of itself.
#[derive(Debug, Serialize)]
pub(crate) struct Usable {
    pub(crate) file: PathBuf,
    /// SHA-256 of the file, hex: made only when it is printed.
    #[serde(rename = "sha256", serialize_with = "sha256")]
    candidate: Option<Candidate>,
    /// The boundary version that it speaks.
    boundary: u32,
    /// The version of the SDK that it was built with.
    pub(crate) sdk: String,
    /// The compiler that built it.
    pub(crate) rustc: String,
    #[serde(flatten)]
    pub(crate) description: Description,
}

/// A file that is not used.
#[derive(Debug, Serialize)]
pub(crate) struct Refused {
    pub(crate) file: PathBuf,
    /// The provider that it claims to be, by its passport or its name.
    pub(crate) name: ProviderName,
    /// Why, as a word.
    pub(crate) kind: RefusalKind,
    /// Why, and what to do: one sentence.
    pub(crate) reason: String,
    /// More than most want to read.
    pub(crate) detail: Option<String>,
}

impl Providers {
    /// Loads every plugin of these folders; one that is refused does not stop the others.
    pub(crate) fn of(shelf: &Shelf) -> Self {
        let (sound, broken): (Vec<_>, Vec<_>) =
            shelf.candidates().iter().partition(|candidate| candidate.passport().is_ok());
        let mut all = Self {
            format: FORMAT,
            folders: shelf.folders().to_vec(),
            providers: Vec::new(),
            refused: broken.iter().filter_map(|candidate| Refused::file(candidate)).collect(),
        };
        let names: BTreeSet<ProviderName> = sound.iter().map(|candidate| candidate.claims()).collect();
        for name in names {
            match shelf.load(&name) {
                Ok(plugin) => all.providers.push(Usable::new(plugin, &sound)),
                Err(refusal) => all.refused.push(Refused::new(name, refusal)),
            }
        }
        all
    }
}

impl Usable {
    fn new(plugin: Plugin, candidates: &[&Candidate]) -> Self {
        let is_this = |candidate: &&&Candidate| candidate.claims() == plugin.description.name;
        let candidate = candidates.iter().find(is_this);
        Self {
            candidate: candidate.map(|candidate| (*candidate).clone()),
            file: plugin.path,
            boundary: plugin.passport.boundary,
            sdk: plugin.passport.sdk,
            rustc: plugin.passport.rustc,
            description: plugin.description,
        }
    }
}

fn sha256<S: Serializer>(candidate: &Option<Candidate>, serializer: S) -> Result<S::Ok, S::Error> {
    candidate.as_ref().and_then(Candidate::sha256).serialize(serializer)
}

impl Refused {
    fn file(candidate: &Candidate) -> Option<Self> {
        let refusal = candidate.passport().err()?;
        Some(Self::new(candidate.claims(), refusal.clone()))
    }

    fn new(name: ProviderName, refusal: Refusal) -> Self {
        let Refusal { path, kind, sentence, detail } = refusal;
        Self { file: path, name, kind, reason: sentence, detail }
    }
}
