//! Query strings.

use super::percent_encode;

/// `name=value` pairs in the given order, percent-encoded, joined by `&`. An empty value keeps its `=`.
pub fn query<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    join(pairs.into_iter().map(encode).collect())
}

/// The same, sorted by encoded name and then by encoded value, as signatures want it: `A.10` comes before `A.2`.
pub fn canonical_query<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    let mut pairs: Vec<_> = pairs.into_iter().map(encode).collect();
    pairs.sort();
    join(pairs)
}

fn encode<N: AsRef<str>, V: AsRef<str>>((name, value): (N, V)) -> (String, String) {
    (percent_encode(name.as_ref()), percent_encode(value.as_ref()))
}

fn join(pairs: Vec<(String, String)>) -> String {
    pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_query_sorts_by_name_as_text_and_keeps_empty_values() {
        let pairs = [("Add.2", "b"), ("Add.10", "a b"), ("name", ""), ("Add.1", "*")];
        assert_eq!(canonical_query(pairs), "Add.1=%2A&Add.10=a%20b&Add.2=b&name=");
        assert_eq!(query(pairs), "Add.2=b&Add.10=a%20b&name=&Add.1=%2A");
    }

    #[test]
    fn a_name_that_is_the_beginning_of_another_comes_first() {
        assert_eq!(canonical_query([("a.", "1"), ("a", "2"), ("a", "1")]), "a=1&a=2&a.=1");
    }
}
