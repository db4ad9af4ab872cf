//! From arguments to connected clouds: reads the config, loads the plugins that it names, connects.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use imgshare_config::{ConfigFile, Problems, near_miss};
use imgshare_engine::Clouds;
use imgshare_host::http::{Client, ClientOptions};
use imgshare_host::{Host, Pacing, Plugin, Redactor, Refusal, RefusalKind, RetryPolicy, Shelf, System};
use imgshare_plan::{Scope, Survey};
use imgshare_protocol::{CloudName, Description, Desired, Place, ProviderName, Region, RuleName, Timestamp};

use crate::args::{Files, Part, PluginFolder, Sites};
use crate::failure::Failure;
use crate::text::label::count;

/// The config and the plugins that it names, each as far as it is usable.
pub(crate) struct Groundwork {
    pub(crate) desired: Result<Desired, Problems>,
    pub(crate) plugins: BTreeMap<ProviderName, Result<Plugin, Refusal>>,
}

impl Groundwork {
    /// Reads the config and loads the plugins that it names. No cloud is asked.
    pub(crate) fn lay(files: &Files) -> Result<Self, Failure> {
        let text = read_config(files)?;
        let name = files.config.display().to_string();
        let file = match ConfigFile::parse(&name, &text) {
            Ok(file) => file,
            Err(problems) => return Ok(Self { desired: Err(problems), plugins: BTreeMap::new() }),
        };
        let shelf = Shelf::open(&folders(&files.plugins));
        let plugins: BTreeMap<_, _> =
            file.providers().into_iter().map(|name| (name.clone(), shelf.load(&name))).collect();
        let descriptions = plugins.iter().map(|(name, plugin)| (name.clone(), description(plugin))).collect();
        Ok(Self { desired: file.resolve(&descriptions), plugins })
    }
}

/// The config, resolved, with the plugins that it names.
pub(crate) struct Session {
    pub(crate) desired: Desired,
    pub(crate) plugins: BTreeMap<ProviderName, Plugin>,
    pub(crate) host: Host,
    pub(crate) scope: Scope,
}

impl Session {
    /// The session for a part of the config. No cloud is asked.
    pub(crate) fn open(files: &Files, part: &Part) -> Result<Self, Failure> {
        Self::over(Groundwork::lay(files)?, files, part.scope(), part.sites.concurrency)
    }

    /// The session for some clouds and regions, whatever the rules say of them. No cloud is asked.
    pub(crate) fn open_sites(files: &Files, sites: &Sites) -> Result<Self, Failure> {
        Self::over(Groundwork::lay(files)?, files, sites.scope(), sites.concurrency)
    }

    pub(crate) fn over(
        groundwork: Groundwork,
        files: &Files,
        scope: Scope,
        concurrency: u16,
    ) -> Result<Self, Failure> {
        let desired = groundwork.desired.map_err(|problems| config_failure(&problems))?;
        let plugins = groundwork
            .plugins
            .into_iter()
            .filter_map(|(name, plugin)| plugin.ok().map(|plugin| (name, plugin)))
            .collect();
        check_scope(&scope, &desired)?;
        Ok(Self { desired, plugins, host: host(files, concurrency)?, scope })
    }

    /// All regions of the scope's clouds, whatever the rules say.
    pub(crate) fn sites(&self) -> BTreeSet<(CloudName, Region)> {
        self.sites_of(|cloud| self.scope.has_cloud(cloud))
    }

    /// The same, with the clouds with which receivers of the scope's images accept and look.
    pub(crate) fn sites_with_receivers(&self) -> BTreeSet<(CloudName, Region)> {
        let owners =
            self.desired.clouds.keys().filter(|cloud| self.scope.has_cloud(cloud)).cloned().collect();
        let receivers = self.receivers_of(&owners);
        self.sites_of(|cloud| owners.contains(cloud) || receivers.contains(cloud))
    }

    fn sites_of(&self, wanted: impl Fn(&CloudName) -> bool) -> BTreeSet<(CloudName, Region)> {
        let clouds = self.desired.clouds.values().filter(|cloud| wanted(&cloud.name));
        let sites = clouds.flat_map(|cloud| {
            let regions = cloud.regions.iter().filter(|region| self.scope.has_region(region));
            regions.map(|region| (cloud.name.clone(), region.clone()))
        });
        sites.collect()
    }

    /// Connects the clouds that this scope is about, and those with which their receivers accept and look.
    pub(crate) async fn connect(&self) -> Clouds {
        let owners: BTreeSet<_> =
            self.scope.sites(&self.desired).into_iter().map(|(cloud, _)| cloud).collect();
        let receivers = self.receivers_of(&owners);
        self.connect_to(&owners.into_iter().chain(receivers).collect()).await
    }

    /// The clouds that are logins of receivers of these clouds' images.
    fn receivers_of(&self, owners: &BTreeSet<CloudName>) -> BTreeSet<CloudName> {
        let receivers = self.desired.receivers.iter().filter(|((owner, _), _)| owners.contains(owner));
        let logins = receivers.flat_map(|(_, receiver)| [&receiver.accept_with, &receiver.verify_with]);
        logins.flatten().cloned().collect()
    }

    /// Connects all clouds of the scope, whatever the rules say.
    pub(crate) async fn connect_all(&self) -> Clouds {
        self.connect_sites(self.sites()).await
    }

    /// Connects the clouds of these regions.
    pub(crate) async fn connect_sites(&self, sites: BTreeSet<(CloudName, Region)>) -> Clouds {
        let named = sites.into_iter().map(|(cloud, _)| cloud).collect();
        self.connect_to(&named).await
    }

    async fn connect_to(&self, named: &BTreeSet<CloudName>) -> Clouds {
        Clouds::connect(&self.desired, named, &self.host, &self.plugins).await
    }

    /// What this run is about, for those who ask what rules mean on the clouds' images.
    pub(crate) fn survey<'a>(&'a self, clouds: &'a Clouds, now: Timestamp) -> Survey<'a> {
        Survey { desired: &self.desired, descriptions: clouds.descriptions(), scope: &self.scope, now }
    }

    /// Where each rule is in the config.
    pub(crate) fn places(&self) -> BTreeMap<RuleName, Place> {
        self.desired.rules.iter().map(|rule| (rule.name.clone(), rule.place.clone())).collect()
    }

    /// The time, by the clock that plugins see.
    pub(crate) fn now(&self) -> Timestamp {
        self.host.world.now()
    }
}

/// The folders in which plugins are looked for.
pub(crate) fn folders(named: &PluginFolder) -> Vec<PathBuf> {
    if let Some(folder) = named.path() {
        return vec![folder.to_owned()];
    }
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("providers")));
    let of_user =
        directories::ProjectDirs::from("", "", "imgshare").map(|dirs| dirs.data_dir().join("providers"));
    beside.into_iter().chain(of_user).collect()
}

fn description(plugin: &Result<Plugin, Refusal>) -> Result<Description, String> {
    match plugin {
        Ok(plugin) => Ok(plugin.description.clone()),
        Err(refusal) if refusal.kind == RefusalKind::Missing => Err(refusal.sentence.clone()),
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
    std::fs::read_to_string(&files.config).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new(format!("there is no config {path}"))
            .hint("name the config with -c FILE, or try `imgshare demo`"),
        ErrorKind::InvalidData => {
            Failure::new(format!("the config {path} is not UTF-8 text")).hint("save the file as UTF-8")
        }
        ErrorKind::IsADirectory => {
            Failure::new(format!("the config {path} is a folder")).hint("name the file in it with -c FILE")
        }
        _ => Failure::new(format!("cannot read the config {path}: {error}")).hint("make the file readable"),
    })
}

fn config_failure(problems: &imgshare_config::Problems) -> Failure {
    let sum = count(problems.iter().count(), "problem");
    let text = problems.render(true);
    Failure::Rendered(format!("{}\n\n{sum} in the config; no cloud was asked\n", text.trim_end()))
}

/// A word that names nothing would make an empty run that looks like success.
fn check_scope(scope: &Scope, desired: &Desired) -> Result<(), Failure> {
    let unknown = |flag: &str, what: &str, name: &str, known: Vec<&str>| {
        let hint = match near_miss(name, known.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("the config has: {}", known.join(", ")),
        };
        Err(Failure::new(format!("{flag} names no {what} of the config: {name}")).hint(hint))
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

fn host(files: &Files, concurrency: u16) -> Result<Host, Failure> {
    let extra_ca_pem = files.ca_file().map(|path| {
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
        requests_in_flight_max: usize::from(concurrency),
        pacing: Pacing::default(),
    })
}
