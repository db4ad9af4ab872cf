//! An image can be used only in its own region.

use crate::moto::{Owner, calls};

const ELSEWHERE: &str = "eu-west-1";

const RULE: &str = "[[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = { name = \"golden-*\" }\n\
                    copy_from = \"us-east-1\"\nregions = [\"us-east-1\", \"eu-west-1\"]\nwith = [\"team\"]\n\
                    [accounts]\nteam = { aws = \"000123456789\" }\n";

#[test]
fn an_image_is_copied_into_another_region_and_the_copy_is_shared() {
    let owner = Owner::new();
    owner.make_images(2);
    let home = Owner::home_in(&["us-east-1", ELSEWHERE], &owner.sharer, RULE);
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    for region in ["us-east-1", ELSEWHERE] {
        let shares = owner.shares_in(region);
        assert_eq!(shares.keys().collect::<Vec<_>>(), ["golden-000", "golden-001"], "{region}");
        assert!(shares.values().all(|accounts| accounts.len() == 1), "{region}: {shares:?}");
    }
    assert_eq!(calls(&owner.sharer, "CopyImage"), 2);
}
