//! Where Glance is: the catalogue that comes with a token, read for one region.

use imgshare_sdk::{Error, ErrorKind, Region, Result};

use crate::api::tokens::{Endpoint, Entry};
use crate::settings::Interface;

/// The kind of service that has images.
const IMAGE: &str = "image";

/// What is kept of a catalogue: the image service's addresses, and the names of the others for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Catalogue {
    services: Vec<String>,
    endpoints: Vec<Endpoint>,
}

impl Catalogue {
    pub(crate) fn new(entries: Vec<Entry>) -> Self {
        let services = entries.iter().map(|entry| entry.kind.clone()).collect();
        let image = entries.into_iter().filter(|entry| entry.kind == IMAGE);
        Self { services, endpoints: image.flat_map(|entry| entry.endpoints).collect() }
    }

    /// The image service's address in this region, for those whom this interface is for.
    ///
    /// # Errors
    ///
    /// `Unsupported` when there is none, with what there is.
    pub(crate) fn image_url(&self, region: &Region, interface: Interface) -> Result<&str> {
        if self.endpoints.is_empty() {
            let message = format!("the catalogue has no image service; it has: {}", listed(&self.services));
            return Err(unsupported(message, "check that the project has images"));
        }
        let here: Vec<_> = self.endpoints.iter().filter(|endpoint| endpoint.is_in(region)).collect();
        if here.is_empty() {
            let regions: Vec<_> = self.endpoints.iter().filter_map(Endpoint::own_region).collect();
            let message = format!(
                "the catalogue has no image service in region `{region}`; it has: {}",
                listed(&regions)
            );
            return Err(unsupported(message, "write the region as the catalogue does"));
        }
        let found =
            here.iter().find(|endpoint| endpoint.is_for(interface)).map(|endpoint| endpoint.url.as_str());
        found.ok_or_else(|| {
            let interfaces: Vec<_> = here.iter().map(|endpoint| &endpoint.interface).collect();
            let (name, others) = (interface.name(), listed(&interfaces));
            let message =
                format!("the image service has no {name} address in region `{region}`; it has: {others}");
            unsupported(message, "set `interface` in the cloud's settings")
        })
    }
}

impl Endpoint {
    fn own_region(&self) -> Option<&String> {
        self.region_id.as_ref().or(self.region.as_ref())
    }

    fn is_in(&self, region: &Region) -> bool {
        [&self.region_id, &self.region].into_iter().flatten().any(|known| known == region.as_str())
    }

    /// An old catalogue has `publicURL`.
    fn is_for(&self, interface: Interface) -> bool {
        self.interface.strip_suffix("URL").unwrap_or(&self.interface) == interface.name()
    }
}

/// What there is, each once, for people.
fn listed(names: &[impl AsRef<str>]) -> String {
    let names: std::collections::BTreeSet<_> =
        names.iter().map(AsRef::as_ref).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { "none".to_owned() } else { names.into_iter().collect::<Vec<_>>().join(", ") }
}

fn unsupported(message: String, hint: &str) -> Error {
    Error::new(ErrorKind::Unsupported, message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: &str, endpoints: &[(&str, &str, &str)]) -> Entry {
        let endpoint = |(interface, region, url): &(&str, &str, &str)| Endpoint {
            interface: (*interface).into(),
            region_id: Some((*region).into()),
            region: None,
            url: (*url).into(),
        };
        Entry { kind: kind.into(), endpoints: endpoints.iter().map(endpoint).collect() }
    }

    fn catalogue() -> Catalogue {
        let image =
            [("public", "R1", "http://a"), ("internal", "R1", "http://b"), ("public", "R2", "http://c")];
        Catalogue::new(vec![entry("compute", &[("public", "R1", "http://x")]), entry("image", &image)])
    }

    #[test]
    fn region_and_interface_choose_the_address() {
        use Interface::{Internal, Public};
        for (region, interface, expected) in
            [("R1", Public, "http://a"), ("R1", Internal, "http://b"), ("R2", Public, "http://c")]
        {
            assert_eq!(catalogue().image_url(&region.into(), interface), Ok(expected));
        }
    }

    #[test]
    fn a_region_may_go_by_its_older_name() {
        let endpoint = Endpoint {
            interface: "publicURL".into(),
            region_id: None,
            region: Some("R1".into()),
            url: "http://a".into(),
        };
        let catalogue = Catalogue::new(vec![Entry { kind: "image".into(), endpoints: vec![endpoint] }]);
        assert_eq!(catalogue.image_url(&"R1".into(), Interface::Public), Ok("http://a"));
    }

    #[test]
    fn what_is_not_there_is_said_with_what_there_is() {
        let said = |catalogue: &Catalogue, region: &str, interface| {
            catalogue.image_url(&region.into(), interface).unwrap_err().message
        };
        assert_eq!(
            said(&catalogue(), "R3", Interface::Public),
            "the catalogue has no image service in region `R3`; it has: R1, R2"
        );
        assert_eq!(
            said(&catalogue(), "R1", Interface::Admin),
            "the image service has no admin address in region `R1`; it has: internal, public"
        );
        let without = Catalogue::new(vec![entry("compute", &[]), entry("identity", &[])]);
        assert_eq!(
            said(&without, "R1", Interface::Public),
            "the catalogue has no image service; it has: compute, identity"
        );
        assert_eq!(
            said(&Catalogue::default(), "R1", Interface::Public),
            "the catalogue has no image service; it has: none"
        );
    }
}
