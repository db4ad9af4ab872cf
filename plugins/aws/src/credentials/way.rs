//! How keys are come by, before anybody is asked for them.

use imgshare_sdk::credentials::FoundKeys;

use crate::api::sts::Role;

/// Where a way begins, and the roles that are taken on along it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) base: Base,
    /// Taken on one after the other, each with the keys of the one before.
    pub(super) roles: Vec<Role>,
    /// Where it was found, for people.
    pub(super) place: String,
    /// The region that the profile works in.
    pub(super) region: Option<String>,
}

/// The first keys of a way.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// Here they are.
    Keys(FoundKeys),
    /// The container's service has them.
    Container,
    /// The server's metadata service has them.
    Server,
    /// The token service gives them for the token of an identity provider.
    WebIdentity(WebIdentity),
    /// A program prints them.
    Program(String),
}

/// A role that is taken on with the token of an identity provider.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub(super) token_file: String,
    pub(super) role: Role,
}

impl Way {
    pub(super) fn new(base: Base, place: impl Into<String>) -> Self {
        Self { base, roles: Vec::new(), place: place.into(), region: None }
    }

    pub(super) fn keys(found: FoundKeys) -> Self {
        let place = found.source.clone();
        Self::new(Base::Keys(found), place)
    }

    /// The same way, and this role at its end.
    pub(super) fn then(mut self, role: Role, place: impl Into<String>) -> Self {
        self.roles.push(role);
        self.place = place.into();
        self
    }

    /// The same way of a profile that works in this region.
    pub(super) fn within(self, region: Option<String>) -> Self {
        Self { region: region.or(self.region), ..self }
    }

    /// What is at its end, for people.
    pub(super) fn source(&self) -> String {
        let of_base = match &self.base {
            Base::WebIdentity(identity) => Some(&identity.role),
            _ => None,
        };
        match self.roles.last().or(of_base) {
            Some(role) => format!("role {} by {}", role.arn, self.place),
            None => self.place.clone(),
        }
    }
}
