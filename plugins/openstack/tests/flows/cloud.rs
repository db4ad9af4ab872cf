//! A cloud in the words of the wire: it gives tokens by itself, and a test says what Glance answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use imgshare_sdk::{Connect, ImageRef};
use imgshare_testkit::http::HttpRequest;
use imgshare_testkit::{Answer, FakeWorld, Plugin, Provider, Script};
use serde_json::{Value, json};

/// The project that logins are for.
pub(crate) const PROJECT: &str = "0a0a0c3ba9e84d6f8b2a7c9e0d414243";

/// A project of somebody else.
pub(crate) const OTHER: &str = "5f1d0c3ba9e84d6f8b2a7c9e0d414243";

pub(crate) const REGION: &str = "RegionOne";

/// The body of a login's answer.
pub(crate) fn token_body() -> Value {
    let endpoint = |interface: &str, region: &str| {
        let url = format!("https://glance.example/{region}/{interface}");
        json!({"interface": interface, "region_id": region, "region": region, "url": url})
    };
    json!({"token": {
        "issued_at": "2023-11-14T22:13:20.000000Z",
        "expires_at": "2023-11-14T23:13:20.000000Z",
        "project": {"id": PROJECT, "name": "images"},
        "catalog": [
            {"type": "identity", "endpoints": []},
            {"type": "image", "endpoints": [endpoint("public", REGION), endpoint("internal", REGION), endpoint("public", "North")]},
        ],
    }})
}

/// Keystone's answer to a login that it takes.
pub(crate) fn logged_in(token: &str) -> Answer {
    Answer::status(201, token_body().to_string()).header("x-subject-token", token)
}

/// A cloud whose logins are taken, each with another token, and whose Keystone tells nobody of projects.
pub(crate) fn cloud(glance: impl Fn(&HttpRequest) -> Answer + Send + Sync + 'static) -> Arc<Script> {
    let logins = AtomicUsize::new(0);
    Script::by(move |request| match path(request) {
        other if other.ends_with("/v3/auth/tokens") => {
            logged_in(&format!("FAKE-TOKEN-{}", logins.fetch_add(1, Ordering::SeqCst) + 1))
        }
        other if other.starts_with("/v3/projects/") => keystone_refuses(403),
        _ => glance(request),
    })
}

/// What Keystone says when it refuses.
pub(crate) fn keystone_refuses(status: u16) -> Answer {
    Answer::status(status, json!({"error": {"code": status, "message": "No.", "title": "No"}}).to_string())
}

/// What Glance says when it refuses.
pub(crate) fn refuse(status: u16) -> Answer {
    let body = json!({"message": "no<br /><br />\n\n\n", "code": status.to_string(), "title": "No"});
    Answer::status(status, body.to_string()).header("x-openstack-request-id", "req-fake")
}

/// What Glance says when it does what it is asked.
pub(crate) fn done(body: &Value) -> Answer {
    Answer::ok(body.to_string()).header("x-openstack-request-id", "req-fake")
}

/// The path of a request, without the host.
pub(crate) fn path(request: &HttpRequest) -> &str {
    let rest = request.url.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split('?').next().unwrap_or_default()
}

/// `GET /v2/images?...`, without what is before the version; of every request so far.
pub(crate) fn calls(cloud: &Script) -> Vec<String> {
    let short = |request: HttpRequest| {
        let at = request.url.find("/v2/").or_else(|| request.url.find("/v3/")).unwrap_or_default();
        format!("{} {}", request.method, &request.url[at..])
    };
    cloud.requests().into_iter().map(short).collect()
}

/// How often somebody logged in.
pub(crate) fn logins(cloud: &Script) -> usize {
    cloud.requests().iter().filter(|request| path(request).ends_with("/auth/tokens")).count()
}

pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// The JSON that was sent.
pub(crate) fn sent(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).expect("a JSON body")
}

pub(crate) fn image() -> ImageRef {
    ImageRef { region: REGION.into(), id: "image-1".into() }
}

/// A cloud of the config with these credentials.
pub(crate) fn with(fields: &[(&str, &str)]) -> Connect {
    let credentials = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Connect { cloud: "fake".into(), credentials, ..Connect::default() }
}

/// One whose login is complete.
pub(crate) fn with_password() -> Connect {
    with(&[
        ("auth_url", "https://keystone.example"),
        ("username", "me"),
        ("password", "FAKE-PASSWORD"),
        ("project_name", "images"),
    ])
}

pub(crate) fn connect(cloud: &Arc<Script>, config: &Connect) -> Provider {
    connect_in(&Arc::new(FakeWorld::default().with_virtual_time()), cloud, config)
}

/// The provider in this world. The library is loaded once for all tests: it keeps nothing between them.
pub(crate) fn connect_in(world: &Arc<FakeWorld>, cloud: &Arc<Script>, config: &Connect) -> Provider {
    static PLUGIN: LazyLock<Plugin> = LazyLock::new(|| imgshare_testkit::load("openstack"));
    imgshare_testkit::host(cloud, world).connect(&PLUGIN, config, false).expect("the config is sound")
}
