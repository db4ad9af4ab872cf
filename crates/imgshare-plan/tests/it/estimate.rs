//! What applying a plan takes.

use imgshare_plan::Estimate;

use crate::world::World;

const QUOTAS: &str = "provider acme copies=tag
    quota=list_images:List:40:region quota=read_shares:Read:10:region quota=change_shares:Write:5:region
    quota=copy_image:Copy:1:region";

/// Two images lack three accounts each: two writes and a read back.
const WORLD: &str = "rule golden at=acme:north,south all with=1,2,3
    image acme north img-a a
    image acme south img-b b
    calls acme north list=2 read=1
    calls acme south list=2 read=1";

#[track_caller]
fn check(cloud: &str, quotas: &str, world: &str, calls: u64, seconds: Option<f64>) {
    let quotas = quotas.split_whitespace().collect::<Vec<_>>().join(" ");
    let world = format!("cloud acme acme north,south per-change=2 {cloud}\n{quotas}\n{world}");
    assert_eq!(World::parse(&world).plan().estimate, Some(Estimate { calls, seconds }));
}

#[test]
fn an_apply_reads_again_writes_and_reads_back() {
    check("", "", WORLD, 12, None);
}

#[test]
fn nobody_guesses_when_the_surveys_calls_were_not_counted() {
    let world = "cloud acme acme north\n rule r at=acme:north all with=1\n image acme north a a";
    assert_eq!(World::parse(world).plan().estimate, None);
}

#[test]
fn the_busiest_queue_tells_the_time_and_regions_do_not_wait_for_one_another() {
    check("", QUOTAS, WORLD, 12, Some(0.4));
    check("", &QUOTAS.replace("Write:5", "Write:100"), WORLD, 12, Some(0.2));
}

#[test]
fn regions_that_share_a_quota_wait_for_one_another() {
    check("", &QUOTAS.replace("5:region", "5:owner"), WORLD, 12, Some(0.8));
    check("", &QUOTAS.replace("5:region", "5:galaxy"), WORLD, 12, Some(0.8));
}

#[test]
fn operations_that_make_the_same_call_share_its_quota() {
    check("", &QUOTAS.replace("Write:5", "Read:10"), WORLD, 12, Some(0.4));
}

#[test]
fn the_config_knows_better_than_the_provider() {
    check("rate=Write:1", QUOTAS, WORLD, 12, Some(2.0));
    check("rate=Write:0", QUOTAS, WORLD, 12, Some(0.2));
}

#[test]
fn a_call_without_a_figure_takes_no_time_that_anybody_knows() {
    check("", "provider acme copies=tag quota=read_shares:Read:0:region", WORLD, 12, None);
    let either = "provider acme quota=read_shares:Read:1:region quota=read_shares:OtherRead:1:region";
    check("", either, WORLD, 12, None);
}

#[test]
fn one_call_that_does_both_counts_once() {
    let world = "rule strict at=acme:north exact all with=1,2,3
        image acme north img-a a has=7,8,9
        calls acme north list=1 read=1";
    check("", "", world, 7, None);
    check("together", "", world, 5, None);
}

#[test]
fn a_copy_is_one_call_and_is_read_and_shared_afterwards() {
    let world = "rule golden at=acme:south from=north all with=1,2,3
        image acme north img-a a
        image acme north img-b b
        image acme south img-x b of=img-b state=pending
        calls acme north list=1
        calls acme south list=1";
    check("", QUOTAS, world, 2 + 1 + 2 * (2 + 2), Some(1.0));
}

#[test]
fn a_plan_with_nothing_to_do_takes_its_survey() {
    check(
        "",
        QUOTAS,
        "rule r at=acme:north all with=1\n image acme north a a has=1\n calls acme north list=4",
        4,
        Some(0.1),
    );
}
