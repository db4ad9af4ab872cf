//! Log records go to stderr.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// `-v` tells what is tried again, `-vv` every request, `-vvv` everything. The HTTP library is never let talk: at its
/// most talkative it prints headers, and those carry keys.
pub(crate) fn start(verbosity: u8) {
    let level = match verbosity {
        0 => LevelFilter::ERROR,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let quiet = level.min(LevelFilter::WARN);
    let filter = ["hyper", "hyper_util", "reqwest", "rustls", "rustls_platform_verifier", "mio"]
        .into_iter()
        .fold(Targets::new().with_default(level), |filter, target| filter.with_target(target, quiet));
    let lines = tracing_subscriber::fmt::layer().with_writer(anstream::stderr).without_time().compact();
    tracing_subscriber::registry().with(filter).with(lines).init();
}
