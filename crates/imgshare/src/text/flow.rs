//! Text that stays within 80 columns and never loses a word.

use anstream::adapter::strip_str;

/// Columns of a line.
const COLUMNS: usize = 80;

/// Puts the pieces side by side, `gap` between them; one that does not fit any more begins a line that is indented
/// by `hanging`. A piece is never cut: an id that is longer than a line is still an id. Ends with a line feed.
pub(crate) fn flow(
    first: &str,
    hanging: usize,
    pieces: impl IntoIterator<Item = impl AsRef<str>>,
    gap: &str,
) -> String {
    let mut text = first.to_owned();
    let mut column = width(first);
    let mut at_start = true;
    for piece in pieces {
        let piece = piece.as_ref();
        let with_gap = if at_start { 0 } else { width(gap) };
        if !at_start && column + with_gap + width(piece) > COLUMNS {
            text = format!("{}\n{:hanging$}", text.trim_end(), "");
            column = hanging;
        } else if !at_start {
            text += gap;
            column += with_gap;
        }
        text += piece;
        column += width(piece);
        at_start = false;
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// A sentence after `first`, its further lines indented by `hanging`.
pub(crate) fn sentence(first: &str, hanging: usize, words: &str) -> String {
    flow(first, hanging, words.split_whitespace(), " ")
}

/// A list after `first`, its further lines indented by `hanging`; items stay whole.
pub(crate) fn list(first: &str, hanging: usize, items: &[String]) -> String {
    let last = items.len().saturating_sub(1);
    let with_commas = items.iter().enumerate().map(|(at, item)| match at == last {
        true => item.clone(),
        false => format!("{item},"),
    });
    flow(first, hanging, with_commas, " ")
}

/// Columns that the text takes; colours take none.
pub(crate) fn width(text: &str) -> usize {
    strip_str(text).map(|part| part.chars().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::{flow, list, sentence};

    #[test]
    fn what_does_not_fit_begins_an_indented_line() {
        let long = "x".repeat(50);
        assert_eq!(flow("  ", 4, [&long, &long], "  "), format!("  {long}\n    {long}\n"));
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_stays_whole() {
        let id = "i".repeat(200);
        assert_eq!(sentence("id: ", 4, &id), format!("id: {id}\n"));
    }

    #[test]
    fn colours_take_no_columns() {
        let red = format!("\u{1b}[31m{}\u{1b}[0m", "x".repeat(38));
        assert!(!flow("", 0, [&red, &red], "  ").trim_end().contains('\n'));
    }

    #[test]
    fn the_last_item_of_a_list_has_no_comma() {
        assert_eq!(list("with ", 5, &["a".into(), "b c".into()]), "with a, b c\n");
    }
}
