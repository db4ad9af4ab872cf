//! Where the audit record is, and who runs this.

use std::path::Path;

use imgshare_engine::{Audit, RunInfo};

use crate::failure::Failure;
use crate::session::Session;
use crate::state::StateFolder;

/// Opens the record: this file, or the one in the state folder.
pub(crate) fn open(file: Option<&Path>, state: &StateFolder, session: &Session) -> Result<Audit, Failure> {
    let path = file.map_or_else(|| Ok(state.path()?.join("audit.jsonl")), |file| Ok(file.to_owned()))?;
    let info = RunInfo {
        run: session.host.world.nonce(),
        who: who(),
        config_digest: session.desired.digest.clone(),
    };
    Audit::open(&path, info).map_err(|error| {
        Failure::new(format!("cannot write the audit record {}: {error}", path.display()))
            .hint("name another file with --audit FILE")
    })
}

/// The user and the machine, as far as the environment tells.
pub(crate) fn who() -> String {
    let var = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = var("USER").or_else(|| var("USERNAME")).unwrap_or_else(|| "unknown".to_owned());
    let machine = var("HOSTNAME").or_else(|| var("COMPUTERNAME")).or_else(host_name);
    machine.map_or(user.clone(), |machine| format!("{user}@{machine}"))
}

fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/etc/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
