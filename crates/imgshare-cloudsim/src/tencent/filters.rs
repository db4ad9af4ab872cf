//! Filters of `DescribeImages`: ANDed, the values of one ORed.

use serde::Deserialize;

use super::images::Listed;
use crate::cloud::Refusal;

const FILTERS_MAX: usize = 10;
const VALUES_MAX: usize = 5;

/// One filter as sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Filter {
    name: String,
    values: Vec<String>,
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy)]
enum Field<'a> {
    ImageId,
    ImageType,
    ImageName,
    Platform,
    TagKey,
    TagValue,
    Tag(&'a str),
    /// A field that no simulated image has.
    Absent,
}

/// Refuses too many filters or values, and names that the cloud does not have.
pub(super) fn check(filters: &[Filter]) -> Result<(), Refusal> {
    let too_many =
        filters.len() > FILTERS_MAX || filters.iter().any(|filter| filter.values.len() > VALUES_MAX);
    if too_many {
        let message = format!("At most {FILTERS_MAX} filters with {VALUES_MAX} values each are allowed.");
        return Err(Refusal::new("InvalidFilterValue.LimitExceeded", message));
    }
    match filters.iter().find(|filter| field(&filter.name).is_none()) {
        None => Ok(()),
        Some(Filter { name, .. }) => {
            Err(Refusal::new("InvalidFilter", format!("The filter `{name}` does not exist.")))
        }
    }
}

/// Whether every filter lets the image through.
pub(super) fn let_through(filters: &[Filter], listed: &Listed<'_>) -> bool {
    filters.iter().all(|filter| {
        field(&filter.name)
            .is_some_and(|field| filter.values.iter().any(|value| matches(field, value, listed)))
    })
}

fn field(name: &str) -> Option<Field<'_>> {
    Some(match name {
        "image-id" => Field::ImageId,
        "image-type" => Field::ImageType,
        "image-name" => Field::ImageName,
        "platform" => Field::Platform,
        "tag-key" => Field::TagKey,
        "tag-value" => Field::TagValue,
        "dedicated-cluster-id" | "cdc-cache-status" => Field::Absent,
        _ => Field::Tag(name.strip_prefix("tag:")?),
    })
}

fn matches(field: Field<'_>, value: &str, listed: &Listed<'_>) -> bool {
    let image = listed.image;
    match field {
        Field::ImageId => image.id.as_str() == value,
        Field::ImageType => listed.kind == value,
        Field::ImageName => image.name.contains(value),
        Field::Platform => image.platform.contains(value),
        Field::TagKey => image.tags.contains_key(value),
        Field::TagValue => image.tags.values().any(|tag| tag == value),
        Field::Tag(key) => image.tags.get(key).is_some_and(|tag| tag == value),
        Field::Absent => false,
    }
}
