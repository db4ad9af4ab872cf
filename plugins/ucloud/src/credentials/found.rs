//! What this cloud calls its keys, and the project that goes with them.

use imgshare_sdk::credentials::{FoundKeys, KeyName, KeyNames};
use serde::{Deserialize, Serialize};

use crate::sign::Keys;

pub(super) const NAMES: KeyNames = KeyNames {
    id: KeyName { field: "public_key", words: "public key" },
    secret: KeyName { field: "private_key", words: "private key" },
    token: KeyName { field: "security_token", words: "security token" },
};

/// Who calls, and for which project.
pub(crate) struct Login {
    pub(crate) keys: Keys,
    /// Sub-accounts must name one; for main accounts there is a default.
    pub(crate) project_id: Option<String>,
}

/// Keys, and the project that was found with them. The host keeps them for the other operations of the cloud, in this
/// form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    pub(super) keys: FoundKeys,
    project_id: Option<String>,
}

impl Found {
    /// An empty project is none.
    pub(super) fn new(keys: FoundKeys, project_id: Option<String>) -> Self {
        Self { keys, project_id: project_id.filter(|id| !id.is_empty()) }
    }

    /// The same keys, for this project if there is one.
    pub(super) fn in_project(self, project_id: Option<&String>) -> Self {
        Self { project_id: project_id.cloned().or(self.project_id), ..self }
    }

    pub(super) fn login(self) -> Login {
        let Self { keys, project_id } = self;
        let keys = Keys { public_key: keys.id(), private_key: keys.secret(), token: keys.token() };
        Login { keys, project_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::credentials::KeyTexts;

    #[test]
    fn the_configs_project_counts_more_than_the_one_that_is_found() {
        let texts =
            KeyTexts { id: Some("fakepublic".into()), secret: Some("fakeprivate".into()), token: None };
        let found = Found::new(NAMES.check(texts, "a test").unwrap(), Some("org-found".into()));
        let project = |found: Found| found.login().project_id.unwrap();
        assert_eq!(project(found.clone().in_project(None)), "org-found");
        assert_eq!(project(found.in_project(Some(&"org-config".into()))), "org-config");
    }
}
