//! Receivers that accept and are asked, snapshots, and images that have to be prepared: what is shown of them.

use snapbox::{assert_data_eq, str};

use crate::parcel_cloud::ParcelCloud;
use crate::parcels::{CONFIG, IN_ORDER, Parcels, settled};

#[test]
fn the_plan_shows_under_each_image_what_is_prepared_shared_and_accepted() {
    assert_data_eq!(
        Parcels::new().run("plan").transcript(),
        str![[r#"
$ imgshare plan
prod
  north
    golden-one  one  (rule golden)
      first: its visibility becomes `shared` (now `private`)
      + data-team                111111
      + partner-x                222222
      snapshot snap-one
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner
      note: receivers also need the use of key golden
    golden-two  two  (rule golden)
      snapshot snap-two
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner (pending)

Plan: 1 image to change, 2 snapshots to change, 2 shares to accept,
      +6 -0 shares, 1 image right already
Apply: about 15 calls
--- exit 2

"#]]
    );
}

#[test]
fn images_with_the_same_to_be_done_share_their_accounts_and_name_all_snapshots() {
    let parcels = Parcels::of(ParcelCloud::with_images("north", &["a", "b", "c", "d"]));
    assert_data_eq!(
        parcels.run("plan").transcript(),
        str![[r#"
$ imgshare plan
prod
  north
    4 images, each of them  (rule golden)
      golden-a  a
      golden-b  b
      golden-c  c
      golden-d  d
      + data-team                111111
      + partner-x                222222
      snapshots snap-a, snap-b, snap-c, snap-d
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner

Plan: 4 images to change, 4 snapshots to change, 4 shares to accept,
      +16 -0 shares, 0 images right already
Apply: about 33 calls
--- exit 2

"#]]
    );
}

#[test]
fn apply_tells_of_snapshots_acceptances_and_of_what_receivers_see() {
    let parcels = Parcels::new();
    assert_data_eq!(
        settled(&parcels.run(IN_ORDER)),
        str![[r#"
$ imgshare apply --yes --concurrency 1
prod
  north
    golden-one  one  (rule golden)
      first: its visibility becomes `shared` (now `private`)
      + data-team                111111
      + partner-x                222222
      snapshot snap-one
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner
      note: receivers also need the use of key golden
    golden-two  two  (rule golden)
      snapshot snap-two
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner (pending)

Plan: 1 image to change, 2 snapshots to change, 2 shares to accept,
      +6 -0 shares, 1 image right already

accepted  prod north  golden-one  one  as partner-x (222222)
accepted  prod north  golden-two  two  as partner-x (222222)
done  prod north  golden-one  one  +2 -0
done  prod north  golden-one  one  snapshot snap-one  +2 -0
done  prod north  golden-two  two  snapshot snap-two  +2 -0

Shared, and not accepted by those who receive
prod
  north
    golden-one  one
      pending   data-team                111111
hint: ask the receivers to accept, or name their login with `accept_with` under
      the account

Report: 1 image done and read back, 2 snapshots done and read back,
        2 shares accepted, 6 shares added, 0 removed, 1 image right before,
        1 share not accepted by those who receive
Receivers: 2 shares visible (2 accepted),
           2 granted, not verified (no verify_with)
--- exit 0

"#]]
    );
    assert_eq!(parcels.cloud().shares("north", "one"), ["111111 pending", "222222 accepted"]);
    assert_eq!(parcels.cloud().snapshot("north", "snap-one"), ["111111", "222222"]);
    let writes = parcels.cloud().log.iter().filter(|request| request.contains(" PUT ")).count();
    assert_data_eq!(
        parcels.run("apply --yes").transcript(),
        str![[r#"
$ imgshare apply --yes
Shared, and not accepted by those who receive
prod
  north
    golden-one  one
      pending   data-team                111111
hint: ask the receivers to accept, or name their login with `accept_with` under
      the account

Plan: nothing to change, 2 images right already, 1 not accepted

Report: nothing to do, 2 images right before,
        1 share not accepted by those who receive
Receivers: 2 shares visible (2 accepted),
           2 granted, not verified (no verify_with)
--- exit 0

"#]]
    );
    assert_eq!(parcels.cloud().log.iter().filter(|request| request.contains(" PUT ")).count(), writes);
}

#[test]
fn a_saved_plan_has_the_acceptances_and_is_refused_when_one_was_made_meanwhile() {
    let parcels = Parcels::new();
    parcels.run("plan --out plan.json");
    parcels.cloud().image("north", "two").shares.insert("222222".to_owned(), "accepted");
    assert_eq!(parcels.run("apply --yes plan.json").code, Some(1));
    parcels.run("plan --out plan.json");
    let run = parcels.run("apply --yes plan.json");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(parcels.cloud().shares("north", "one"), ["111111 pending", "222222 accepted"]);
}

#[test]
fn images_and_who_show_how_far_receivers_are() {
    let parcels = Parcels::new();
    assert_data_eq!(
        parcels.run("images").transcript(),
        str![[r#"
$ imgshare images
prod
  north
    one  -           available  golden-one  (rule golden)
        before it is shared: its visibility becomes `shared` (now `private`)
        receivers also need: the use of key golden
        nobody has it
        nobody has snapshot snap-one
    two  -           available  golden-two  (rule golden)
        with data-team (111111) (accepted), partner-x (222222) (pending)
        nobody has snapshot snap-two

Images: 2
--- exit 0

"#]]
    );
    assert_data_eq!(
        parcels.run("who golden-two").transcript(),
        str![[r#"
$ imgshare who golden-two
prod
  north
    two  -           available  golden-two  (rule golden)
        with data-team (111111) (accepted), partner-x (222222) (pending)

Who: 1 image is called golden-two
--- exit 0

"#]]
    );
    assert_data_eq!(
        parcels.run("who partner-x").transcript(),
        str![[r#"
$ imgshare who partner-x
prod
  north
    two  -           available  golden-two  (rule golden)
        share: pending

Who: partner-x (222222) has 1 image
--- exit 0

"#]]
    );
    assert_data_eq!(
        parcels.run("who data-team").transcript(),
        str![[r#"
$ imgshare who data-team
prod
  north
    two  -           available  golden-two  (rule golden)

Who: data-team (111111) has 1 image
--- exit 0

"#]]
    );
    let document = parcels.run("who golden-two --format json").json();
    assert_eq!(document["images"][0]["accounts"][1]["acceptance"], "pending");
}

#[test]
fn picking_asks_once_for_an_image_with_all_that_is_done_about_it() {
    let parcels = Parcels::new();
    assert_data_eq!(
        settled(&parcels.answer("apply --pick --concurrency 1", "n\ny\n")),
        str![[r#"
$ imgshare apply --pick --concurrency 1
prod
  north
    golden-one  one  (rule golden)
      first: its visibility becomes `shared` (now `private`)
      + data-team                111111
      + partner-x                222222
      snapshot snap-one
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner
      note: receivers also need the use of key golden
    golden-two  two  (rule golden)
      snapshot snap-two
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner (pending)

Plan: 1 image to change, 2 snapshots to change, 2 shares to accept,
      +6 -0 shares, 1 image right already

accepted  prod north  golden-two  two  as partner-x (222222)
done  prod north  golden-two  two  snapshot snap-two  +2 -0

Report: 1 image not picked, 1 snapshot done and read back,
        1 snapshot not picked, 1 share accepted, 1 share not picked to accept,
        2 shares added, 0 removed, 1 image right before
Receivers: 1 share visible (1 accepted),
           1 granted, not verified (no verify_with)
--- stderr

1 of 2
prod north
  golden-one  one  (rule golden)
    first: its visibility becomes `shared` (now `private`)
    + data-team                111111
    + partner-x                222222
    snapshot snap-one
      + data-team                111111
      + partner-x                222222
    accept as partner-x (222222) with cloud partner
    note: receivers also need the use of key golden
Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: 
2 of 2
prod north
  golden-two  two  (rule golden)
    snapshot snap-two
      + data-team                111111
      + partner-x                222222
    accept as partner-x (222222) with cloud partner (pending)
Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: --- exit 0

"#]]
    );
    assert_eq!(parcels.cloud().shares("north", "one"), Vec::<String>::new());
    assert_eq!(parcels.cloud().shares("north", "two"), ["111111 accepted", "222222 accepted"]);
}

#[test]
fn as_json_each_acceptance_and_each_share_that_a_receiver_was_asked_for_has_a_line() {
    let parcels = Parcels::new();
    let lines = parcels.run("apply --yes --format json").json_lines();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).cloned().collect::<Vec<_>>();
    let accepted = of("acceptance");
    assert_eq!(accepted.len(), 2);
    assert!(accepted.iter().all(|line| line["state"] == "done" && line["with"] == "partner"), "{accepted:?}");
    assert_eq!(accepted[0]["request_ids"][0], "accepted");
    let received = of("received");
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|line| line["visible"] == true && line["granted"] == true), "{received:?}");
    let snapshots: Vec<_> = of("change").into_iter().filter(|line| line["snapshot"].is_string()).collect();
    assert_eq!(snapshots.len(), 2);
    let counts = &of("summary")[0]["counts"];
    assert_eq!(counts["received"]["visible"], 2);
    assert_eq!(counts["acceptances"]["done"], 2);
}

#[test]
fn what_is_not_picked_to_be_accepted_is_in_the_json_lines() {
    let lines = Parcels::new().answer("apply --pick --format json", "n\nn\n").json_lines();
    let accepted = lines.iter().filter(|line| line["type"] == "acceptance");
    let states: Vec<_> = accepted.map(|line| &line["state"]).collect();
    assert_eq!(states, ["skipped", "skipped"]);
}

#[test]
fn the_logins_of_receivers_are_connected_also_when_the_run_is_about_other_clouds() {
    let parcels = Parcels::new();
    let run = parcels.run("apply --yes --cloud prod");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(parcels.cloud().shares("north", "one"), ["111111 pending", "222222 accepted"]);
}

#[test]
fn check_looks_at_the_logins_of_receivers_too() {
    let parcels = Parcels::new();
    parcels.cloud().refused.insert("222222".to_owned());
    assert_data_eq!(
        parcels.run("check --online --cloud prod").transcript(),
        str![[r#"
$ imgshare check --online --cloud prod
ok     config       imgshare.toml: 2 clouds, 2 regions, 1 rule
ok     plugin       parcel: version [VERSION], [PLUGINS]/libparcel.so
ok     credentials  partner: none needed
error  region       partner south: permission denied: answer with status 403
ok     credentials  prod: none needed
ok     region       prod north: answers

Check: 1 of 6 not in order
--- exit 1

"#]]
    );
}

#[test]
fn providers_tells_what_receivers_can_do() {
    assert_data_eq!(
        Parcels::new().run("providers").transcript(),
        str![[r#"
$ imgshare providers
parcel [VERSION]  Parcel Cloud
  file         [PLUGINS]/libparcel.so
  built with   imgshare-sdk [VERSION], rustc [VERSION]
  can          find credentials, list images, read shares, change shares,
               copy images, read shares of snapshots,
               change shares of snapshots, accept shares, look as a receiver
  receivers    have to accept, which `accept_with` does for them
  copies       recognised by the source's id
  selects by   id, name
  limits       2 accounts per change of a snapshot
  calls        none
  accounts     six digits, such as 123456
  credentials  login: the account that asks
--- exit 0

"#]]
    );
}

#[test]
fn the_schema_knows_the_keys_of_receivers() {
    let schema = Parcels::new().run("schema").stdout;
    for key in ["accept_with", "verify_with", "with_snapshots"] {
        assert!(CONFIG.contains(key) && schema.contains(key), "{key}");
    }
}
