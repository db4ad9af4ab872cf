//! All pages of a listing.

use std::collections::{BTreeSet, HashSet};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use imgshare_host::{Ended, Provider};
use imgshare_protocol::{Error, ErrorKind, Image, ImageQuery, PageToken};

/// Pages that one listing may have. A provider that names a new page for ever must not keep a run for ever.
const PAGES_MAX: usize = 10_000;

/// The images of all pages of this listing, each image once. Pages that are known are fetched at once.
pub(crate) async fn all_pages(provider: &Provider, query: &ImageQuery) -> Ended<Vec<Image>> {
    let mut images = Vec::new();
    let mut sends = 0;
    let (mut ids, mut pages_seen) = (HashSet::new(), BTreeSet::new());
    let mut open = FuturesUnordered::from_iter([provider.list_images(query.clone())]);
    while let Some(page) = open.next().await {
        sends += page.sends;
        let page = match page.result {
            Ok(page) => page,
            Err(error) => return Ended { result: Err(error), sends },
        };
        images.extend(page.items.into_iter().filter(|image| ids.insert(image.id.clone())));
        for token in page.next.into_iter().filter(|token| pages_seen.insert(token.clone())) {
            open.push(provider.list_images(at_page(query, token)));
        }
        if pages_seen.len() > PAGES_MAX {
            return Ended { result: Err(endless()), sends };
        }
    }
    Ended { result: Ok(images), sends }
}

fn at_page(query: &ImageQuery, token: PageToken) -> ImageQuery {
    ImageQuery { page: Some(token), ..query.clone() }
}

fn endless() -> Error {
    Error::new(ErrorKind::Malformed, format!("the listing has more than {PAGES_MAX} pages"))
        .with_hint("report this to the plugin's author")
}
