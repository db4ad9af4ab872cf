//! Where `clouds.yaml` and `secure.yaml` are, as the cloud's own tools look for them.
//!
//! The order is that of <https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html>: the file that
//! a variable names, the current folder, the user's, the system's. The first one that is there counts.

use imgshare_sdk::credentials::Looked;
use imgshare_sdk::{Context, Error, ErrorKind, Result};

use super::access::Access;
use super::texts::Texts;
use super::yaml::CloudsFile;

/// Folders, in order; behind the one that `XDG_CONFIG_HOME` names.
const FOLDERS: [&str; 4] = ["", "~/.config/openstack/", "/etc/xdg/openstack/", "/etc/openstack/"];

const SUFFIXES: [&str; 3] = [".yaml", ".yml", ".json"];

const CLOUDS: Kind = Kind { stem: "clouds", variable: "OS_CLIENT_CONFIG_FILE" };
const SECURE: Kind = Kind { stem: "secure", variable: "OS_CLIENT_SECURE_FILE" };

/// One of the two files.
struct Kind {
    stem: &'static str,
    variable: &'static str,
}

/// The login of this cloud; fields of the config count more than the files'.
///
/// # Errors
///
/// `CredentialInvalid` when there is no such cloud, or a file cannot be read.
pub(super) async fn of_cloud(cx: &Context, name: &str, over: &Texts) -> Result<Access> {
    let Some(Found { file, path }) = find(cx).await? else { return Err(no_file(name)) };
    let Some(entry) = file.entry(name) else { return Err(no_cloud(name, &path, &file)) };
    let texts = over.clone().over(entry.texts.clone());
    texts.entrust(cx);
    let place = place(&path, name);
    match &entry.profile {
        Some(profile) if !texts.has("auth_url") => Err(no_profile(profile, &place)),
        _ => Access::new(texts, place),
    }
}

/// The login of the only cloud that the files name.
///
/// # Errors
///
/// As [`of_cloud`].
pub(super) async fn of_the_only_cloud(cx: &Context, looked: &mut Looked) -> Result<Option<Access>> {
    match find(cx).await? {
        None => looked.push("clouds.yaml, here, in ~/.config/openstack and in /etc/openstack"),
        Some(Found { file, path }) => match file.only() {
            Some(name) => return of_cloud(cx, name, &Texts::default()).await.map(Some),
            None if file.names().is_empty() => looked.push(format!("{path} (it has no clouds)")),
            None => looked.push(format!("{path} (it has several clouds: {}; none is named)", file.names())),
        },
    }
    Ok(None)
}

struct Found {
    file: CloudsFile,
    /// The path of `clouds.yaml`; of `secure.yaml` when there is no other.
    path: String,
}

async fn find(cx: &Context) -> Result<Option<Found>> {
    let (clouds, secure) = (CLOUDS.find(cx).await?, SECURE.find(cx).await?);
    Ok(match (clouds, secure) {
        (Some(clouds), Some(secure)) => {
            Some(Found { file: clouds.file.under(secure.file), path: clouds.path })
        }
        (clouds, secure) => clouds.or(secure),
    })
}

impl Kind {
    async fn find(&self, cx: &Context) -> Result<Option<Found>> {
        for path in self.paths(cx).await? {
            if let Some(bytes) = cx.read_file(&path).await? {
                return Ok(Some(Found { file: CloudsFile::read(&bytes, &path)?, path }));
            }
        }
        Ok(None)
    }

    async fn paths(&self, cx: &Context) -> Result<Vec<String>> {
        let named = cx.env(self.variable).await?;
        let home = cx.env("XDG_CONFIG_HOME").await?.map(|folder| format!("{folder}/openstack/"));
        let [here, others @ ..] = FOLDERS.map(str::to_owned);
        let folders = [here].into_iter().chain(home).chain(others);
        let in_folders =
            folders.flat_map(|folder| SUFFIXES.map(|suffix| format!("{folder}{}{suffix}", self.stem)));
        Ok(named.into_iter().chain(in_folders).collect())
    }
}

fn place(path: &str, name: &str) -> String {
    format!("{path}, cloud `{name}`")
}

fn no_file(name: &str) -> Error {
    let message = format!("there is no clouds.yaml that could have the cloud `{name}`");
    invalid(message, "put it into ~/.config/openstack, or name it in OS_CLIENT_CONFIG_FILE")
}

fn no_cloud(name: &str, path: &str, file: &CloudsFile) -> Error {
    let message = format!("{path} has no cloud `{name}`; it has: {}", file.names());
    invalid(message, "name a cloud of that file")
}

fn no_profile(profile: &str, place: &str) -> Error {
    let message = format!(
        "the vendor's profile `{profile}` is not known, and without it `auth_url` is missing: {place}"
    );
    invalid(message, "write `auth_url` beside it")
}

fn invalid(message: String, hint: &str) -> Error {
    Error::new(ErrorKind::CredentialInvalid, message).with_hint(hint)
}
