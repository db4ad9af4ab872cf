//! Filters that the cloud applies. They only narrow: none may lose an image that the query is about.

use imgshare_sdk::{ImageId, ImageQuery};
use serde::Serialize;

/// Filters that one call takes.
const FILTERS_MAX: usize = 10;

/// Values that one filter takes.
const VALUES_MAX: usize = 5;

/// All filters must match an image, and of one filter any value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Filter {
    name: String,
    values: Vec<String>,
}

impl Filter {
    fn new(name: impl Into<String>, values: Vec<String>) -> Self {
        Self { name: name.into(), values }
    }
}

/// The owner's own images, without public ones and those that others share.
pub(super) fn private_images() -> Filter {
    Filter::new("image-type", vec!["PRIVATE_IMAGE".into()])
}

/// What others share with the caller, and nothing else.
pub(super) fn shared_images() -> Filter {
    Filter::new("image-type", vec!["SHARED_IMAGE".into()])
}

/// What the query says, as far as the cloud can be trusted with it. It has no filter for family, state or time.
pub(super) fn narrowing(query: &ImageQuery) -> Vec<Filter> {
    let tags = query.tags.iter().filter_map(|(key, value)| tag(key, value));
    ids(&query.ids).into_iter().chain(name(query)).chain(tags).take(FILTERS_MAX - 1).collect()
}

/// As many as one filter takes; `None` when there are none, or more.
pub(super) fn ids(ids: &[ImageId]) -> Option<Filter> {
    let ids: Vec<_> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    (1..=VALUES_MAX).contains(&ids.len()).then(|| Filter::new("image-id", ids))
}

/// The filter is fuzzy in a way that is not documented, so only names that can mean nothing else are sent.
fn name(query: &ImageQuery) -> Option<Filter> {
    let name = query.name.as_ref()?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    (plain && !name.is_empty()).then(|| Filter::new("image-name", vec![name.clone()]))
}

/// A tag with an empty value is left out: whether the filter takes one is not documented.
fn tag(key: &str, value: &str) -> Option<Filter> {
    let complete = !key.is_empty() && !value.is_empty();
    complete.then(|| Filter::new(format!("tag:{key}"), vec![value.to_owned()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(query: &ImageQuery) -> Vec<String> {
        narrowing(query).into_iter().map(|filter| filter.name).collect()
    }

    #[test]
    fn up_to_five_ids_are_sent_and_more_are_not() {
        let query = |count| ImageQuery {
            ids: (0..count).map(|id| format!("img-{id:08}").into()).collect(),
            ..ImageQuery::default()
        };
        assert_eq!(names(&query(0)), [""; 0]);
        assert_eq!(names(&query(5)), ["image-id"]);
        assert_eq!(names(&query(6)), [""; 0]);
    }

    #[test]
    fn only_a_plain_name_is_trusted_to_a_fuzzy_filter() {
        let query = |name: &str| ImageQuery { name: Some(name.into()), ..ImageQuery::default() };
        assert_eq!(names(&query("golden-ubuntu_22.04")), ["image-name"]);
        for odd in ["100%", "a*", "two words", "镜像", ""] {
            assert_eq!(names(&query(odd)), [""; 0], "{odd}");
        }
    }

    #[test]
    fn tags_fill_what_is_left_of_ten_filters() {
        let tags = (0..20).map(|n| (format!("k{n:02}"), "v".to_owned())).collect();
        let query = ImageQuery {
            ids: vec!["img-00000000".into()],
            name: Some("x".into()),
            tags,
            ..ImageQuery::default()
        };
        assert_eq!(
            names(&query),
            [
                "image-id",
                "image-name",
                "tag:k00",
                "tag:k01",
                "tag:k02",
                "tag:k03",
                "tag:k04",
                "tag:k05",
                "tag:k06"
            ]
        );
    }

    #[test]
    fn what_the_cloud_cannot_filter_by_is_never_sent() {
        let query = ImageQuery {
            family: Some("ubuntu".into()),
            created_after: Some(imgshare_sdk::Timestamp(1)),
            tags: [("empty".to_owned(), String::new())].into(),
            ..ImageQuery::default()
        };
        assert_eq!(names(&query), [""; 0]);
    }
}
