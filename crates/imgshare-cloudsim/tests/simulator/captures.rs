//! Exchanges between the vendors' own SDKs and a stub, played back to the simulator.

use serde_json::Value;

use crate::client::send;

/// What an SDK sent, and what the stub answered.
pub(crate) struct Exchange(Value);

pub(crate) fn exchanges(file: &str) -> Vec<Exchange> {
    let file: Value = serde_json::from_str(file).expect("the captures are JSON");
    file["exchanges"].as_array().expect("a list of exchanges").iter().cloned().map(Exchange).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

impl Exchange {
    pub(crate) fn name(&self) -> &str {
        text(&self.0["name"])
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers().any(|(of, _)| of == name)
    }

    fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.0["request"]["headers"].as_array().expect("a list of headers");
        headers.iter().map(|header| (text(&header[0]), text(&header[1])))
    }

    pub(crate) fn target(&self) -> &str {
        text(&self.0["request"]["path"])
    }

    /// The captured request, byte for byte.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let request = &self.0["request"];
        let mut head = format!("{} {} HTTP/1.1\r\n", text(&request["method"]), self.target());
        for (name, value) in self.headers() {
            head += &format!("{name}: {value}\r\n");
        }
        format!("{head}\r\n{}", text(&request["body"])).into_bytes()
    }

    /// Sends the request; the stub's answer and ours, which is known to have the stub's status, type and shape.
    pub(crate) async fn replay(&self, endpoint: &str) -> (Value, Value) {
        let reply = &self.0["reply"];
        let captured: Value = serde_json::from_str(text(&reply["body"])).expect("the reply is JSON");
        let received = send(endpoint, &self.bytes()).await;
        let ours: Value = serde_json::from_slice(&received.body).expect("the answer is JSON");
        assert_eq!(u64::from(received.status()), reply["status"], "{}: {ours}", self.name());
        let content_type = format!("content-type: {}", text(&reply["content_type"]));
        assert!(received.head.contains(&content_type), "{}", received.head);
        assert_same_shape(&captured, &ours, self.name());
        (captured, ours)
    }
}

/// Every key of the captured answer is in ours, with a value of the same type.
fn assert_same_shape(captured: &Value, ours: &Value, at: &str) {
    match (captured, ours) {
        (Value::Object(captured), Value::Object(ours)) => {
            for (key, value) in captured {
                let of_ours = ours.get(key).unwrap_or_else(|| panic!("{at}.{key} is missing in {ours:?}"));
                assert_same_shape(value, of_ours, &format!("{at}.{key}"));
            }
        }
        (Value::Array(captured), Value::Array(ours)) if captured.is_empty() => {
            assert!(ours.is_empty(), "{at}");
        }
        (Value::Array(captured), Value::Array(ours)) => {
            let first = captured.first().expect("captured lists have members");
            assert!(!ours.is_empty(), "{at} is empty");
            ours.iter().for_each(|one| assert_same_shape(first, one, at));
        }
        _ => assert_eq!(std::mem::discriminant(captured), std::mem::discriminant(ours), "{at}: {ours}"),
    }
}
