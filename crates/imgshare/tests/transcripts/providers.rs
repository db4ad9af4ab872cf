//! `imgshare providers`

use imgshare_testkit::PluginFolder;
use snapbox::{assert_data_eq, str};

use crate::stage::{Run, Stage};

fn with_a_broken_file_beside(words: &str) -> Run {
    let folder = PluginFolder::with(&["tencent"]);
    folder.put("broken", b"this is no library");
    let path = folder.path().canonicalize().expect("it is there");
    let mut run = Stage::new().run(&format!("{words} --plugins {}", path.display()));
    run.hide(&path.display().to_string(), "[PLUGINS]");
    run
}

#[test]
fn a_broken_file_does_not_stop_the_others() {
    assert_data_eq!(
        with_a_broken_file_beside("providers").transcript(),
        str![[r#"
$ imgshare providers --plugins [PLUGINS]
tencent [VERSION]  Tencent Cloud CVM
  file         [PLUGINS]/libtencent.so
  built with   imgshare-sdk [VERSION], rustc [VERSION]
  can          find credentials, list images, read shares, change shares,
               copy images
  selects by   id, name, age, family, tags
  limits       100 images per page, 20 accounts per change,
               500 accounts per image
  calls        DescribeImages 40/s per region,
               DescribeImageSharePermission 10/s per region,
               ModifyImageSharePermission 10/s per region,
               SyncImages 10/s per region
  accounts     the main account's id (UIN), digits only, such as 100012345678
  credentials  secret_id: the API key's id (TENCENTCLOUD_SECRET_ID)
               secret_key: the API key itself (TENCENTCLOUD_SECRET_KEY)
               token: the session token of a temporary key (TENCENTCLOUD_TOKEN)
               profile: a profile of the cloud's own tools, in place of a key
  settings     language: The language of the cloud's error messages. (default:
                 "en-US")
               metadata_endpoint: Where the metadata service is: scheme, host
                 and port. (default: "http://metadata.tencentyun.com")
               role: Whether the role of the server that imgshare runs on is
                 used when there are no other credentials; with `none` the
                 metadata service is never asked. (default: "auto")
               site: Which hosts are talked to: the nearest access point, each
                 region's own host, or the international site. Finance regions
                 always have their own host. (default: "default")

refused  [PLUGINS]/libbroken.so
  it is no Elf library; put only plugin files into the folder
--- exit 0

"#]]
    );
}

#[test]
fn without_any_plugin_it_says_where_to_put_one() {
    let run = Stage::new().run("providers --plugins nowhere");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare providers --plugins nowhere
there is no plugin in nowhere
put plugin files there, or name their folder with --plugins DIR
--- exit 1

"#]]
    );
}

#[test]
fn providers_as_json() {
    let document = with_a_broken_file_beside("providers --format json").json();
    assert_eq!(document["format"], 1);
    let tencent = &document["providers"][0];
    assert_eq!((&tencent["name"], &tencent["boundary"]), (&"tencent".into(), &1.into()));
    assert_eq!(tencent["limits"]["accounts_per_image"], 500);
    assert_eq!(tencent["credentials"][0]["environment"][0], "TENCENTCLOUD_SECRET_ID");
    assert_eq!(tencent["sha256"].as_str().map(str::len), Some(64));
    let refused = &document["refused"][0];
    assert_eq!((&refused["name"], &refused["kind"]), (&"broken".into(), &"not_a_library".into()));
}
