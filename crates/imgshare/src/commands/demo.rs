//! `imgshare demo`

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;
use imgshare_cloudsim::{Meddling, Running, Scenario, demo_credentials, serve};
use serde_json::Value;
use tokio::process::Command;

use crate::args::PluginFolder;
use crate::failure::Failure;
use crate::out;
use crate::text::style::{BOLD, DIM, HINT};

/// The config that is walked through; `config/demo.toml` works against `imgshare simulator` as well.
const CONFIG: &str = include_str!("../../../../config/demo.toml");

/// Where that config expects the first simulated cloud; the others have the ports after it, in their order.
const CONFIG_PORT: u16 = 7070;

/// Walk through plan, apply and drift on a simulated cloud
///
/// Starts a simulated cloud in this process and runs imgshare's own commands against it. Needs no account, no network
/// and no config; everything is in a temporary folder that is removed at the end.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    plugins: PluginFolder,
}

impl Demo {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        let stage = Stage::set(&self.plugins).await?;
        stage.play().await?;
        Ok(0)
    }
}

/// A simulated cloud, a config for it, and this program to run on both.
struct Stage {
    cloud: Running,
    folder: tempfile::TempDir,
    program: PathBuf,
    /// The folder that `--plugins` names; without it the commands find their own.
    plugins: Option<PathBuf>,
}

impl Stage {
    async fn set(plugins: &PluginFolder) -> Result<Self, Failure> {
        let failed =
            |what: &str, error: String| Failure::new(format!("the demo cannot start: {what}: {error}"));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let cloud =
            serve(Scenario::demo(), address).await.map_err(|error| failed("simulator", error.to_string()))?;
        let folder = tempfile::tempdir().map_err(|error| failed("temporary folder", error.to_string()))?;
        std::fs::write(folder.path().join("imgshare.toml"), config_for(&cloud))
            .map_err(|error| failed("config", error.to_string()))?;
        let program = std::env::current_exe().map_err(|error| failed("program", error.to_string()))?;
        // The commands run in another folder, so the path has to be a whole one.
        let plugins = plugins.path().map(Path::canonicalize).transpose();
        let plugins = plugins.map_err(|error| failed("plugin folder", error.to_string()))?;
        Ok(Self { cloud, folder, program, plugins })
    }

    async fn play(&self) -> Result<(), Failure> {
        chapter(
            "Three simulated clouds are up. Their owner wants the golden images with the",
            "data team on all of them, and on one of them with nobody but two teams.",
        );
        out::data(&without_comments(CONFIG));
        self.run(&["plan"], 2).await?;

        chapter(
            "Make it so. Some images are still being made, so the run says 3: not",
            "everything could be done.",
        );
        self.run(&["apply", "--yes"], 3).await?;

        chapter("These images are ready now. The same command does what was left,", "and only that.");
        self.finish_the_images()?;
        self.run(&["apply", "--yes"], 0).await?;

        chapter("Again: nothing differs, so nothing is written.", "");
        self.run(&["apply", "--yes"], 0).await?;

        chapter("Somebody takes images away from a team in the clouds' consoles.", "Drift sees it.");
        self.take_a_share_away()?;
        self.run(&["drift"], 2).await?;

        chapter("And apply mends it.", "");
        self.run(&["apply", "--yes"], 0).await?;
        self.run(&["who", "data-team"], 0).await?;

        self.tell_the_end();
        Ok(())
    }

    async fn run(&self, words: &[&str], expected: i32) -> Result<(), Failure> {
        out::data(&format!("{DIM}${DIM:#} {BOLD}imgshare {}{BOLD:#}\n", words.join(" ")));
        let mut command = Command::new(&self.program);
        command
            .current_dir(self.folder.path())
            .args(words)
            .envs(demo_credentials().iter().map(|credential| (credential.env, credential.value)))
            .env("IMGSHARE_STATE", self.folder.path());
        if let Some(folder) = &self.plugins {
            command.env("IMGSHARE_PLUGINS", folder);
        }
        let status =
            command.status().await.map_err(|error| Failure::new(format!("cannot run imgshare: {error}")))?;
        let code = status.code().unwrap_or(-1);
        out::data(&format!("{DIM}exit code {code}{DIM:#}\n\n"));
        if code == expected {
            return Ok(());
        }
        Err(Failure::new(format!("the demo expected exit code {expected} here"))
            .hint("run it with `cargo xtask demo`, which puts the plugins beside the program"))
    }

    /// The clouds finish what they were making.
    fn finish_the_images(&self) -> Result<(), Failure> {
        self.cloud.endpoints().try_for_each(|(cloud, _)| self.cloud.finish_images(cloud).map_err(refused))
    }

    /// In each region somebody takes a new golden image away from its first receiver.
    fn take_a_share_away(&self) -> Result<(), Failure> {
        let state = self.cloud.state();
        for (cloud, _) in self.cloud.endpoints() {
            let owners = children(&state["clouds"][cloud]["owners"]);
            let regions = owners.flat_map(|(_, owner)| children(&owner["regions"]));
            for (_, region) in regions {
                let shared = children(&region["images"]).filter(|(_, image)| is_new_golden(image));
                if let Some((id, account)) =
                    shared.filter_map(|(id, image)| Some((id, first_account(image)?))).next()
                {
                    let image = id.into();
                    let account = account.into();
                    self.cloud.meddle(cloud, Meddling::RemoveShare { image, account }).map_err(refused)?;
                }
            }
        }
        Ok(())
    }

    fn tell_the_end(&self) {
        let audit = find_audit(self.folder.path());
        let lines = audit.map_or(0, |text| text.lines().count());
        out::data(&format!(
            "{HINT}That is all.{HINT:#} Each write left two lines in the audit record ({lines} here).\n\
             Next: `imgshare providers` shows the clouds that it knows, `config/minimal.toml` is a start\n\
             for a real one, and `imgshare simulator` serves this cloud for your own configs.\n"
        ));
    }
}

/// What happens next, in one line or two.
fn chapter(line: &str, more: &str) {
    let more = if more.is_empty() { String::new() } else { format!("  {more}\n") };
    out::data(&format!("{HINT}#{HINT:#} {line}\n{more}\n"));
}

fn without_comments(config: &str) -> String {
    let lines = config.lines().skip_while(|line| line.starts_with('#') || line.is_empty());
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines.map(|line| format!("  {DIM}{line}{DIM:#}\n")).collect::<String>() + "\n"
}

fn children(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn first_account(image: &Value) -> Option<&str> {
    image["shares"].get(0).and_then(Value::as_str)
}

/// One that the demo's rules are about in every cloud.
fn is_new_golden(image: &Value) -> bool {
    image["name"].as_str().is_some_and(|name| name.starts_with("golden-") && name.ends_with("1101"))
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn refused(error: imgshare_cloudsim::MeddlingError) -> Failure {
    Failure::new(format!("the simulator refuses: {error}"))
}

/// The config, with the clouds where they really are.
fn config_for(clouds: &Running) -> String {
    let ports = (CONFIG_PORT..).zip(clouds.endpoints());
    ports.fold(CONFIG.to_owned(), |config, (port, (_, endpoint))| {
        config.replace(&format!("http://127.0.0.1:{port}"), &endpoint)
    })
}

fn find_audit(folder: &Path) -> Option<String> {
    std::fs::read_to_string(folder.join("audit.jsonl")).ok()
}
