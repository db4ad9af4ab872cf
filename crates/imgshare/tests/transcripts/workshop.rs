//! The shell of somebody who writes a provider: cargo, this imgshare and this checkout are there, the network is not.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use toml::Table;

use crate::checkout::{root, target, text};

/// An empty home folder outside of the workspace, and a shell in it.
pub(crate) struct Workshop {
    home: TempDir,
    /// Where the commands have led.
    folder: PathBuf,
    /// What the last ones printed to stdout.
    pub(crate) printed: String,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let folder = home.path().canonicalize().expect("it was just made");
        Self { home, folder, printed: String::new() }
    }

    /// Runs these commands where the last ones ended, with the variables that they have exported.
    pub(crate) fn run(&mut self, commands: &str) {
        let script = format!(
            "[ ! -e ~/exported ] || . ~/exported\n{commands}\nexport -p > ~/exported\npwd > ~/folder"
        );
        let mut shell = Command::new("sh");
        shell.args(["-euc", &script]).current_dir(&self.folder).env("HOME", self.home.path());
        let output = with_tools(&mut shell).output().expect("every system has sh");
        self.printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{commands}\n{}{errors}", self.printed);
        let folder = std::fs::read_to_string(self.home.path().join("folder")).expect("it was just written");
        self.folder = folder.trim_end().into();
    }

    /// A path from where the commands have led.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Replaces a text that the file has once.
    pub(crate) fn edit(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(old).count(), 1, "{file} has this once:\n{old}");
        std::fs::write(self.path(file), text.replace(old, new)).expect("an own file can be written to");
    }

    /// Lets cargo build this crate where the workspace is built, with the same versions: little is left to do then.
    pub(crate) fn borrow_what_is_built(&self) {
        let manifest: Table = text("Cargo.toml").parse().expect("the root manifest is TOML");
        let dev = Table::from_iter([("dev".to_owned(), manifest["profile"]["dev"].clone())]);
        let config = Table::from_iter([("profile".to_owned(), dev.into())]).to_string();
        std::fs::create_dir(self.path(".cargo")).expect("the folder can be written to");
        std::fs::write(self.path(".cargo/config.toml"), config).expect("the folder can be written to");
        std::fs::write(self.path("Cargo.lock"), text("Cargo.lock")).expect("the folder can be written to");
        self.borrow_target(Path::new(""));
    }

    /// Lets cargo build what is in this folder where the workspace is built.
    pub(crate) fn borrow_target(&self, folder: &Path) {
        let link = self.folder.join(folder).join("target");
        std::os::unix::fs::symlink(target(), link).expect("a link can be made");
    }
}

fn with_tools(command: &mut Command) -> &mut Command {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_imgshare"));
    let own = program.parent().expect("the binary is in a folder").to_owned();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&inherited)));
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "IMGSHARE_PLUGINS"] {
        command.env_remove(name);
    }
    command.env("PATH", path.expect("folders of PATH make a PATH")).env("IMGSHARE_SDK", root());
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_HOME", home_of("CARGO_HOME", ".cargo"));
    command.env("RUSTUP_HOME", home_of("RUSTUP_HOME", ".rustup"))
}

/// Where cargo and rustup keep their things when they are not told otherwise.
fn home_of(variable: &str, folder: &str) -> PathBuf {
    let of_user = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(folder);
    std::env::var_os(variable).map_or_else(of_user, PathBuf::from)
}
