//! The back door over HTTP: `GET /_simulator/state` and `POST /_simulator/NAME`.

use serde_json::{Map, Value, json};

use crate::clouds::Clouds;
use crate::http::{Reply, Request};
use crate::meddle::{Meddling, MeddlingError};
use crate::sim::CloudSim;

const PREFIX: &str = "/_simulator/";

/// The answer to a request at the back door; `None` for a request to the simulated cloud.
pub(crate) fn answer(clouds: &Clouds, cloud: &CloudSim, request: &Request) -> Option<Reply> {
    let name = request.path.strip_prefix(PREFIX)?;
    Some(match (request.method.as_str(), name) {
        ("GET", "state") => Reply::json(200, &clouds.state()),
        ("POST", name) => outcome(meddle(cloud, name, &request.body)),
        _ => Reply::json(404, &json!({"error": "use GET /_simulator/state or POST /_simulator/NAME"})),
    })
}

fn meddle(cloud: &CloudSim, name: &str, body: &[u8]) -> Result<(), MeddlingError> {
    let meddling = parse(name, body).map_err(|error| MeddlingError::new(error.to_string()))?;
    cloud.meddle(meddling)
}

/// The path says what, the body says the rest; an empty body says nothing more.
fn parse(name: &str, body: &[u8]) -> serde_json::Result<Meddling> {
    let mut fields: Map<String, Value> =
        if body.is_empty() { Map::new() } else { serde_json::from_slice(body)? };
    fields.insert("do".to_owned(), name.into());
    serde_json::from_value(Value::Object(fields))
}

fn outcome(result: Result<(), MeddlingError>) -> Reply {
    match result {
        Ok(()) => Reply::json(200, &json!({"ok": true})),
        Err(error) => Reply::json(400, &json!({"error": error.to_string()})),
    }
}
