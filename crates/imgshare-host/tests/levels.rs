//! A plugin collects only what somebody listens to. In a process of its own: how much is wanted is one word for all
//! threads of a process.

#[path = "it/listening.rs"]
#[expect(dead_code, reason = "the other tests need more of it")]
mod listening;
#[path = "it/stage.rs"]
#[expect(dead_code, reason = "the other tests need more of it")]
mod stage;

use imgshare_testkit::Script;
use tracing::level_filters::LevelFilter;

#[tokio::test]
async fn records_more_talkative_than_the_host_listens_to_are_not_even_collected() {
    let provider = stage::Stage::new(&Script::silent()).connect();
    for (level, enabled, heard) in [
        (LevelFilter::INFO, vec!["error", "info"], 3),
        (LevelFilter::ERROR, vec!["error"], 1),
        (LevelFilter::TRACE, vec!["error", "info", "debug"], 5),
    ] {
        let log = listening::listen_at(level);
        let said = stage::act(&provider, "log at every level", "").await.expect("it logs");
        assert_eq!(said, enabled, "what the plugin takes the trouble to collect at {level}");
        let records = log.records();
        let of_plugin = records.iter().filter(|record| record.message().starts_with("at ")).count();
        assert_eq!(of_plugin, heard, "{records:#?}");
    }
}
