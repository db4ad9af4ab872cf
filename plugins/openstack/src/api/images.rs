//! `/v2/images`: an owner's images.

pub mod received;
mod records;

use imgshare_sdk::signing::query;
use imgshare_sdk::{Error, ErrorKind, Image, ImageId, ImageQuery, Page, PageToken, Response, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Ask, Content, Service, image_path};
pub use records::Visibility;

/// The most that one page holds (`api_limit_max`).
pub const IMAGES_PER_PAGE: u32 = 1000;

const LIST: &str = "GET images";

/// The media type of changes to an image.
const PATCH: &str = "application/openstack-images-v2.1-json-patch";

/// A part of an owner's listing: Glance lists hidden images apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    hidden: bool,
    /// The last image of the page before.
    marker: Option<String>,
}

impl Part {
    /// The beginning of the images that are not hidden.
    pub const SHOWN: Self = Self { hidden: false, marker: None };
    /// The beginning of those that are.
    pub const HIDDEN: Self = Self { hidden: true, marker: None };

    /// The part that a token names.
    ///
    /// # Errors
    ///
    /// `Malformed` for one that is not of this provider.
    pub fn read(token: &PageToken) -> Result<Self> {
        let foreign = || Error::new(ErrorKind::Malformed, format!("`{token}` is no page of a listing"));
        let (list, marker) = token.as_str().split_once(':').ok_or_else(foreign)?;
        let hidden = match list {
            "shown" => false,
            "hidden" => true,
            _ => return Err(foreign()),
        };
        Ok(Self { hidden, marker: Some(marker.to_owned()).filter(|marker| !marker.is_empty()) })
    }

    /// The token that names it.
    pub fn token(&self) -> PageToken {
        let list = if self.hidden { "hidden" } else { "shown" };
        format!("{list}:{}", self.marker.as_deref().unwrap_or_default()).into()
    }

    /// It goes on from an image that may be gone meanwhile.
    pub fn goes_on(&self) -> bool {
        self.marker.is_some()
    }

    fn behind(&self, marker: String) -> Self {
        Self { marker: Some(marker), ..*self }
    }
}

/// Asks for one page of a project's own images.
pub fn list(images: &ImageQuery, owner: &str, part: &Part, limit: u32) -> Ask {
    let mut pairs = vec![("owner", owner.to_owned()), ("limit", limit.to_string())];
    if part.hidden {
        pairs.push(("os_hidden", "true".to_owned()));
    }
    if let Some(name) = images.name.as_ref().filter(|name| is_plain(name)) {
        pairs.push(("name", name.clone()));
    }
    pairs.extend(part.marker.clone().map(|marker| ("marker", marker)));
    Ask::get(LIST, Service::Image, format!("/images?{}", query(pairs)))
}

/// Whether Glance takes a name in a filter for itself. With a colon or a comma it may be an operator (`in:a,b`).
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

#[derive(Deserialize)]
struct Listing {
    images: Vec<Value>,
    #[serde(default)]
    next: Option<String>,
}

/// Reads a page of a project's own images.
///
/// # Errors
///
/// `Malformed` when it is no list of images.
pub fn page(response: &Response, owner: &str, part: &Part) -> Result<Page<Image>> {
    let Listing { images, next } = response.object()?;
    let next = next.as_deref().and_then(marker).map(|marker| part.behind(marker).token());
    let items = images.into_iter().filter_map(object).filter(|image| is_of(image, owner));
    Ok(Page {
        items: items.filter_map(|image| records::image(&image)).collect(),
        next: next.into_iter().collect(),
    })
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// An administrator sees images of others, and an old Glance may not know the filter.
fn is_of(image: &Map<String, Value>, owner: &str) -> bool {
    image.get("owner").is_none_or(|known| known == owner)
}

/// The marker in the link to the next page.
fn marker(next: &str) -> Option<String> {
    let (_, query) = next.split_once('?')?;
    let marker = query.split('&').find_map(|pair| pair.strip_prefix("marker="))?;
    // Ids are made of letters, digits and hyphens; whatever else comes is handed back as it came.
    Some(marker.to_owned()).filter(|marker| !marker.is_empty())
}

/// Asks for one image.
///
/// # Errors
///
/// `ImageNotFound` when the id can be none.
pub fn show(id: &ImageId) -> Result<Ask> {
    Ok(Ask::get("GET images/ID", Service::Image, image_path(id)?))
}

/// What decides whether an image takes members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who may see it.
    pub visibility: Visibility,
    /// The project that it belongs to, where Glance says so.
    pub owner: Option<String>,
}

/// Reads how an image stands.
///
/// # Errors
///
/// `Malformed` when it is no image.
pub fn standing(response: &Response) -> Result<Standing> {
    #[derive(Deserialize)]
    struct Record {
        id: String,
        visibility: String,
        #[serde(default)]
        owner: Option<String>,
    }
    let Record { id, visibility, owner } = response.object()?;
    if id.is_empty() {
        return Err(Error::new(ErrorKind::Malformed, "an image came without an id"));
    }
    Ok(Standing { visibility: Visibility::read(&visibility), owner })
}

/// Lets an image take members.
///
/// # Errors
///
/// `ImageNotFound` when the id can be none.
pub fn make_shareable(id: &ImageId) -> Result<Ask> {
    let json = json!([{"op": "replace", "path": "/visibility", "value": "shared"}]);
    let content = Content { media_type: PATCH, json };
    Ok(Ask::image("PATCH", "PATCH images/ID", image_path(id)?).with(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: &Value) -> Response {
        Response { status: 200, headers: vec![], body: body.to_string().into_bytes() }
    }

    #[test]
    fn a_listing_names_its_owner_and_goes_on_behind_a_marker() {
        let query = ImageQuery { name: Some("golden-1".into()), ..ImageQuery::default() };
        let part = Part::read(&"hidden:i-9".into()).unwrap();
        assert_eq!(
            list(&query, "p-1", &part, 7).path,
            "/images?owner=p-1&limit=7&os_hidden=true&name=golden-1&marker=i-9"
        );
        assert_eq!(
            list(&ImageQuery::default(), "p-1", &Part::SHOWN, 1000).path,
            "/images?owner=p-1&limit=1000"
        );
    }

    #[test]
    fn a_name_that_glance_could_take_for_an_operator_is_not_sent() {
        for name in ["in:a,b", "a b", "a,b", "", "\u{1f600}", "a:b", "a\"b"] {
            let query = ImageQuery { name: Some(name.into()), ..ImageQuery::default() };
            assert!(!list(&query, "p-1", &Part::SHOWN, 1000).path.contains("name="), "{name}");
        }
    }

    #[test]
    fn tokens_lead_back_to_their_parts() {
        for part in
            [Part::SHOWN, Part::HIDDEN, Part::SHOWN.behind("a:b".into()), Part::HIDDEN.behind("i".into())]
        {
            assert_eq!(Part::read(&part.token()), Ok(part));
        }
        for foreign in ["", "whole:", "i-1"] {
            assert_eq!(Part::read(&foreign.into()).unwrap_err().kind, ErrorKind::Malformed, "{foreign}");
        }
    }

    #[test]
    fn a_page_names_the_next_one_by_its_marker() {
        let body = json!({
            "images": [{"id": "i-1", "owner": "p-1"}, {"id": "i-2", "owner": "other"}, {"id": "i-3"}, {"name": "none"}, 7],
            "next": "/v2/images?limit=3&marker=i-3&owner=p-1",
        });
        let page = page(&response(&body), "p-1", &Part::HIDDEN).unwrap();
        let ids: Vec<_> = page.items.iter().map(|image| image.id.as_str()).collect();
        assert_eq!(ids, ["i-1", "i-3"]);
        assert_eq!(page.next, ["hidden:i-3".into()]);
    }

    #[test]
    fn the_last_page_names_none() {
        let body = json!({"images": [], "first": "/v2/images"});
        assert_eq!(page(&response(&body), "p-1", &Part::SHOWN), Ok(Page::default()));
    }

    #[test]
    fn how_an_image_stands_is_never_guessed() {
        let record = json!({"id": "i-1", "visibility": "private", "owner": "p-1"});
        let expected = Standing { visibility: Visibility::Private, owner: Some("p-1".into()) };
        assert_eq!(standing(&response(&record)), Ok(expected));
        for body in [json!({}), json!([]), json!({"id": "i-1"}), json!({"id": "", "visibility": "shared"})] {
            assert_eq!(standing(&response(&body)).unwrap_err().kind, ErrorKind::Malformed, "{body}");
        }
    }
}
