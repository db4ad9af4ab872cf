//! Cases that every provider has.

use std::path::Path;

use imgshare_protocol::{Change, ErrorKind, Image, ImageQuery, ImageRef};

use super::{Scene, play};

/// Plays them all with a built library: the images of a region are listed, accounts are added, removed and read back, and
/// a bad account spoils nothing for others. What was recorded is in this folder, a file for each.
///
/// # Panics
///
/// As [`play`] does.
pub fn run(library: &Path, folder: &Path) {
    images_are_listed(library, folder);
    accounts_are_added_removed_and_read_back(library, folder);
    a_bad_account_is_named_and_the_good_ones_get_through(library, folder);
}

/// Lists the images of a region, as recorded in `images.txt` of this folder.
fn images_are_listed(library: &Path, folder: &Path) {
    play(library, &folder.join("images.txt"), async |scene| {
        assert_eq!(images(scene).await.len(), 3, "images of the region");
    });
}

/// Adds two accounts, removes the first and reads who is left, as recorded in `shares.txt` of this folder.
fn accounts_are_added_removed_and_read_back(library: &Path, folder: &Path) {
    play(library, &folder.join("shares.txt"), async |scene| {
        let add = two_accounts(scene).await;
        let remove = Change { add: Vec::new(), remove: add.add[..1].to_vec(), ..add.clone() };
        for change in [&add, &remove] {
            let changed = scene.provider.change_shares(change.clone()).await.result;
            assert_eq!(changed.expect("the change is made").failed, []);
        }
        let shares = scene.provider.read_shares(add.image).await.result.expect("the shares are read");
        assert_eq!(shares.accounts, [add.add[1].clone()].into());
    });
}

/// Adds a bad account between two good ones, as recorded in `bad-account.txt` of this folder.
fn a_bad_account_is_named_and_the_good_ones_get_through(library: &Path, folder: &Path) {
    play(library, &folder.join("bad-account.txt"), async |scene| {
        let mut change = two_accounts(scene).await;
        let good = change.add.iter().cloned().collect();
        change.add.insert(1, scene.bad_account.clone());
        let changed = scene.provider.change_shares(change.clone()).await.result.expect("the change is made");
        let failed: Vec<_> =
            changed.failed.iter().map(|failure| (&failure.account, failure.error.kind)).collect();
        assert_eq!(failed, [(&scene.bad_account, ErrorKind::AccountInvalid)]);
        let shares = scene.provider.read_shares(change.image).await.result.expect("the shares are read");
        assert_eq!(shares.accounts, good);
    });
}

async fn images(scene: &Scene) -> Vec<Image> {
    let query = ImageQuery { region: scene.region.clone(), ..ImageQuery::default() };
    scene.provider.list_images(query).await.result.expect("images are listed").items
}

/// Adds two accounts to the image that is listed first.
async fn two_accounts(scene: &Scene) -> Change {
    let image = ImageRef { region: scene.region.clone(), id: images(scene).await[0].id.clone() };
    Change { image, add: scene.accounts[..2].to_vec(), ..Change::default() }
}
