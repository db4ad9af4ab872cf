//! From arguments to connected clouds: reads the config, loads the plugins that it names, connects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use imgshare_config::ConfigFile;
use imgshare_engine::Clouds;
use imgshare_host::http::{Client, ClientOptions};
use imgshare_host::{Host, Plugin, Redactor, RetryPolicy, Shelf, System};
use imgshare_plan::Scope;
use imgshare_protocol::{CloudName, Description, Desired, ProviderName, Timestamp};

use crate::args::{Files, Part, PluginFolder};
use crate::failure::Failure;

/// The config, resolved, with the plugins that it names.
pub(crate) struct Session {
    pub(crate) desired: Desired,
    pub(crate) plugins: BTreeMap<ProviderName, Plugin>,
    pub(crate) host: Host,
    pub(crate) scope: Scope,
}

impl Session {
    /// Reads the config and loads the plugins that it names. No cloud is asked.
    pub(crate) fn open(files: &Files, part: &Part) -> Result<Self, Failure> {
        let text = read_config(files)?;
        let name = files.config.display().to_string();
        let file = ConfigFile::parse(&name, &text).map_err(|problems| config_failure(&problems))?;
        let shelf = Shelf::open(&folders(&files.plugins));
        let loaded: BTreeMap<_, _> =
            file.providers().into_iter().map(|name| (name.clone(), shelf.load(&name))).collect();
        let descriptions: BTreeMap<ProviderName, Result<Description, String>> =
            loaded.iter().map(|(name, plugin)| (name.clone(), description(plugin))).collect();
        let desired = file.resolve(&descriptions).map_err(|problems| config_failure(&problems))?;
        let plugins = loaded
            .into_iter()
            .filter_map(|(name, plugin)| plugin.ok().map(|plugin| (name, plugin)))
            .collect();
        let scope = part.scope();
        check_scope(&scope, &desired)?;
        Ok(Self { desired, plugins, host: host(files, part)?, scope })
    }

    /// Connects the clouds that this scope is about.
    pub(crate) async fn connect(&self) -> Clouds {
        let named = self.scope.sites(&self.desired).into_iter().map(|(cloud, _)| cloud).collect();
        self.connect_to(&named).await
    }

    /// Connects these clouds.
    pub(crate) async fn connect_to(&self, named: &BTreeSet<CloudName>) -> Clouds {
        Clouds::connect(&self.desired, named, &self.host, &self.plugins).await
    }

    /// The time, by the clock that plugins see.
    pub(crate) fn now(&self) -> Timestamp {
        self.host.world.now()
    }
}

/// The folders in which plugins are looked for.
pub(crate) fn folders(named: &PluginFolder) -> Vec<PathBuf> {
    if let Some(folder) = &named.plugins {
        return vec![folder.clone()];
    }
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("providers")));
    let of_user =
        directories::ProjectDirs::from("", "", "imgshare").map(|dirs| dirs.data_dir().join("providers"));
    beside.into_iter().chain(of_user).collect()
}

fn description(plugin: &Result<Plugin, imgshare_host::Refusal>) -> Result<Description, String> {
    match plugin {
        Ok(plugin) => Ok(plugin.description.clone()),
        Err(refusal) if refusal.kind == imgshare_host::RefusalKind::Missing => Err(refusal.sentence.clone()),
        Err(refusal) => {
            if let Some(detail) = &refusal.detail {
                tracing::debug!("{}: {detail}", refusal.path.display());
            }
            Err(refusal.to_string())
        }
    }
}

fn read_config(files: &Files) -> Result<String, Failure> {
    let path = files.config.display();
    std::fs::read_to_string(&files.config).map_err(|error| {
        let failure = Failure::new(format!("cannot read the config {path}: {error}"));
        match error.kind() {
            std::io::ErrorKind::NotFound => {
                failure.hint("name the config with -c FILE, or try `imgshare demo`")
            }
            std::io::ErrorKind::InvalidData => failure.hint("save the file as UTF-8"),
            _ => failure.hint("make the file readable"),
        }
    })
}

fn config_failure(problems: &imgshare_config::Problems) -> Failure {
    let count = problems.iter().count();
    let sum = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
    let text = problems.render(true);
    Failure::rendered(format!("{}\n\n{sum} in the config; nothing was asked of any cloud\n", text.trim_end()))
}

/// A word that names nothing would make an empty run that looks like success.
fn check_scope(scope: &Scope, desired: &Desired) -> Result<(), Failure> {
    let unknown = |flag: &str, what: &str, name: &str, known: Vec<&str>| {
        Err(Failure::new(format!("{flag} names no {what} of the config: {name}"))
            .hint(format!("known: {}", known.join(", "))))
    };
    let rules: Vec<_> = desired.rules.iter().map(|rule| rule.name.as_str()).collect();
    if let Some(rule) = scope.rules.iter().find(|rule| !rules.contains(&rule.as_str())) {
        return unknown("--only", "rule", rule.as_str(), rules);
    }
    let clouds: Vec<_> = desired.clouds.keys().map(CloudName::as_str).collect();
    if let Some(cloud) = scope.clouds.iter().find(|cloud| !clouds.contains(&cloud.as_str())) {
        return unknown("--cloud", "cloud", cloud.as_str(), clouds);
    }
    let regions: BTreeSet<_> = desired.clouds.values().flat_map(|cloud| &cloud.regions).collect();
    if let Some(region) = scope.regions.iter().find(|region| !regions.contains(region)) {
        return unknown(
            "--region",
            "region",
            region.as_str(),
            regions.iter().map(|region| region.as_str()).collect(),
        );
    }
    Ok(())
}

fn host(files: &Files, part: &Part) -> Result<Host, Failure> {
    let extra_ca_pem = files.ca_file.as_ref().map(|path| {
        std::fs::read(path).map_err(|error| {
            Failure::new(format!("cannot read the CA file {}: {error}", path.display()))
                .hint("mend --ca-file")
        })
    });
    let options = ClientOptions { extra_ca_pem: extra_ca_pem.transpose()?, ..ClientOptions::default() };
    Ok(Host {
        transport: Arc::new(Client::new(options)),
        world: Arc::new(System),
        redactor: Arc::new(Redactor::default()),
        retry: RetryPolicy::default(),
        requests_in_flight_max: usize::from(part.concurrency),
    })
}
