//! Finds images among those that others share with a login, for [`Provider::read_received`](crate::Provider::read_received).
//!
//! For clouds that list what a receiver has page by page, and cannot be trusted to look for many ids at once.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use crate::{Error, ErrorKind, ImageId, ReceivedImage, Result, try_join_all};

/// Pages after which a listing is taken for one without an end.
const PAGES_MAX: usize = 10_000;

/// Those of the wanted images that the listing has, each once. It is read from its first page on, until all are found
/// or it ends; pages that are known are asked for at the same time. For no images nothing is asked.
///
/// `page` gives what is on a page, and the pages to go on with: [`paging`](crate::paging) knows them. Images that are not
/// wanted may be among what it gives.
///
/// # Errors
///
/// The first of a page, and `Malformed` for a listing that does not end.
pub async fn find<P, F>(wanted: &[ImageId], first: P, page: impl Fn(P) -> F) -> Result<Vec<ReceivedImage>>
where
    F: Future<Output = Result<(Vec<ReceivedImage>, Vec<P>)>>,
{
    let wanted: BTreeSet<&ImageId> = wanted.iter().collect();
    let (mut found, mut open, mut asked) = (BTreeMap::new(), vec![first], 0);
    while !open.is_empty() && found.len() < wanted.len() {
        asked += open.len();
        if asked > PAGES_MAX {
            return Err(endless());
        }
        for (images, next) in try_join_all(open.drain(..).map(&page)).await? {
            let images = images.into_iter().filter(|image| wanted.contains(&image.id));
            found.extend(images.map(|image| (image.id.clone(), image)));
            open.extend(next);
        }
    }
    Ok(found.into_values().collect())
}

fn endless() -> Error {
    Error::new(
        ErrorKind::Malformed,
        format!("the listing of received images does not end after {PAGES_MAX} pages"),
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use futures_util::FutureExt as _;

    use super::*;

    fn image(id: &str) -> ReceivedImage {
        ReceivedImage { id: id.into(), ..ReceivedImage::default() }
    }

    /// What is found in pages of these images, and which of the pages were asked for.
    fn check(wanted: &[&str], pages: &[&[&str]]) -> (Result<Vec<String>>, Vec<usize>) {
        let wanted: Vec<ImageId> = wanted.iter().map(|id| (*id).into()).collect();
        let asked = RefCell::new(Vec::new());
        let page = |number: usize| {
            asked.borrow_mut().push(number);
            let images = pages[number % pages.len()].iter().map(|id| image(id)).collect();
            let next = if number + 1 == pages.len() { vec![] } else { vec![number + 1] };
            std::future::ready(Ok((images, next)))
        };
        let found = find(&wanted, 0, page).now_or_never().expect("nothing is waited for");
        (found.map(|found| found.into_iter().map(|image| image.id.to_string()).collect()), asked.into_inner())
    }

    #[test]
    fn only_what_is_wanted_is_found_and_each_once() {
        assert_eq!(
            check(&["a", "c"], &[&["a", "b"], &["a", "c"]]),
            (Ok(vec!["a".into(), "c".into()]), vec![0, 1])
        );
    }

    #[test]
    fn nothing_is_asked_once_all_is_found() {
        assert_eq!(check(&["a"], &[&["a"], &["b"]]).1, [0]);
        assert_eq!(check(&[], &[&["a"]]), (Ok(vec![]), vec![]));
    }

    #[test]
    fn what_is_on_no_page_is_left_out() {
        assert_eq!(check(&["a", "z"], &[&["a"], &["b"]]), (Ok(vec!["a".into()]), vec![0, 1]));
    }

    #[test]
    fn a_listing_without_an_end_is_an_error() {
        let page = |number: usize| std::future::ready(Ok((Vec::new(), vec![number + 1])));
        let found = find(&["a".into()], 0, page).now_or_never().expect("nothing is waited for");
        assert_eq!(found.unwrap_err().kind, ErrorKind::Malformed);
    }
}
