//! Where a login is looked for, and in which order.

use std::sync::Arc;

use imgshare_sdk::{Connect, ErrorKind, FoundCredentials, ImageQuery, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::Value;

use crate::cloud::{cloud, connect_in, done, sent, with};

const HOME: &str = "~/.config/openstack/clouds.yaml";

/// A `clouds.yaml` with these clouds; each has a user of its own name.
fn clouds(names: &[&str]) -> String {
    let cloud = |name: &&str| {
        format!(
            "  {name}:\n    auth: {{auth_url: 'https://{name}.example', username: {name}, password: FAKE, project_name: p}}\n"
        )
    };
    format!("clouds:\n{}", names.iter().map(cloud).collect::<String>())
}

async fn find(world: FakeWorld, config: &Connect) -> Result<FoundCredentials> {
    let cloud = Script::by(|_| panic!("nothing may be sent"));
    connect_in(&Arc::new(world), &cloud, config).find_credentials(false).await.result
}

async fn source(world: FakeWorld, config: &Connect) -> String {
    find(world, config).await.unwrap().source
}

/// Who logs in, with what is in this world.
async fn user(world: FakeWorld, config: &Connect) -> Value {
    let cloud = cloud(|_| done(&serde_json::json!({ "images": [] })));
    let query = ImageQuery { region: "RegionOne".into(), ..ImageQuery::default() };
    connect_in(&Arc::new(world), &cloud, config).list_images(query).await.result.unwrap();
    sent(&cloud.requests()[0])["auth"]["identity"]["password"]["user"].take()
}

fn with_openrc(world: FakeWorld) -> FakeWorld {
    let variables = [
        ("OS_AUTH_URL", "https://env.example:5000"),
        ("OS_USERNAME", "env"),
        ("OS_PASSWORD", "FAKE"),
        ("OS_TENANT_NAME", "p"),
    ];
    variables.into_iter().fold(world, |world, (name, value)| world.with_env(name, value))
}

#[tokio::test(start_paused = true)]
async fn the_first_place_that_has_a_login_counts() {
    let files = || FakeWorld::default().with_file(HOME, clouds(&["one", "two"]));
    let everywhere = || with_openrc(files()).with_env("OS_CLOUD", "two");
    let config = with(&[("auth_url", "https://a"), ("username", "me"), ("password", "FAKE")]);
    assert_eq!(source(everywhere(), &config).await, "the config's `credentials`");
    assert_eq!(source(everywhere(), &with(&[("cloud", "one")])).await, format!("{HOME}, cloud `one`"));
    assert_eq!(source(everywhere(), &with(&[])).await, format!("{HOME}, cloud `two`"));
    assert_eq!(source(with_openrc(files()), &with(&[])).await, "environment variables OS_*");
    let only = FakeWorld::default().with_file(HOME, clouds(&["only"]));
    assert_eq!(source(only, &with(&[])).await, format!("{HOME}, cloud `only`"));
}

#[tokio::test(start_paused = true)]
async fn the_first_file_that_is_there_counts() {
    let paths = [
        "/etc/openstack/clouds.yaml",
        "/etc/xdg/openstack/clouds.json",
        HOME,
        "/xdg/openstack/clouds.yml",
        "clouds.yaml",
        "/named.yaml",
    ];
    for count in 1..=paths.len() {
        let world = FakeWorld::default().with_env("XDG_CONFIG_HOME", "/xdg");
        let world = world.with_env("OS_CLIENT_CONFIG_FILE", "/named.yaml");
        let files = paths[..count].iter();
        let world = files.fold(world, |world, path| world.with_file(path, clouds(&["only"])));
        assert_eq!(source(world, &with(&[])).await, format!("{}, cloud `only`", paths[count - 1]));
    }
}

#[tokio::test(start_paused = true)]
async fn secrets_may_be_in_a_file_of_their_own() {
    let file = "clouds:\n  prod:\n    auth: {auth_url: 'https://k.example', username: me, user_domain_name: People, project_name: p}\n";
    let secure = "clouds:\n  prod:\n    auth: {password: FAKE-SECURE}\n";
    let world = FakeWorld::default().with_file(HOME, file).with_file("/etc/openstack/secure.yaml", secure);
    let expected = serde_json::json!({"name": "me", "domain": {"name": "People"}, "password": "FAKE-SECURE"});
    assert_eq!(user(world, &with(&[("cloud", "prod")])).await, expected);
}

#[tokio::test(start_paused = true)]
async fn fields_of_the_config_count_more_than_those_of_the_named_cloud() {
    let world = FakeWorld::default().with_file(HOME, clouds(&["one", "two"]));
    let config = with(&[("cloud", "two"), ("password", "FAKE-OF-THE-CONFIG")]);
    let expected =
        serde_json::json!({"name": "two", "domain": {"id": "default"}, "password": "FAKE-OF-THE-CONFIG"});
    assert_eq!(user(world, &config).await, expected);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_used_is_told_and_not_passed_over() {
    let files = || FakeWorld::default().with_file(HOME, clouds(&["one", "two"]));
    for (world, config, words) in [
        (files(), with(&[("cloud", "three")]), "has no cloud `three`; it has: one, two"),
        (files().with_env("OS_CLOUD", "three"), with(&[]), "has no cloud `three`"),
        (FakeWorld::default(), with(&[("cloud", "one")]), "there is no clouds.yaml"),
        (files(), with(&[]), "it has several clouds: one, two; none is named"),
        (FakeWorld::default(), with(&[]), "there are no credentials in any of these places"),
        (
            FakeWorld::default().with_env("OS_PASSWORD", "FAKE"),
            with(&[]),
            "`username` or `user_id` is missing",
        ),
        (
            FakeWorld::default().with_file("clouds.yaml", "clouds: ["),
            with(&[]),
            "clouds.yaml is not a list of clouds in YAML",
        ),
        (
            FakeWorld::default().with_file("clouds.yaml", "clouds: {a: {profile: vexxhost}}"),
            with(&[]),
            "profile `vexxhost` is not known",
        ),
        (
            FakeWorld::default().with_file("clouds.yaml", "clouds: {a: {auth_type: v3oidcpassword}}"),
            with(&[]),
            "auth_type `v3oidcpassword` is not supported",
        ),
    ] {
        let error = find(world, &config).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::CredentialInvalid, "{words}");
        assert!(error.message.contains(words), "{error} ({words})");
        assert!(error.hint.is_some(), "{words}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_is_tried_where_the_network_may_be_asked() {
    let world = || Arc::new(with_openrc(FakeWorld::default()));
    let refusing = Script::by(|_| crate::cloud::keystone_refuses(401));
    let error = connect_in(&world(), &refusing, &with(&[])).find_credentials(true).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    let taking = cloud(|_| Answer::never());
    let found = connect_in(&world(), &taking, &with(&[])).find_credentials(true).await.result.unwrap();
    assert_eq!(found.source, "environment variables OS_*");
}
