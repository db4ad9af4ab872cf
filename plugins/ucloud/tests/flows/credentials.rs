//! Where keys are looked for, in which order, and for which project.

use imgshare_sdk::{Connect, ErrorKind, FoundCredentials, Result};
use imgshare_testkit::{FakeWorld, Script};
use serde_json::json;

use crate::cloud::{calls, connect_in, done, image, parameters, refuse, with_credentials};

const KEYS: &str = "~/.ucloud/credential.json";
const PROFILES: &str = "~/.ucloud/config.json";
const COMPSHARE: &str = "~/.config/compshare/config.json";

fn environment(world: FakeWorld, tool: &str) -> FakeWorld {
    let (public_key, private_key) = (format!("{tool}_PUBLIC_KEY"), format!("{tool}_PRIVATE_KEY"));
    world
        .with_env(&public_key, &format!("fakepublicof{tool}"))
        .with_env(&private_key, &format!("fakeprivateof{tool}"))
}

fn ucloud_files(world: FakeWorld) -> FakeWorld {
    world
        .with_file(
            KEYS,
            r#"[{"profile":"default","public_key":"fakepublicdefault","private_key":"fakeprivatedefault","auth_mode":"aksk"},
                {"profile":"prod","public_key":"fakepublicprod","private_key":"fakeprivateprod","cookie":""},
                {"profile":"browser","auth_mode":"oauth","access_token":"FAKETOKEN"}]"#,
        )
        .with_file(
            PROFILES,
            r#"[{"profile":"default","active":false,"project_id":"org-default"},
                {"profile":"prod","active":true,"project_id":"org-prod","region":"cn-bj2","timeout_sec":15}]"#,
        )
}

fn compshare_file(world: FakeWorld, path: &str) -> FakeWorld {
    world.with_file(
        path,
        r#"{"current_profile":"gpu","profiles":{"gpu":{"public_key":"fakepublicgpu","private_key":"fakeprivategpu"},
            "lab":{"public_key":"fakepubliclab","private_key":"fakeprivatelab"}}}"#,
    )
}

async fn find(world: FakeWorld, config: &Connect) -> Result<FoundCredentials> {
    connect_in(world, &Script::capture(), config).find_credentials(false).await.result
}

async fn source(world: FakeWorld, fields: &[(&str, &str)]) -> String {
    find(world, &with_credentials(fields)).await.unwrap().source
}

/// The public key and the project that a call is made with.
async fn caller(world: FakeWorld, config: &Connect) -> (String, Option<String>) {
    let cloud = Script::by(|_| done(json!({})));
    connect_in(world, &cloud, config).read_shares(image()).await.result.unwrap();
    let call = calls(&cloud).remove(0);
    (call["PublicKey"].clone(), call.get("ProjectId").cloned())
}

#[tokio::test]
async fn config_then_environment_then_files_and_compshares_own_first() {
    let keys = [("public_key", "fakepublicconfig"), ("private_key", "fakeprivateconfig")];
    let files = || compshare_file(ucloud_files(FakeWorld::default()), COMPSHARE);
    let both = || environment(environment(files(), "UCLOUD"), "COMPSHARE");
    assert_eq!(source(both(), &keys).await, "the config's `credentials`");
    assert_eq!(
        source(both(), &[]).await,
        "environment variables COMPSHARE_PUBLIC_KEY and COMPSHARE_PRIVATE_KEY"
    );
    let ucloud = environment(files(), "UCLOUD");
    assert_eq!(source(ucloud, &[]).await, "environment variables UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY");
    assert_eq!(source(files(), &[]).await, "~/.config/compshare/config.json, profile `gpu`");
    assert_eq!(
        source(ucloud_files(FakeWorld::default()), &[]).await,
        "~/.ucloud/credential.json, profile `prod`"
    );
}

#[tokio::test]
async fn at_the_host_of_all_products_its_own_keys_come_first() {
    let files = || compshare_file(ucloud_files(FakeWorld::default()), COMPSHARE);
    let config = Connect { settings: json!({"site": "ucloud"}), ..with_credentials(&[]) };
    let both = environment(environment(files(), "UCLOUD"), "COMPSHARE");
    let found = |world| async { find(world, &config).await.unwrap().source };
    assert_eq!(found(both).await, "environment variables UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY");
    assert_eq!(found(files()).await, "~/.ucloud/credential.json, profile `prod`");
}

#[tokio::test]
async fn keys_come_with_their_own_project_unless_the_config_names_one() {
    let environment = || environment(FakeWorld::default(), "UCLOUD").with_env("UCLOUD_PROJECT_ID", "org-env");
    let none = with_credentials(&[]);
    let named = with_credentials(&[("project_id", "org-config")]);
    let caller = |world, config| async move { caller(world, config).await };
    assert_eq!(caller(environment(), &none).await, ("fakepublicofUCLOUD".into(), Some("org-env".into())));
    assert_eq!(caller(environment(), &named).await.1, Some("org-config".into()));
    let files = ucloud_files(FakeWorld::default());
    assert_eq!(caller(files, &none).await, ("fakepublicprod".into(), Some("org-prod".into())));
    let compshare = compshare_file(FakeWorld::default(), COMPSHARE).with_env("UCLOUD_PROJECT_ID", "org-env");
    assert_eq!(caller(compshare, &none).await, ("fakepublicgpu".into(), None));
}

#[tokio::test]
async fn a_profile_that_the_config_names_is_the_only_place() {
    let world = || environment(compshare_file(ucloud_files(FakeWorld::default()), COMPSHARE), "COMPSHARE");
    assert_eq!(
        source(world(), &[("profile", "default")]).await,
        "~/.ucloud/credential.json, profile `default`"
    );
    assert_eq!(
        source(world(), &[("profile", "lab")]).await,
        "~/.config/compshare/config.json, profile `lab`"
    );
    let error = find(world(), &with_credentials(&[("profile", "staging")])).await.unwrap_err();
    assert_eq!(
        error.message,
        "there are no credentials in any of these places: ~/.config/compshare/config.json, profile `staging`; \
         ~/.ucloud/credential.json, profile `staging`"
    );
}

#[tokio::test]
async fn a_profile_that_has_tokens_of_a_browser_is_refused_and_not_passed_over() {
    let error = find(ucloud_files(FakeWorld::default()), &with_credentials(&[("profile", "browser")]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    assert!(error.message.contains("login in the browser"), "{error}");
}

#[tokio::test]
async fn compshares_file_and_profile_are_where_its_variables_say() {
    let moved = || {
        compshare_file(FakeWorld::default(), "/fake/xdg/compshare/config.json")
            .with_env("XDG_CONFIG_HOME", "/fake/xdg/")
    };
    assert_eq!(source(moved(), &[]).await, "/fake/xdg/compshare/config.json, profile `gpu`");
    assert_eq!(
        source(moved().with_env("COMPSHARE_PROFILE", "lab"), &[]).await,
        "/fake/xdg/compshare/config.json, profile `lab`"
    );
    let named = compshare_file(FakeWorld::default(), "/fake/keys.json")
        .with_env("COMPSHARE_CONFIG_FILE", "/fake/keys.json");
    assert_eq!(source(named, &[]).await, "/fake/keys.json, profile `gpu`");
}

#[tokio::test]
async fn half_a_pair_in_the_environment_is_not_completed_from_elsewhere() {
    let world = ucloud_files(FakeWorld::default().with_env("COMPSHARE_PUBLIC_KEY", "fakepublichalf"));
    let error = find(world, &with_credentials(&[])).await.unwrap_err();
    assert!(error.message.starts_with("the private key is missing"), "{error}");
}

#[tokio::test]
async fn a_machine_without_any_credentials_is_told_every_place() {
    let error = find(FakeWorld::default(), &with_credentials(&[])).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    for place in ["COMPSHARE_PUBLIC_KEY", "UCLOUD_PUBLIC_KEY", KEYS, COMPSHARE] {
        assert!(error.message.contains(place), "{place} is not in: {error}");
    }
    assert_eq!(error.hint.as_deref(), Some("set COMPSHARE_PUBLIC_KEY and COMPSHARE_PRIVATE_KEY"));
}

#[tokio::test]
async fn a_security_token_goes_with_every_call() {
    let fields =
        [("public_key", "fakepublic"), ("private_key", "fakeprivate"), ("security_token", "FAKETOKENCONFIG")];
    let cloud = Script::by(|_| done(json!({})));
    let ucloud = connect_in(FakeWorld::default(), &cloud, &with_credentials(&fields));
    ucloud.read_shares(image()).await.result.unwrap();
    assert_eq!(parameters(&cloud.requests()[0].body)["SecurityToken"], "FAKETOKENCONFIG");
}

#[tokio::test]
async fn keys_in_a_message_of_the_cloud_are_blotted_out() {
    let world = environment(FakeWorld::default(), "UCLOUD");
    let cloud = Script::by(|_| refuse(172, "User fakepublicofUCLOUD with fakeprivateofUCLOUD is unknown."));
    let ucloud = connect_in(world, &cloud, &with_credentials(&[]));
    let error = ucloud.read_shares(image()).await.result.unwrap_err();
    assert_eq!(error.message, "user [secret] with [secret] is unknown");
}
