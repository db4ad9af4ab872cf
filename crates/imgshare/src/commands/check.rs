//! `imgshare check`

use clap::Args;
use futures_util::future::join_all;
use imgshare_config::Problems;
use imgshare_engine::Clouds;
use imgshare_host::{Plugin, Provider, Refusal};
use imgshare_protocol::{CloudName, Desired, ImageQuery, ProviderName, Region};

use crate::args::{Files, Form, Format, Sites};
use crate::failure::Failure;
use crate::session::{Groundwork, Session};
use crate::signals::{INTERRUPTED, unless_interrupted};
use crate::text::label::count;
use crate::view::check::{About, Check as View, Finding};
use crate::{out, text};

/// Check config, plugins and credentials
///
/// Looks whether the config is right, whether the plugins that it names can be used and whether credentials are there,
/// and names everything that is not. Asks no cloud, unless --online. Exits with 0 when all is in order, else with 1.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Also list one page of images in each region
    #[arg(long)]
    online: bool,

    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    sites: Sites,

    #[command(flatten)]
    files: Files,
}

impl Check {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        let Some(view) = unless_interrupted(self.look()).await else { return Ok(INTERRUPTED) };
        let view = view?;
        match self.form.format {
            Format::Json => out::json(&view),
            Format::Text => out::data(&text::check::render(&view)),
        }
        Ok(u8::from(!view.ok))
    }

    async fn look(&self) -> Result<View, Failure> {
        let groundwork = Groundwork::lay(&self.files)?;
        let mut findings = vec![self.config(&groundwork.desired)];
        findings.extend(groundwork.plugins.iter().map(|(name, plugin)| plugin_finding(name, plugin)));
        if groundwork.desired.is_ok() {
            let session = Session::over(groundwork, &self.files, self.sites.scope(), self.sites.concurrency)?;
            findings.extend(self.clouds(&session).await);
        }
        Ok(View::new(findings))
    }

    fn config(&self, desired: &Result<Desired, Problems>) -> Finding {
        let file = self.files.config.display();
        match desired {
            Ok(desired) => Finding::fine(About::Config, &file, contents(desired)),
            Err(problems) => {
                let message = count(problems.iter().count(), "problem");
                Finding {
                    problems: problems.iter().cloned().collect(),
                    rendered: Some(problems.render(true)),
                    ..Finding::bad(About::Config, &file, message)
                }
            }
        }
    }

    async fn clouds(&self, session: &Session) -> Vec<Finding> {
        let sites = session.sites_with_receivers();
        let clouds = session.connect_sites(sites.clone()).await;
        let mut findings = Vec::new();
        for name in clouds.names() {
            let credentials = credentials(&clouds, name, self.online).await;
            let found = credentials.ok;
            findings.push(credentials);
            if let (true, true, Ok(provider)) = (self.online, found, clouds.provider(name)) {
                let regions = sites.iter().filter(|(cloud, _)| cloud == name);
                findings.extend(join_all(regions.map(|(_, region)| answers(provider, name, region))).await);
            }
        }
        findings
    }
}

fn contents(desired: &Desired) -> String {
    let regions: usize = desired.clouds.values().map(|cloud| cloud.regions.len()).sum();
    format!(
        "{}, {}, {}",
        count(desired.clouds.len(), "cloud"),
        count(regions, "region"),
        count(desired.rules.len(), "rule")
    )
}

fn plugin_finding(name: &ProviderName, plugin: &Result<Plugin, Refusal>) -> Finding {
    match plugin {
        Ok(plugin) => {
            let message = format!("version {}, {}", plugin.description.version, plugin.path.display());
            Finding::fine(About::Plugin, name, message)
        }
        Err(refusal) => Finding::bad(About::Plugin, name, refusal.to_string()),
    }
}

async fn credentials(clouds: &Clouds, name: &CloudName, may_ask_network: bool) -> Finding {
    let found = match clouds.provider(name) {
        Ok(provider) => provider.find_credentials(may_ask_network).await.result,
        Err(error) => Err(error),
    };
    let finding = match found {
        Ok(found) => Finding::fine(About::Credentials, name, found.source),
        Err(error) => Finding::error(About::Credentials, name, error),
    };
    finding.at(name, None)
}

async fn answers(provider: &Provider, cloud: &CloudName, region: &Region) -> Finding {
    let query = ImageQuery { region: region.clone(), ..ImageQuery::default() };
    let finding = match provider.list_images(query).await.result {
        Ok(_) => Finding::fine(About::Region, cloud, "answers"),
        Err(error) => Finding::error(About::Region, cloud, error),
    };
    finding.at(cloud, Some(region))
}
