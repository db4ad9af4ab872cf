//! How far a cloud is with an image that it is making.

use serde_json::Value;

/// The percentage that a cloud writes as a number or a text: `45`, `45.9`, `"45"`, `"45%"`. Digits behind the point are
/// cut off. `None`: there is none, or it is not from 0 to 100.
///
/// ```
/// use imgshare_sdk::progress;
///
/// assert_eq!(progress::percent(&"45%".into()), Some(45));
/// assert_eq!(progress::percent(&serde_json::Value::Null), None);
/// ```
pub fn percent(value: &Value) -> Option<u8> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().trim_end_matches('%').trim_end().parse().ok()?,
        _ => return None,
    };
    let whole = number.trunc();
    (0..=100).find(|percent| f64::from(*percent) == whole)
}

#[cfg(test)]
mod tests {
    use super::percent;
    use serde_json::Value;

    #[test]
    fn a_percentage_is_read_in_all_its_spellings_and_nonsense_is_none() {
        for (text, expected) in [
            ("45", Some(45)),
            ("0", Some(0)),
            ("100", Some(100)),
            ("99.9", Some(99)),
            (r#""45""#, Some(45)),
            (r#""45%""#, Some(45)),
            (r#"" 45 % ""#, Some(45)),
            (r#""99.9%""#, Some(99)),
            ("101", None),
            ("-1", None),
            ("1e300", None),
            (r#""NaN""#, None),
            (r#""%""#, None),
            (r#""soon""#, None),
            ("null", None),
            ("true", None),
            ("[45]", None),
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(percent(&value), expected, "{text}");
        }
    }
}
