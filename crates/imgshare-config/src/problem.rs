//! What is wrong with the file, in a form for people and in one for programs.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use imgshare_protocol::Place;
use serde::Serialize;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What is wrong: lower case, no full stop. Never holds the value of a credential.
    pub message: String,
    /// The text there.
    pub mark: Mark,
    /// Another place that has to do with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<Related>,
    /// One action that would help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A line of the file with a part of it pointed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The line, credentials replaced by `*`.
    pub line: String,
    /// How many characters are pointed out, from the place's column on.
    pub length: usize,
    /// What is said about them; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// Another place that has to do with a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Where it is.
    pub place: Place,
    /// The text there.
    pub mark: Mark,
}

impl Problem {
    fn group(&self) -> Group<'_> {
        let mut group = Level::ERROR.primary_title(self.message.as_str()).element(snippet(
            &self.place,
            &self.mark,
            AnnotationKind::Primary,
        ));
        if let Some(related) = &self.related {
            group = group.element(snippet(&related.place, &related.mark, AnnotationKind::Context));
        }
        match &self.help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        }
    }
}

fn snippet<'p>(
    place: &'p Place,
    mark: &'p Mark,
    kind: AnnotationKind,
) -> Snippet<'p, annotate_snippets::Annotation<'p>> {
    let label = Some(mark.label.as_str()).filter(|label| !label.is_empty());
    Snippet::source(mark.line.as_str())
        .path(place.file.as_str())
        .line_start(place.line)
        .annotation(kind.span(mark.bytes(place.column)).label(label))
}

impl Mark {
    /// The bytes of the line that are pointed out when they start at this column.
    fn bytes(&self, column: usize) -> std::ops::Range<usize> {
        let byte = |characters: usize| {
            self.line.char_indices().nth(characters).map_or(self.line.len(), |(byte, _)| byte)
        };
        byte(column - 1)..byte(column - 1 + self.length)
    }
}

/// All that is wrong, in the file's order; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `None` when nothing is wrong.
    pub(crate) fn new(problems: Vec<Problem>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// The problems, in the file's order.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// The problems for people: each with its source line, a caret and help; with ANSI colours when asked for.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let texts: Vec<_> = self.0.iter().map(|problem| renderer.render(&[problem.group()])).collect();
        texts.join("\n\n")
    }
}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Problem;
    type IntoIter = std::slice::Iter<'p, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}
