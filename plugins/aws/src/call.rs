//! One call of a service: its body and the headers that every call has, around the signature.

use std::collections::BTreeMap;

use imgshare_sdk::time::compact_seconds;
use imgshare_sdk::{Request, Timestamp};

use crate::sign::{Keys, Scope, Signable, authorization};

/// A service of the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Images and snapshots.
    Ec2,
    /// Temporary keys, and who somebody is.
    Sts,
    /// Keys that disks are encrypted with.
    Kms,
}

impl Service {
    /// As it is called in hosts, signatures and rights.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ec2 => "ec2",
            Self::Sts => "sts",
            Self::Kms => "kms",
        }
    }
}

/// What is called, where, and with what.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The service that is called.
    pub service: Service,
    /// What is called: `DescribeImages`.
    pub action: &'a str,
    /// The region that is called; it is signed.
    pub region: &'a str,
    /// The service's own headers, names in lower case: the body's type, and what else says what it is.
    pub headers: &'a [(&'static str, String)],
    /// What is sent.
    pub body: &'a str,
}

impl Call<'_> {
    /// This call to the root of a host, `scheme://host[:port]`, signed with these keys at this moment.
    pub fn signed(&self, origin: &str, keys: &Keys, time: Timestamp) -> Request {
        let request = self.unsigned(origin);
        let headers = self.signed_headers(request.host(), keys, time);
        headers.into_iter().fold(request, |request, (name, value)| request.header(name, value))
    }

    /// This call without a signature: the token service takes an identity provider's token in place of keys.
    pub(crate) fn unsigned(&self, origin: &str) -> Request {
        let request = Request::post(format!("{origin}/"), self.body).action(self.action);
        let headers = self.headers.iter();
        headers.fold(request, |request, (name, value)| request.header(*name, value))
    }

    /// The headers that the signature adds. `Host` is signed, with the port if the host's client sends it, and left out
    /// here, since the client sets it.
    pub fn signed_headers(&self, host: &str, keys: &Keys, time: Timestamp) -> BTreeMap<&'static str, String> {
        let mut added = BTreeMap::from([("x-amz-date", compact_seconds(time))]);
        if let Some(token) = &keys.session_token {
            added.insert("x-amz-security-token", token.expose().to_owned());
        }
        let mut headers: BTreeMap<&str, String> = self.headers.iter().cloned().collect();
        headers.extend(added.clone());
        headers.insert("host", host.to_owned());
        let Self { body, region, service, .. } = *self;
        let signable =
            Signable { method: "POST", path: "/", query: &[], headers: &headers, body: body.as_bytes() };
        let scope = Scope { region, service: service.name(), time };
        added.insert("authorization", authorization(&signable, keys, &scope));
        added
    }
}
