//! The promises of the config's reader, one small file of text each.
//!
//! `SNAPSHOTS=overwrite cargo test -p imgshare-config` writes the renderings anew; read the difference before believing it.

mod accounts;
mod clouds;
mod copies;
mod credentials;
mod damage;
mod examples;
mod limits;
mod logins;
mod meaning;
mod places;
mod rules;
mod selection;
mod settings;
mod snapshots;
mod support;
mod syntax;
mod with;
