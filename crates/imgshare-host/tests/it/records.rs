//! What a plugin logs with `tracing` arrives in the host's subscriber.

use imgshare_testkit::Script;
use tracing::Level;

use crate::listening::listen;
use crate::stage::{Stage, act};

#[tokio::test]
async fn with_level_target_fields_plugin_and_the_plugins_own_spans() {
    let log = listen();
    act(&Stage::new(&Script::capture()).connect(), "log", "r-1").await.expect("it logs");
    let record = log.only("listed");
    assert_eq!((record.level, record.target.as_str()), (Level::INFO, "puppet::logging"));
    let field = |name| record.field(name);
    assert_eq!(field("plugin"), Some("puppet"));
    assert_eq!((field("images"), field("kind")), (Some("3"), Some("\"private\"")));
    assert_eq!(field("spans"), Some("paging{page=7}"));
}

#[tokio::test]
async fn within_the_span_of_the_operation_also_after_an_answer() {
    let log = listen();
    act(&Stage::new(&Script::capture()).connect(), "log", "r-1").await.expect("it logs");
    for message in ["listed", "after the answer"] {
        let record = log.only(message);
        let [(name, fields)] = record.spans.as_slice() else { panic!("not one span: {record:?}") };
        let field = |name| fields.get(name);
        assert_eq!((*name, field("cloud")), ("operation", Some("stage")));
        assert_eq!((field("kind"), field("region")), (Some("ListImages"), Some("r-1")));
    }
}

#[tokio::test]
async fn with_the_target_that_the_plugin_chose() {
    let log = listen();
    act(&Stage::new(&Script::capture()).connect(), "log", "").await.expect("it logs");
    let record = log.only("after the answer");
    assert_eq!((record.level, record.target.as_str()), (Level::WARN, "puppet::odd"));
    assert_eq!(record.field("spans"), None, "it was logged outside of any span of the plugin");
}

#[tokio::test]
async fn of_operations_side_by_side_each_in_its_own_span() {
    let log = listen();
    let provider = Stage::new(&Script::capture()).connect();
    let (one, two) = futures_util::join!(act(&provider, "log", "r-1"), act(&provider, "log", "r-2"));
    one.and(two).expect("both log");
    let records = log.records();
    let listed = records.iter().filter(|record| record.message() == "listed");
    let mut regions: Vec<_> = listed.filter_map(|record| record.spans[0].1.get("region")).collect();
    regions.sort_unstable();
    assert_eq!(regions, ["r-1", "r-2"]);
}
