//! Exchanges with a cloud, recorded as text that people can read, and replayed.
//!
//! A file holds what was sent (`>`) and what came back (`<`), in order:
//!
//! ```text
//! > POST https://api.acme.example/
//! > Authorization: <authorization>
//! >
//! > Action=CountImages
//! < 200
//! < content-type: application/json
//! <
//! < {"count": 7}
//! ```
//!
//! Signatures, tokens and keys never get there; placeholders stand for them, also when requests are compared. The time
//! and all nonces are those of a [`FakeWorld`], so the same provider sends the same requests.

pub mod cases;
mod record;
mod replay;
mod scrub;
mod text;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt as _;
use imgshare_host::Provider;
use imgshare_host::http::Transport;
use imgshare_protocol::{AccountId, Connect, Region};

use crate::FakeWorld;
use crate::conformance::Subject;
use crate::double::Seed;

pub use record::Recorder;
pub use replay::Replay;
pub use scrub::Scrub;

/// The environment variable that makes [`play`] record.
pub const RECORD: &str = "IMGSHARE_RECORD";

/// Images in the region of a scene.
const IMAGES: u32 = 3;

/// What a case plays with.
pub struct Scene {
    /// The provider, with made-up credentials, in a world that stands still.
    pub provider: Provider,
    /// A region with three images that nobody but the owner has.
    pub region: Region,
    /// Accounts that exist.
    pub accounts: Vec<AccountId>,
    /// One that does not.
    pub bad_account: AccountId,
}

/// Plays one case of a built library against the exchange that was recorded in this file. With `IMGSHARE_RECORD` set, it
/// is played against the cloud's double instead (as in the conformance suite), and the file is written.
///
/// # Panics
///
/// Where `act` does; when the library is refused; when the file is missing; when another request is sent than was
/// recorded, with the first line that differs; when a recorded request is not sent.
pub fn play(library: &Path, file: &Path, act: impl AsyncFnOnce(&Scene)) {
    let plugin = imgshare_host::Candidate::at(library).load();
    let plugin = plugin.unwrap_or_else(|refusal| panic!("the library is refused: {refusal}"));
    let subject = Subject::new(plugin);
    if std::env::var_os(RECORD).is_some() {
        subject.block_on_sockets(record(&subject, file, act));
    } else {
        subject.block_on(replay(&subject, file, act));
    }
}

async fn record(subject: &Subject, file: &Path, act: impl AsyncFnOnce(&Scene)) {
    let (seed, accounts) = props(subject);
    let cloud = subject.double().begin(&seed).await;
    let cloud = cloud.unwrap_or_else(|why| panic!("there is no cloud to record: {why}"));
    let recorder = Arc::new(Recorder::new(cloud.transport(), Scrub::of(&seed.credentials)));
    let config = subject.config_for(&seed, cloud.endpoint());
    act(&scene(subject, recorder.clone(), &config, seed, accounts)).await;
    let text = recorder.text(config.endpoint.as_deref());
    std::fs::write(file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

async fn replay(subject: &Subject, file: &Path, act: impl AsyncFnOnce(&Scene)) {
    let (seed, accounts) = props(subject);
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| {
        panic!("{}: {error}; record it by running this test with {RECORD}=1", file.display())
    });
    let replay = Replay::new(&file.display().to_string(), &text, Scrub::of(&seed.credentials));
    let replay = Arc::new(replay.unwrap_or_else(|problem| panic!("{problem}")));
    let config = subject.config_for(&seed, replay.endpoint().map(str::to_owned));
    let scene = scene(subject, replay.clone(), &config, seed, accounts);
    let acted = AssertUnwindSafe(act(&scene)).catch_unwind().await;
    // What was sent otherwise than recorded explains whatever the act found wrong.
    replay.finish().unwrap_or_else(|difference| panic!("{difference}"));
    acted.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

fn props(subject: &Subject) -> (Seed, Vec<AccountId>) {
    subject.seed(IMAGES).unwrap_or_else(|lack| panic!("there is nothing to play with: {lack:?}"))
}

fn scene(
    subject: &Subject,
    transport: Arc<dyn Transport>,
    config: &Connect,
    seed: Seed,
    accounts: Vec<AccountId>,
) -> Scene {
    let provider = subject.connect_over(transport, &Arc::new(FakeWorld::default()), config);
    let provider = provider.unwrap_or_else(|error| panic!("connect refuses made-up credentials: {error}"));
    let region = seed.regions.iter().find(|(_, images)| **images > 0).map(|(region, _)| region.clone());
    Scene { provider, region: region.unwrap_or_default(), accounts, bad_account: seed.bad_account }
}
