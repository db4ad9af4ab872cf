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

/// A filter that the cloud has.
#[derive(Debug)]
pub(super) struct Condition {
    field: Field,
    values: Vec<String>,
}

/// What a filter looks at.
#[derive(Debug)]
enum Field {
    ImageId,
    ImageType,
    ImageName,
    Platform,
    TagKey,
    TagValue,
    Tag(String),
    /// A field that no simulated image has.
    Absent,
}

/// What the filters ask for. Refuses too many filters or values, and names that the cloud does not have.
pub(super) fn read(filters: Vec<Filter>) -> Result<Vec<Condition>, Refusal> {
    let too_many =
        filters.len() > FILTERS_MAX || filters.iter().any(|filter| filter.values.len() > VALUES_MAX);
    if too_many {
        let message = format!("At most {FILTERS_MAX} filters with {VALUES_MAX} values each are allowed.");
        return Err(Refusal::new("InvalidFilterValue.LimitExceeded", message));
    }
    let condition = |Filter { name, values }| match field(&name) {
        Some(field) => Ok(Condition { field, values }),
        None => Err(Refusal::new("InvalidFilter", format!("The filter `{name}` does not exist."))),
    };
    filters.into_iter().map(condition).collect()
}

/// Whether an image meets every condition.
pub(super) fn let_through(conditions: &[Condition], listed: &Listed<'_>) -> bool {
    let meets = |of: &Condition| of.values.iter().any(|value| matches(&of.field, value, listed));
    conditions.iter().all(meets)
}

fn field(name: &str) -> Option<Field> {
    Some(match name {
        "image-id" => Field::ImageId,
        "image-type" => Field::ImageType,
        "image-name" => Field::ImageName,
        "platform" => Field::Platform,
        "tag-key" => Field::TagKey,
        "tag-value" => Field::TagValue,
        "dedicated-cluster-id" | "cdc-cache-status" => Field::Absent,
        _ => Field::Tag(name.strip_prefix("tag:")?.to_owned()),
    })
}

fn matches(field: &Field, value: &str, listed: &Listed<'_>) -> bool {
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
