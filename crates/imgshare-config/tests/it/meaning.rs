//! What a right file means as a whole.

use imgshare_config::ConfigFile;
use imgshare_protocol::ProviderName;

use crate::support::{desired, with};

#[test]
fn the_host_learns_which_providers_to_load() {
    let text = "[clouds.a]\nprovider = 'acme'\n[clouds.b]\nprovider = 'other'\n[clouds.c]\nprovider = 1\n";
    let file = ConfigFile::parse("imgshare.toml", text).unwrap();
    assert_eq!(file.providers(), ["acme", "other"].map(ProviderName::from).into());
}

#[test]
fn the_digest_is_the_sha_256_of_the_text() {
    let text = "#:schema ./imgshare.schema.json\n[clouds.a]\nprovider = 'acme'\nregions = ['north']\n";
    assert_eq!(desired(text).digest, "66777a94dc9c2c8ca56610240e81e29fafa3a625bd29747dfc491f16eee50d68");
}

#[test]
fn rules_and_clouds_know_their_places() {
    let desired = desired(&with("['data-team']"));
    assert_eq!(desired.clouds["prod"].place.to_string(), "imgshare.toml:2:1");
    assert_eq!(desired.rules[0].place.to_string(), "imgshare.toml:17:1");
}
