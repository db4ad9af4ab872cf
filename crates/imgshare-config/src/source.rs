//! The text and the places in it.

use std::ops::Range;

use imgshare_protocol::Place;

/// Bytes of the text, as the TOML parser counts them.
pub(crate) type Span = Range<usize>;

/// The text under the name that people know it by.
pub(crate) struct Source<'t> {
    pub(crate) file: String,
    pub(crate) text: &'t str,
}

impl Source<'_> {
    /// The place of this byte; columns count characters, whatever their width on a terminal.
    pub(crate) fn place(&self, at: usize) -> Place {
        let at = self.text.floor_char_boundary(at);
        let line = self.line(at);
        Place {
            file: self.file.clone(),
            line: self.text[..line.start].matches('\n').count() + 1,
            column: self.text[line.start..at].trim_start_matches('\u{feff}').chars().count() + 1,
        }
    }

    /// The line that this byte is on, without its end.
    pub(crate) fn line(&self, at: usize) -> Span {
        let at = self.text.floor_char_boundary(at);
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length);
        let end = start + self.text[start..end].trim_end_matches('\r').len();
        start..end
    }
}
