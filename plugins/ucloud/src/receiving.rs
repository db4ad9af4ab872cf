//! What others share with this login.
//!
//! Whose login it is, no call of this service tells, so it is not compared with the account that is asked about: another
//! account's login just does not see the images.

use imgshare_sdk::{ImageId, ReceivedImage, ReceivedQuery, Result, receiving};

use crate::api::list::{self, Part};
use crate::client::Client;
use crate::settings::Zone;
use crate::zones;

/// Those of the query's images that this login sees because they are shared with it.
///
/// That a listing without a zone has the images of all zones is not documented: what it lacks is looked for in each zone.
pub(crate) async fn read(
    client: &Client<'_>,
    query: &ReceivedQuery,
    zone: &Zone,
    per_page: u32,
) -> Result<Vec<ReceivedImage>> {
    let mut found = find(client, query, Part::ALL, &query.images, per_page).await?;
    let missing = |found: &[ReceivedImage]| -> Vec<ImageId> {
        let is_missing = |id: &&ImageId| found.iter().all(|image| image.id != **id);
        query.images.iter().filter(is_missing).cloned().collect()
    };
    if missing(&found).is_empty() {
        return Ok(found);
    }
    for zone in zones::to_name(client, &query.region, zone).await? {
        found.extend(find(client, query, Part::of_zone(zone), &missing(&found), per_page).await?);
    }
    Ok(found)
}

/// Those of the wanted images that are in this part of the listing, or in what follows it.
async fn find(
    client: &Client<'_>,
    query: &ReceivedQuery,
    first: Part,
    wanted: &[ImageId],
    per_page: u32,
) -> Result<Vec<ReceivedImage>> {
    let page = async |part: Part| {
        let answer = client.ask(&query.region, &list::describe_received(&part, per_page)).await?;
        Ok(list::received(answer.value, &part, per_page))
    };
    receiving::find(wanted, first, page).await
}
