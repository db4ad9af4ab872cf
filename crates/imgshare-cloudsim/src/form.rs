//! Queries and form bodies: names and values, percent-encoded.

/// The decoded pairs in the order in which they came; a name without `=` has an empty value. `None` when an escape is
/// broken or the text is not UTF-8.
pub(crate) fn decode(encoded: &str) -> Option<Vec<(String, String)>> {
    let parts = encoded.split('&').filter(|part| !part.is_empty());
    let pairs = parts.map(|part| part.split_once('=').unwrap_or((part, "")));
    pairs.map(|(name, value)| Some((decode_text(name)?, decode_text(value)?))).collect()
}

/// RFC 3986: everything but letters, digits and `-_.~` becomes `%XX`.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// The pairs as a query, encoded and sorted by name.
pub(crate) fn canonical(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort();
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

fn decode_text(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex_digit(rest.next()?)? * 16 + hex_digit(rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded() {
        for text in ["", "plain-_.~", "a b+c", "镜像 *", "100%", "a=b&c=d", "\n\t"] {
            let pairs = vec![("name".to_owned(), text.to_owned())];
            assert_eq!(decode(&canonical(pairs.clone())), Some(pairs), "{text}");
        }
    }

    #[test]
    fn a_plus_is_a_space_and_a_name_may_stand_alone() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(decode("a=1+2&b&&c="), Some(vec![pair("a", "1 2"), pair("b", ""), pair("c", "")]));
    }

    #[test]
    fn broken_escapes_are_not_read() {
        for broken in ["a=%", "a=%4", "a=%zz", "%ff=1"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
