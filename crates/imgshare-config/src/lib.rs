//! TOML text to desired state, with every problem at once.
//!
//! Text in, values out: this crate reads no file, loads no plugin and asks no cloud. The host asks [`ConfigFile`] which
//! providers the text names, loads those, and hands their descriptions to [`ConfigFile::resolve`].
//!
//! ```
//! use std::collections::BTreeMap;
//! use imgshare_config::ConfigFile;
//!
//! let file = ConfigFile::parse("imgshare.toml", "[clouds.prod]\nprovidr = 'acme'\n").unwrap();
//! let problems = file.resolve(&BTreeMap::new()).unwrap_err();
//! assert_eq!(problems.iter().next().unwrap().place.to_string(), "imgshare.toml:1:1");
//! assert!(problems.to_string().contains("did you mean `provider`?"));
//! ```

mod accounts;
mod clouds;
mod copies;
mod credentials;
mod endpoint;
mod fence;
mod file;
mod findings;
mod groups;
mod keys;
mod limits;
mod logins;
mod names;
mod problem;
mod providers;
mod receivers;
mod rules;
mod schema;
mod secrets;
mod selection;
mod settings;
mod snapshots;
mod source;
mod suggest;
mod table;
mod targets;

pub use file::ConfigFile;
pub use keys::{KNOWN_KEYS, KeyList};
pub use problem::{Mark, Problem, Problems, Related};
pub use schema::schema;
pub use suggest::near_miss;
