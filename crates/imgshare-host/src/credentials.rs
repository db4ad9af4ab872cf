//! Fetches credential values from where the config says they are.

use std::collections::BTreeMap;

use imgshare_protocol::{Cloud, CredentialSource, Error, ErrorKind};

use crate::redact::Redactor;
use crate::world::World;

/// A credential field whose value could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialProblem {
    /// The field's name.
    pub field: String,
    /// Why not, and what to do.
    pub error: Error,
}

/// Fetches the values of a cloud's credential fields; each that is not in the config itself counts as a secret from
/// then on.
///
/// # Errors
///
/// All fields that could not be fetched, not only the first.
pub async fn resolve_credentials(
    cloud: &Cloud,
    world: &dyn World,
    redactor: &Redactor,
) -> Result<BTreeMap<String, String>, Vec<CredentialProblem>> {
    let (mut values, mut problems) = (BTreeMap::new(), Vec::new());
    for (field, source) in &cloud.credentials {
        match fetch(source, world).await {
            Ok(value) => {
                if !matches!(source, CredentialSource::Plain(_)) {
                    redactor.add(&value);
                }
                values.insert(field.clone(), value);
            }
            Err(error) => problems.push(CredentialProblem { field: field.clone(), error }),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

async fn fetch(source: &CredentialSource, world: &dyn World) -> Result<String, Error> {
    let value = match source {
        CredentialSource::Plain(value) => return Ok(value.clone()),
        CredentialSource::Env(name) => from_environment(name, world)?,
        CredentialSource::File(path) => from_file(path, world)?,
        CredentialSource::Command(words) => from_command(words, world).await?,
    };
    let value = value.trim();
    if value.is_empty() {
        return Err(invalid(format!("{source:?} is empty"), "put the value there"));
    }
    Ok(value.to_owned())
}

fn from_environment(name: &str, world: &dyn World) -> Result<String, Error> {
    let hint = format!("set {name}, or name another source in the config");
    world.env(name).ok_or_else(|| invalid(format!("environment variable {name} is not set"), hint))
}

fn from_file(path: &str, world: &dyn World) -> Result<String, Error> {
    let bytes = world.read_file(path)?.ok_or_else(|| {
        invalid(format!("file {path} does not exist"), "create it, or mend the path in the config")
    })?;
    String::from_utf8(bytes)
        .map_err(|_| invalid(format!("file {path} is not text"), "put the bare value into it"))
}

async fn from_command(words: &[String], world: &dyn World) -> Result<String, Error> {
    String::from_utf8(world.run_command(words).await?).map_err(|_| {
        invalid("the command printed something that is not text".to_owned(), "let it print the bare value")
    })
}

fn invalid(message: String, hint: impl Into<Box<str>>) -> Error {
    Error::new(ErrorKind::CredentialInvalid, message).with_hint(hint)
}
