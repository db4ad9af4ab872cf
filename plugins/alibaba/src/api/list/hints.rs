//! Parameters by which the cloud narrows a listing. None may lose an image that the query is about.

use imgshare_sdk::{ImageQuery, time};

/// Tags that one call takes.
const TAGS_MAX: usize = 20;

/// What the query says, as far as the cloud can be trusted with it.
pub(super) fn narrowing(query: &ImageQuery) -> Vec<(String, String)> {
    let parameter = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut hints: Vec<_> = id(query).map(|id| parameter("ImageId", id)).into_iter().collect();
    hints.extend(name(query).map(|name| parameter("ImageName", name)));
    hints.extend(query.family.iter().map(|family| parameter("ImageFamily", family)));
    hints.extend(tags(query));
    hints.extend(created_after(query));
    hints
}

/// That the call takes more than one is not documented.
fn id(query: &ImageQuery) -> Option<&str> {
    match query.ids.as_slice() {
        [id] => Some(id.as_str()),
        _ => None,
    }
}

/// The name is matched in a fuzzy way that is not documented, so only names that can mean nothing else are sent.
fn name(query: &ImageQuery) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    query.name.as_deref().filter(|name| !name.is_empty() && name.bytes().all(plain))
}

/// A tag with an empty value is left out: it may stand for any value or for none.
fn tags(query: &ImageQuery) -> impl Iterator<Item = (String, String)> {
    let complete = query.tags.iter().filter(|(key, value)| !key.is_empty() && !value.is_empty());
    complete.take(TAGS_MAX).zip(1..).flat_map(|((key, value), n)| {
        [(format!("Tag.{n}.Key"), key.clone()), (format!("Tag.{n}.Value"), value.clone())]
    })
}

/// The cloud knows whole minutes, and whether it counts the minute itself is not said: the one before is safe.
fn created_after(query: &ImageQuery) -> impl Iterator<Item = (String, String)> {
    let from = query.created_after.map(|after| time::iso_minutes(after.plus_seconds(-60)));
    from.into_iter().flat_map(|from| {
        [("Filter.1.Key".to_owned(), "CreationStartTime".to_owned()), ("Filter.1.Value".to_owned(), from)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::Timestamp;

    /// `name=value` with spaces between.
    fn hints(query: &ImageQuery) -> String {
        let hints = narrowing(query);
        hints.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_id_is_sent_and_more_are_not() {
        let query = |ids: &[&str]| ImageQuery {
            ids: ids.iter().map(|id| (*id).into()).collect(),
            ..ImageQuery::default()
        };
        assert_eq!(hints(&query(&[])), "");
        assert_eq!(hints(&query(&["m-1"])), "ImageId=m-1");
        assert_eq!(hints(&query(&["m-1", "m-2"])), "");
    }

    #[test]
    fn only_a_plain_name_is_trusted_to_a_fuzzy_filter() {
        let query = |name: &str| ImageQuery { name: Some(name.into()), ..ImageQuery::default() };
        assert_eq!(hints(&query("golden-ubuntu_22.04")), "ImageName=golden-ubuntu_22.04");
        for odd in ["100%", "a*", "two words", "镜像", ""] {
            assert_eq!(hints(&query(odd)), "", "{odd}");
        }
    }

    #[test]
    fn a_family_and_as_many_tags_as_fit_are_sent() {
        let tags = (1..=30).map(|n| (format!("k{n:02}"), "v".to_owned()));
        let query = ImageQuery {
            family: Some("ubuntu".into()),
            tags: tags.chain([("a-empty".to_owned(), String::new())]).collect(),
            ..ImageQuery::default()
        };
        let hints = hints(&query);
        assert!(hints.starts_with("ImageFamily=ubuntu Tag.1.Key=k01 Tag.1.Value=v Tag.2.Key=k02"), "{hints}");
        assert!(hints.ends_with("Tag.20.Key=k20 Tag.20.Value=v"), "{hints}");
    }

    #[test]
    fn the_time_is_rounded_so_that_nothing_is_lost() {
        for seconds in [1_700_000_000, 1_699_999_980] {
            let created_after = Some(Timestamp::from_seconds(seconds));
            let query = ImageQuery { created_after, ..ImageQuery::default() };
            assert_eq!(hints(&query), "Filter.1.Key=CreationStartTime Filter.1.Value=2023-11-14T22:12Z");
        }
    }
}
