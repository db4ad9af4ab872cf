//! What the benchmark has to know of the provider whose cloud is simulated. All of it is the plugin's own word.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::launch::Task;
use super::programs::Floor;
use crate::build::Built;
use crate::failure::{Failure, Result};

/// A provider, and the world in which it is measured.
#[derive(Clone, Debug)]
pub(super) struct Provider {
    pub(super) name: String,
    pub(super) images_per_page: usize,
    pub(super) accounts_per_change: usize,
    pub(super) quotas: Vec<Quota>,
    pub(super) world: World,
}

/// How often a call may be made in a second.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Quota {
    pub(super) operation: Operation,
    pub(super) action: String,
    pub(super) calls_per_second: f64,
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Operation {
    ListImages,
    ReadShares,
    ChangeShares,
    #[serde(other)]
    Other,
}

/// Who owns images and who gets them: what the bare loop of the provider prints.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct World {
    pub(super) owner: String,
    /// The owner's keys, by the names of the credential fields.
    pub(super) credentials: BTreeMap<String, String>,
    pub(super) receivers: Vec<String>,
    pub(super) regions: Vec<String>,
}

impl Provider {
    /// Asks the program about the plugin, and the bare loop about its world.
    pub(super) fn ask(built: &Built, floor: &Floor, folder: &Path) -> Result<Self> {
        let list = Task::new(&built.program, folder).args(["providers", "--format", "json"]);
        let installed = printed(&super::quiet(list, built, folder))?;
        let world = printed(&Task::new(&floor.program, folder).arg("world"))?;
        Self::read(&floor.provider, &installed, world).ok_or_else(|| {
            Failure::new(format!(
                "the plugin {} does not say how many images a page holds and how many accounts a change takes; \
                 mend its description",
                floor.provider
            ))
        })
    }

    fn read(name: &str, installed: &Value, world: World) -> Option<Self> {
        let found = installed["providers"].as_array()?.iter().find(|provider| provider["name"] == name)?;
        let limit = |name: &str| usize::try_from(found["limits"][name].as_u64()?).ok();
        Some(Self {
            name: name.to_owned(),
            images_per_page: limit("images_per_page").filter(|limit| *limit > 0)?,
            accounts_per_change: limit("accounts_per_change").filter(|limit| *limit > 0)?,
            quotas: serde_json::from_value(found["quotas"].clone()).ok()?,
            world,
        })
    }
}

fn printed<T: DeserializeOwned>(task: &Task) -> Result<T> {
    task.measure_success()?;
    serde_json::from_str(&task.printed()?)
        .map_err(|error| Failure::new(format!("cannot understand what {task:?} prints: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    impl Provider {
        /// A provider that takes 20 accounts in a call and lists 100 images on a page.
        pub(in crate::bench) fn acme() -> Self {
            let quota = |operation: &str, action: &str, calls_per_second: f64| {
                json!({
                    "operation": operation, "action": action, "per": "region",
                    "calls_per_second": calls_per_second,
                })
            };
            let installed = json!({ "providers": [{ "name": "other" }, {
                "name": "acme",
                "limits": { "images_per_page": 100, "accounts_per_change": 20 },
                "quotas": [
                    quota("list_images", "List", 40.0),
                    quota("read_shares", "Read", 10.0),
                    quota("change_shares", "Write", 10.0),
                    quota("something_new", "New", 1.0),
                ],
            }]});
            let world = World {
                owner: "1".to_owned(),
                credentials: [("key".to_owned(), "FakeKey".to_owned())].into(),
                receivers: (10..30).map(|number| number.to_string()).collect(),
                regions: ["north", "south"].map(str::to_owned).to_vec(),
            };
            Self::read("acme", &installed, world).expect("it says everything")
        }
    }

    #[test]
    fn limits_and_quotas_are_the_plugins_own_word() {
        let acme = Provider::acme();
        assert_eq!((acme.images_per_page, acme.accounts_per_change), (100, 20));
        let operations: Vec<_> = acme.quotas.iter().map(|quota| quota.operation).collect();
        use Operation::{ChangeShares, ListImages, Other, ReadShares};
        assert_eq!(operations, [ListImages, ReadShares, ChangeShares, Other]);
    }

    #[test]
    fn a_plugin_that_is_not_installed_or_says_nothing_is_not_measured() {
        let world = Provider::acme().world;
        let silent = json!({ "providers": [{ "name": "acme", "limits": {}, "quotas": [] }] });
        assert!(Provider::read("acme", &silent, world.clone()).is_none());
        assert!(Provider::read("acme", &json!({ "providers": [] }), world).is_none());
    }
}
