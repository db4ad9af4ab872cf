//! What others share with this login.
//!
//! Whose login it is, no call of this service tells, so it is not compared with the account that is asked about: another
//! account's login just does not see the images.

use imgshare_sdk::paging::Span;
use imgshare_sdk::{ReceivedImage, ReceivedQuery, Result, receiving};

use crate::api::list;
use crate::client::Client;
use crate::may_come_from_a_filter;

/// Those of the query's images that this login sees because they are shared with it.
pub(crate) async fn read(
    client: &Client<'_>,
    query: &ReceivedQuery,
    per_page: u32,
) -> Result<Vec<ReceivedImage>> {
    if list::are_few(&query.images) {
        match find(client, query, Span::ALL, per_page).await {
            Err(error) if may_come_from_a_filter(&error) => {
                tracing::debug!(%error, "looking through all images that are shared with this login");
            }
            found => return found,
        }
    }
    find(client, query, Span::ALL.of_all_images(), per_page).await
}

async fn find(
    client: &Client<'_>,
    query: &ReceivedQuery,
    first: Span,
    per_page: u32,
) -> Result<Vec<ReceivedImage>> {
    let page = async |span| {
        let ask = list::describe_received(&query.images, span, per_page);
        let answer = client.ask(&query.region, &ask).await?;
        Ok(list::received(answer.value, span, per_page))
    };
    receiving::find(&query.images, first, page).await
}
