//! Collects what is wrong while the reading goes on.

use imgshare_protocol::Place;

use crate::problem::{Mark, Problem, Problems, Related};
use crate::source::{Source, Span};

/// What was found so far.
pub(crate) struct Findings<'s> {
    source: &'s Source<'s>,
    secrets: Vec<Span>,
    found: Vec<Finding>,
}

/// One finding, while words are still added to it.
pub(crate) struct Finding {
    span: Span,
    message: String,
    label: String,
    related: Option<(Span, String)>,
    help: Option<String>,
}

impl Finding {
    /// What stands beside the caret.
    pub(crate) fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = label.into();
        self
    }

    /// One action that would help.
    pub(crate) fn help(&mut self, help: impl Into<Option<String>>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// Another place that has to do with it.
    pub(crate) fn related(&mut self, span: Span, label: impl Into<String>) -> &mut Self {
        self.related = Some((span, label.into()));
        self
    }
}

impl<'s> Findings<'s> {
    /// Nothing found yet; what is in `secrets` will not be shown.
    pub(crate) fn new(source: &'s Source<'s>, secrets: Vec<Span>) -> Self {
        Self { source, secrets, found: Vec::new() }
    }

    /// Takes note of a problem at this place.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.found.push(Finding {
            span,
            message: message.into(),
            label: String::new(),
            related: None,
            help: None,
        });
        self.found.last_mut().expect("one was just pushed")
    }

    /// Where this is in the file.
    pub(crate) fn place(&self, span: &Span) -> Place {
        self.source.place(span.start)
    }

    /// The problems in the file's order; `None` when nothing was found.
    pub(crate) fn into_problems(mut self) -> Option<Problems> {
        self.found.sort_by_key(|finding| finding.span.start);
        Problems::new(self.found.iter().map(|finding| self.problem(finding)).collect())
    }

    fn problem(&self, finding: &Finding) -> Problem {
        Problem {
            place: self.place(&finding.span),
            message: finding.message.clone(),
            mark: self.mark(&finding.span, &finding.label),
            related: finding
                .related
                .as_ref()
                .map(|(span, label)| Related { place: self.place(span), mark: self.mark(span, label) }),
            help: finding.help.clone(),
        }
    }

    /// The first line of the span: a caret below one line says enough.
    fn mark(&self, span: &Span, label: &str) -> Mark {
        let line = self.source.line(span.start);
        let text = self.source.text;
        let marked = text.floor_char_boundary(span.start).min(line.end)
            ..text.floor_char_boundary(span.end).min(line.end);
        Mark {
            line: self.masked(line),
            length: text.get(marked).map_or(0, |marked| marked.chars().count()),
            label: label.to_owned(),
        }
    }

    /// The text with a `*` for each character of a secret, so that columns stay what they are.
    fn masked(&self, line: Span) -> String {
        let hidden = |byte: usize| self.secrets.iter().any(|secret| secret.contains(&byte));
        let text = self.source.text[line.clone()].char_indices();
        let shown = text.map(|(at, c)| if hidden(line.start + at) { '*' } else { c });
        shown.filter(|c| *c != '\u{feff}').collect()
    }
}
