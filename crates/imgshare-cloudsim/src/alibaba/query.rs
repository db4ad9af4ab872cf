//! What a listing asks for: conditions, all of which an image must meet.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::AVAILABLE;
use super::params::{Page, Params, invalid};
use crate::cloud::Refusal;
use crate::world::Image;

const TAGS_MAX: u32 = 20;
/// Nothing is documented about the number of filters; there are two keys.
const FILTERS_MAX: u32 = 10;

/// The conditions of one `DescribeImages`, and which part of the result.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) owner_alias: Option<String>,
    pub(super) page: Page,
    ids: Vec<String>,
    name: Option<String>,
    family: Option<String>,
    /// `None`: every state.
    states: Option<Vec<String>>,
    tags: Vec<(String, Option<String>)>,
    created_from: Option<Timestamp>,
    created_to: Option<Timestamp>,
}

impl Query {
    pub(super) fn read(params: &mut Params) -> Result<Self, Refusal> {
        let list = |text: String| text.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
        let states = params.take("Status").map_or_else(|| vec![AVAILABLE.to_owned()], list);
        let mut query = Self {
            owner_alias: params.take("ImageOwnerAlias"),
            page: params.take_page()?,
            ids: params.take("ImageId").map(list).unwrap_or_default(),
            name: params.take("ImageName"),
            family: params.take("ImageFamily"),
            states: (!states.iter().any(|state| state == "ALL")).then_some(states),
            tags: params.take_keyed("Tag", TAGS_MAX),
            created_from: None,
            created_to: None,
        };
        for (key, value) in params.take_keyed("Filter", FILTERS_MAX) {
            query.add_filter(&key, &value.unwrap_or_default())?;
        }
        query.check_alias().map(|()| query)
    }

    fn add_filter(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        let place = match key {
            "CreationStartTime" => &mut self.created_from,
            "CreationEndTime" => &mut self.created_to,
            _ => return Err(invalid(format!("The filter key {key} is not valid."))),
        };
        *place =
            Some(minute(value).ok_or_else(|| invalid(format!("The filter value {value} is not valid.")))?);
        Ok(())
    }

    fn check_alias(&self) -> Result<(), Refusal> {
        let known = ["self", "system", "others", "marketplace"];
        let good = self.owner_alias.as_deref().is_none_or(|alias| known.contains(&alias));
        good.then_some(()).ok_or_else(|| invalid("The specified ImageOwnerAlias is not valid."))
    }

    /// Whether the image meets every condition, the owner's alias aside.
    pub(super) fn lets_through(&self, image: &Image, now: Timestamp) -> bool {
        let state = image.state(now);
        (self.ids.is_empty() || self.ids.iter().any(|id| id == image.id.as_str()))
            && self.name.as_ref().is_none_or(|name| image.name.contains(name))
            && self.family.as_ref().is_none_or(|family| image.family.as_ref() == Some(family))
            && self.states.as_ref().is_none_or(|states| states.iter().any(|of| of == state))
            && self.tags.iter().all(|(key, value)| has_tag(image, key, value.as_deref()))
            && self.created_from.is_none_or(|from| image.created >= from)
            && self.created_to.is_none_or(|to| image.created <= to)
    }
}

/// A tag without a value asks for the key only.
fn has_tag(image: &Image, key: &str, value: Option<&str>) -> bool {
    image.tags.get(key).is_some_and(|tag| value.is_none_or(|value| tag == value))
}

/// `yyyy-MM-ddTHH:mmZ`, in UTC.
fn minute(text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime("%Y-%m-%dT%H:%MZ", text).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
