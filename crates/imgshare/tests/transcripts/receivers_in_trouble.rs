//! Shares that receivers do not see or have not accepted, and receivers that cannot be asked: what is said of them.

use snapbox::{assert_data_eq, str};

use crate::parcel_cloud::ParcelCloud;
use crate::parcels::{IN_ORDER, Parcels, settled};
#[test]
fn drift_names_what_a_receiver_does_not_see() {
    let parcels = Parcels::new();
    parcels.run(IN_ORDER);
    parcels.cloud().looks_in_vain.insert("222222".to_owned(), u32::MAX);
    assert_data_eq!(
        parcels.run("drift").transcript(),
        str![[r#"
$ imgshare drift
error: the image is shared, and its receiver does not see it
  provider: parcel north (cloud prod)
  image:    one (golden-one)
  image:    two (golden-two)
  account:  partner-x (222222)
  asked:    cloud partner
  hint:     run `imgshare drift` in a few minutes; if it stays so, check that
            cloud partner is the login of that account, and ask the cloud's
            support

Shared, and not accepted by those who receive
prod
  north
    golden-one  one
      pending   data-team                111111
hint: ask the receivers to accept, or name their login with `accept_with` under
      the account

Drift: 2 shares not visible, 2 images right already, 1 not accepted
Receivers: 2 shares granted and not visible,
           2 granted, not verified (no verify_with)
--- exit 2

"#]]
    );
}

#[test]
fn drift_names_what_is_not_accepted() {
    assert_data_eq!(
        Parcels::new().run("drift").transcript(),
        str![[r#"
$ imgshare drift
prod
  north
    golden-one  one  (rule golden)
      first: its visibility becomes `shared` (now `private`)
      missing   data-team                111111
      missing   partner-x                222222
      snapshot snap-one
        missing   data-team                111111
        missing   partner-x                222222
      not accepted: partner-x (222222) with cloud partner
      note: receivers also need the use of key golden
    golden-two  two  (rule golden)
      snapshot snap-two
        missing   data-team                111111
        missing   partner-x                222222
      not accepted: partner-x (222222) with cloud partner (pending)

error: the image is shared, and its receiver cannot use it: the share is pending
  provider: parcel north (cloud prod)
  image:    two (golden-two)
  account:  partner-x (222222)
  asked:    cloud partner
  hint:     let the receiver accept; `imgshare apply` does, where `accept_with`
            names the login

Drift: 1 image differs, 2 snapshots differ, 2 shares to accept,
       1 share not visible, 6 shares missing, 0 too many, 1 image right already
Receivers: 1 share granted and not visible,
           1 granted, not verified (no verify_with)
--- exit 2

"#]]
    );
}

#[test]
fn a_receiver_that_cannot_be_asked_is_named_with_the_login() {
    let parcels = Parcels::new();
    parcels.run(IN_ORDER);
    parcels.cloud().refused.insert("222222".to_owned());
    assert_data_eq!(
        parcels.run("drift").transcript(),
        str![[r#"
$ imgshare drift
error: cannot ask the receiver what it sees: permission denied: answer with
       status 403
  provider: parcel north (cloud prod)
  image:    one (golden-one)
  image:    two (golden-two)
  account:  partner-x (222222)
  asked:    cloud partner

Shared, and not accepted by those who receive
prod
  north
    golden-one  one
      pending   data-team                111111
hint: ask the receivers to accept, or name their login with `accept_with` under
      the account

Drift: none where it could be read, 2 images right already, 1 not accepted
Receivers: 2 shares of receivers that could not be asked,
           2 granted, not verified (no verify_with)
--- exit 1

"#]]
    );
}

#[test]
fn a_login_that_may_not_accept_is_named_with_the_share() {
    let parcels = Parcels::new();
    parcels.cloud().refused.insert("222222".to_owned());
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

done  prod north  golden-one  one  +2 -0
done  prod north  golden-one  one  snapshot snap-one  +2 -0
done  prod north  golden-two  two  snapshot snap-two  +2 -0
not accepted  prod north  golden-one  one  as partner-x (222222)
not accepted  prod north  golden-two  two  as partner-x (222222)

error: cannot accept the share: permission denied: answer with status 403
  provider: parcel north (cloud prod)
  image:    one (golden-one)
  image:    two (golden-two)
  account:  partner-x (222222)
  login:    cloud partner
  config:   imgshare.toml:21

error: cannot ask the receiver what it sees: permission denied: answer with
       status 403
  provider: parcel north (cloud prod)
  image:    one (golden-one)
  image:    two (golden-two)
  account:  partner-x (222222)
  asked:    cloud partner

Shared, and not accepted by those who receive
prod
  north
    golden-one  one
      pending   data-team                111111
hint: ask the receivers to accept, or name their login with `accept_with` under
      the account

Report: 1 image done and read back, 2 snapshots done and read back,
        2 shares not accepted, 6 shares added, 0 removed, 1 image right before,
        1 share not accepted by those who receive
Receivers: 2 shares of receivers that could not be asked,
           2 granted, not verified (no verify_with)
--- exit 3

"#]]
    );
}

#[test]
fn a_login_of_another_account_is_told() {
    let parcels = Parcels::of(ParcelCloud::with_images("north", &["one"]));
    let config = parcels.stage.read("imgshare.toml").replace("login = \"222222\"", "login = \"333333\"");
    parcels.stage.file("imgshare.toml", config.as_bytes());
    assert_data_eq!(
        settled(&parcels.run(IN_ORDER)),
        str![[r#"
$ imgshare apply --yes --concurrency 1
prod
  north
    golden-one  one  (rule golden)
      + data-team                111111
      + partner-x                222222
      snapshot snap-one
        + data-team                111111
        + partner-x                222222
      accept as partner-x (222222) with cloud partner

Plan: 1 image to change, 1 snapshot to change, 1 share to accept, +4 -0 shares,
      0 images right already

done  prod north  golden-one  one  +2 -0
done  prod north  golden-one  one  snapshot snap-one  +2 -0
not accepted  prod north  golden-one  one  as partner-x (222222)

error: cannot accept the share: account is invalid: the login is account 333333,
       not 222222
  provider: parcel north (cloud prod)
  image:    one (golden-one)
  account:  partner-x (222222)
  login:    cloud partner
  config:   imgshare.toml:21
  hint:     give the cloud the login of that account

error: cannot ask the receiver what it sees: account is invalid: the login is
       account 333333, not 222222
  provider: parcel north (cloud prod)
  image:    one (golden-one)
  account:  partner-x (222222)
  asked:    cloud partner
  hint:     give the cloud the login of that account

Shared, and not accepted by those who receive
prod
  north
    golden-one  one
      pending   data-team                111111
hint: ask the receivers to accept, or name their login with `accept_with` under
      the account

Report: 1 image done and read back, 1 snapshot done and read back,
        1 share not accepted, 4 shares added, 0 removed, 0 images right before,
        1 share not accepted by those who receive
Receivers: 1 share of receivers that could not be asked,
           1 granted, not verified (no verify_with)
--- exit 3

"#]]
    );
}
