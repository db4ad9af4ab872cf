//! What a receiver is offered: Glance lists it by what the receiver has made of it.

use std::collections::BTreeMap;

use imgshare_sdk::signing::query;
use imgshare_sdk::{Acceptance, Image, ImageId, ReceivedImage, Response, Result};
use serde_json::Value;

use super::{Ask, IMAGES_PER_PAGE, LIST, Listing, Service, object, records};

/// Ids in one request of a receiver: the address stays below 4 KiB, which is all that some servers take.
pub const IDS_PER_CALL: usize = 50;

/// What a receiver can have made of a share, in Glance's words.
pub const ANSWERS: [(&str, Acceptance); 3] = [
    ("pending", Acceptance::Pending),
    ("accepted", Acceptance::Accepted),
    ("rejected", Acceptance::Rejected),
];

/// Asks, as a receiver, which of these images are shared with it and answered so.
pub fn list(ids: &[ImageId], answer: &str, hidden: bool) -> Ask {
    let ids = ids.iter().map(ImageId::as_str).collect::<Vec<_>>().join(",");
    let mut pairs = vec![
        ("visibility", "shared".to_owned()),
        ("member_status", answer.to_owned()),
        ("limit", IMAGES_PER_PAGE.to_string()),
        ("id", format!("in:{ids}")),
    ];
    if hidden {
        pairs.push(("os_hidden", "true".to_owned()));
    }
    Ask::get(LIST, Service::Image, format!("/images?{}", query(pairs)))
}

/// Whether an id can stand in a list of ids.
pub fn is_listable(id: &ImageId) -> bool {
    let id = id.as_str();
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Reads images that a receiver is offered; its own, which it sees anyway, are left out.
///
/// # Errors
///
/// `Malformed` when it is no list of images.
pub fn images(
    response: &Response,
    receiver: &str,
    acceptance: Acceptance,
) -> Result<BTreeMap<ImageId, ReceivedImage>> {
    let Listing { images, .. } = response.object()?;
    let others = images
        .into_iter()
        .filter_map(object)
        .filter(|image| image.get("owner").and_then(Value::as_str).is_some_and(|owner| owner != receiver));
    let received =
        others.filter_map(|image| records::image(&image)).map(|Image { id, state, cloud_state, .. }| {
            (id.clone(), ReceivedImage { id, state, cloud_state, acceptance: Some(acceptance) })
        });
    Ok(received.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_receivers_own_images_are_not_shared_with_it() {
        let body = json!({"images": [
            {"id": "i-1", "owner": "p-2", "status": "active"}, {"id": "i-2", "owner": "me", "status": "active"}, {"id": "i-3"}]});
        let response = Response { status: 200, headers: vec![], body: body.to_string().into_bytes() };
        let received = images(&response, "me", Acceptance::Pending).unwrap();
        assert_eq!(received.keys().map(ImageId::as_str).collect::<Vec<_>>(), ["i-1"]);
    }

    #[test]
    fn a_question_names_its_images_and_one_answer() {
        let ids = ["i-1".into(), "i-2".into()];
        let expected = "/images?visibility=shared&member_status=rejected&limit=1000&id=in%3Ai-1%2Ci-2";
        assert_eq!(list(&ids, "rejected", false).path, expected);
        assert_eq!(list(&ids, "rejected", true).path, format!("{expected}&os_hidden=true"));
    }

    #[test]
    fn an_id_that_would_change_the_question_is_not_listable() {
        for (id, expected) in
            [("9a1d-x_1", true), ("", false), ("a,b", false), ("a b", false), ("in:a", false)]
        {
            assert_eq!(is_listable(&id.into()), expected, "{id:?}");
        }
    }
}
