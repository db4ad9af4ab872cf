//! Filters by which the cloud narrows a listing. None may lose an image that the query is about.

use imgshare_sdk::ImageQuery;

use crate::api::FILTER_VALUES_MAX;

/// Tags that one call is narrowed by. The cloud's guide speaks of 50 filters.
const TAGS_MAX: usize = 20;

/// What the query says, as far as the cloud can be trusted with it: names of filters, and their values.
pub(super) fn filters(query: &ImageQuery) -> Vec<(String, Vec<String>)> {
    let mut filters: Vec<_> = ids(query).map(|ids| ("image-id".to_owned(), ids)).into_iter().collect();
    let name = query.name.iter().filter(|name| is_literal(name));
    filters.extend(name.map(|name| ("name".to_owned(), vec![name.clone()])));
    filters.extend(tags(query));
    filters
}

fn ids(query: &ImageQuery) -> Option<Vec<String>> {
    let fit = !query.ids.is_empty()
        && query.ids.len() <= FILTER_VALUES_MAX
        && query.ids.iter().all(|id| is_literal(id.as_str()));
    fit.then(|| query.ids.iter().map(ToString::to_string).collect())
}

/// A tag with an empty value is left out: it may stand for any value or for none.
fn tags(query: &ImageQuery) -> impl Iterator<Item = (String, Vec<String>)> {
    let literal = query.tags.iter().filter(|(key, value)| is_literal(key) && is_literal(value));
    literal.take(TAGS_MAX).map(|(key, value)| (format!("tag:{key}"), vec![value.clone()]))
}

/// Whether the cloud takes this value as it is: `*` and `?` stand for others, and `\` takes their meaning away.
fn is_literal(value: &str) -> bool {
    !value.is_empty() && !value.contains(['*', '?', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name=value,value` with spaces between.
    fn text(query: &ImageQuery) -> String {
        let filters = filters(query).into_iter();
        filters.map(|(name, values)| format!("{name}={}", values.join(","))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ids_are_sent_as_long_as_one_filter_takes_them() {
        let query = |count: usize| ImageQuery {
            ids: (0..count).map(|n| format!("ami-{n}").into()).collect(),
            ..ImageQuery::default()
        };
        assert_eq!(text(&query(2)), "image-id=ami-0,ami-1");
        assert_eq!(filters(&query(200))[0].1.len(), 200);
        assert_eq!(text(&query(201)), "");
        assert_eq!(text(&query(0)), "");
    }

    #[test]
    fn a_name_or_a_tag_that_could_mean_others_is_not_sent() {
        let query = |name: &str, tag: &str| ImageQuery {
            name: Some(name.into()),
            tags: [("team".to_owned(), tag.to_owned())].into(),
            ..ImageQuery::default()
        };
        assert_eq!(text(&query("golden (x86) v1.0", "data")), "name=golden (x86) v1.0 tag:team=data");
        for odd in ["a*", "a?", r"a\b", ""] {
            assert_eq!(text(&query(odd, odd)), "", "{odd}");
        }
    }
}
