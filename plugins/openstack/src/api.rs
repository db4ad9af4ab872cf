//! The calls of Keystone and Glance, as pure functions in pairs: one builds what is asked, one reads what is answered.

pub mod images;
pub mod members;
pub mod projects;
pub mod tokens;

use imgshare_sdk::signing::percent_encode;
use imgshare_sdk::{Error, ErrorKind, ImageId, Request, Result};
use serde_json::Value;

/// What is asked of a service. Asking twice always has the effect of asking once: what is so already is refused with a
/// status of its own, and counts as done.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// `GET`, `POST`, ...
    pub method: &'static str,
    /// Whom.
    pub service: Service,
    /// What comes behind the service's address and version, with a slash in front.
    pub path: String,
    /// What is sent along.
    pub content: Option<Content>,
    /// The call's name, for logs and for keeping pace.
    pub action: &'static str,
}

/// A service of the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Keystone.
    Identity,
    /// Glance.
    Image,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// Its media type.
    pub media_type: &'static str,
    /// Itself.
    pub json: Value,
}

impl Content {
    fn json(json: Value) -> Self {
        Self { media_type: "application/json", json }
    }
}

impl Ask {
    fn get(action: &'static str, service: Service, path: String) -> Self {
        Self { method: "GET", service, path, content: None, action }
    }

    fn image(method: &'static str, action: &'static str, path: String) -> Self {
        Self { method, service: Service::Image, path, content: None, action }
    }

    fn with(self, content: Content) -> Self {
        Self { content: Some(content), ..self }
    }

    /// The request, to a service at this address, version included.
    pub fn request(&self, base: &str, token: &str) -> Request {
        let request = Request::new(self.method, format!("{base}{}", self.path))
            .header("X-Auth-Token", token)
            .header("Accept", "application/json")
            .action(self.action)
            .idempotent(true);
        match &self.content {
            None => request,
            Some(content) => {
                request.header("Content-Type", content.media_type).body(content.json.to_string())
            }
        }
    }
}

/// An id as a part of an address, which it cannot lead elsewhere.
fn segment(id: &str) -> Option<String> {
    let elsewhere = matches!(id, "" | "." | "..") || id.contains('/');
    (!elsewhere).then(|| percent_encode(id))
}

/// `/images/ID`.
fn image_path(id: &ImageId) -> Result<String> {
    let unknown = || {
        Error::new(ErrorKind::ImageNotFound, format!("`{id}` is no image id of this cloud"))
            .with_hint("write the id as `openstack image list` shows it")
    };
    Ok(format!("/images/{}", segment(id.as_str()).ok_or_else(unknown)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_one_part_of_the_address() {
        for (id, expected) in [
            ("a-1", Some("a-1")),
            ("a b?c#d", Some("a%20b%3Fc%23d")),
            ("..", None),
            (".", None),
            ("", None),
            ("a/../b", None),
        ] {
            assert_eq!(segment(id).as_deref(), expected, "{id:?}");
        }
        assert_eq!(image_path(&"..".into()).unwrap_err().kind, ErrorKind::ImageNotFound);
    }

    #[test]
    fn a_debug_print_of_a_request_tells_no_token() {
        let ask = Ask::get("x", Service::Image, "/images".into());
        assert!(!format!("{:?}", ask.request("https://glance.example/v2", "FAKE-TOKEN")).contains("FAKE"));
    }
}
