//! "Did you mean": what a misspelt word was meant to be.

use strsim::damerau_levenshtein;

/// More names than this do not help anybody who reads them in an error message.
const LISTED_MAX: usize = 10;

/// The candidate that this word is a misspelling of, if one is close enough. The word itself is no misspelling.
pub fn near_miss<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *candidate != word && *distance <= slips_allowed(word, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A short word with two slips is another word.
fn slips_allowed(word: &str, candidate: &str) -> usize {
    match word.chars().count().max(candidate.chars().count()) {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// The hint for an unknown word: the near miss, else what there is, when that is little.
pub(crate) fn hint<'c>(
    word: &str,
    plural: &str,
    candidates: impl IntoIterator<Item = &'c str> + Clone,
) -> Option<String> {
    if let Some(near) = near_miss(word, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let known: Vec<_> = candidates.into_iter().map(|candidate| format!("`{candidate}`")).collect();
    match known.len() {
        0 => Some(format!("there are no {plural} in this file")),
        1..=LISTED_MAX => Some(format!("known {plural}: {}", known.join(", "))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::near_miss;

    #[track_caller]
    fn check(word: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(near_miss(word, candidates.iter().copied()), expected);
    }

    #[test]
    fn a_word_with_two_letters_swapped_is_a_near_miss() {
        check("regoins", &["provider", "regions"], Some("regions"));
    }

    #[test]
    fn the_nearest_of_several_is_meant() {
        check("data-teams", &["beta-teams", "data-team"], Some("data-team"));
    }

    #[test]
    fn a_word_in_other_letter_case_is_a_near_miss() {
        check("ACME", &["acme"], Some("acme"));
    }

    #[test]
    fn a_short_word_with_two_slips_is_another_word() {
        check("aws", &["abc"], None);
        check("to", &["in"], None);
    }

    #[test]
    fn the_word_itself_is_not_what_was_meant() {
        check("acme", &["acme"], None);
    }
}
