//! What others share with this login.
//!
//! Whose login it is, no call of this service tells, so it is not compared with the account that is asked about: another
//! account's login just does not see the images.

use imgshare_sdk::paging::PageNumber;
use imgshare_sdk::{ReceivedImage, ReceivedQuery, Result, receiving};

use crate::api::list;
use crate::client::Client;

/// Those of the query's images that this login sees because they are shared with it.
pub(crate) async fn read(
    client: &Client<'_>,
    query: &ReceivedQuery,
    per_page: u32,
) -> Result<Vec<ReceivedImage>> {
    let page = async |number| {
        let ask = list::describe_received(&query.region, number, per_page);
        let answer = client.ask(&query.region, &ask).await?;
        Ok(list::received(answer.value, number, per_page))
    };
    receiving::find(&query.images, PageNumber::FIRST, page).await
}
