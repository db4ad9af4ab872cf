//! Reads tables: known keys, wanted types, and words for everything that is otherwise.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::findings::{Finding, Findings};
use crate::keys::KeyList;
use crate::source::Span;
use crate::suggest;

/// A table with its name and the place of its header.
#[derive(Clone)]
pub(crate) struct Table<'a> {
    /// As the file writes it: `[clouds.prod]`.
    pub(crate) title: String,
    pub(crate) header: Span,
    entries: &'a DeTable<'a>,
    /// The keys that it may have; empty when the file chooses them.
    known: &'static [&'static str],
}

/// One key of a table and its value.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) key: &'a str,
    pub(crate) key_span: Span,
    pub(crate) value: &'a DeValue<'a>,
    pub(crate) span: Span,
}

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

impl<'a> Table<'a> {
    /// The top of the file.
    pub(crate) fn top(entries: &'a DeTable<'a>) -> Self {
        Self { title: "the file".to_owned(), header: 0..0, entries, known: &[] }
    }

    /// The same table, once the keys that are none of these are reported.
    pub(crate) fn only(self, known: &KeyList, findings: &mut Findings<'_>) -> Self {
        let unknown = self.entries().filter(|entry| !known.keys.contains(&entry.key));
        unknown.for_each(|entry| unknown_key(&entry, ("key", "keys"), known.keys.iter().copied(), findings));
        Self { known: known.keys, ..self }
    }

    /// All entries, in the order of their keys.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        self.entries.iter().map(|(key, value)| Entry::new(key, value))
    }

    /// The entry with this key.
    pub(crate) fn get(&self, key: &str) -> Option<Entry<'a>> {
        debug_assert!(
            self.known.is_empty() || self.known.contains(&key),
            "`{key}` is not in the list of keys"
        );
        self.entries.get_key_value(key).map(|(key, value)| Entry::new(key, value))
    }

    /// The entry with this key, which must be there.
    pub(crate) fn required(&self, key: &str, findings: &mut Findings<'_>) -> Option<Entry<'a>> {
        let entry = self.get(key);
        if entry.is_none() && !self.misspells(key) {
            findings
                .report(self.header.clone(), format!("`{key}` is missing"))
                .label(format!("{} needs it", self.title));
        }
        entry
    }

    /// Whether an unknown key, which has a problem of its own, was meant to be this one.
    fn misspells(&self, key: &str) -> bool {
        let mut unknown = self.entries().map(|entry| entry.key).filter(|key| !self.known.contains(key));
        unknown.any(|unknown| suggest::near_miss(unknown, self.known.iter().copied()) == Some(key))
    }
}

/// Reports a key that is none of these.
pub(crate) fn unknown_key<'c>(
    entry: &Entry<'_>,
    (kind, plural): (&str, &str),
    known: impl IntoIterator<Item = &'c str> + Clone,
    findings: &mut Findings<'_>,
) {
    findings
        .report(entry.key_span.clone(), format!("unknown {kind} `{}`", entry.key))
        .help(suggest::hint(entry.key, plural, known));
}

impl<'a> Entry<'a> {
    fn new(key: &'a Spanned<DeString<'a>>, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { key: key.get_ref().as_ref(), key_span: key.span(), value: value.get_ref(), span: value.span() }
    }

    /// The same key with one of the values of its array.
    fn with_value(&self, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { value: value.get_ref(), span: value.span(), ..self.clone() }
    }

    /// Reports that the value is not what was expected, which is said in words.
    pub(crate) fn mistyped<'f>(&self, expected: &str, findings: &'f mut Findings<'_>) -> &'f mut Finding {
        findings
            .report(self.span.clone(), format!("`{}` must be {expected}", self.key))
            .label(format!("found {}", type_in_words(self.value)))
    }

    /// A text, not empty.
    pub(crate) fn word(&self, findings: &mut Findings<'_>) -> Option<Word<'a>> {
        let DeValue::String(text) = self.value else {
            self.mistyped("a string", findings).help(quoted(self.value));
            return None;
        };
        non_empty(Word { text: text.as_ref(), span: self.span.clone() }, self.key, findings)
    }

    /// An array of texts, none of them empty; the array may be. Elements that are otherwise are reported and left out.
    pub(crate) fn words(&self, findings: &mut Findings<'_>) -> Option<Vec<Word<'a>>> {
        let DeValue::Array(values) = self.value else {
            self.mistyped("an array of strings", findings).help(bracketed(self.value));
            return None;
        };
        let elements = values.iter().map(|value| self.with_value(value));
        Some(elements.filter_map(|element| element.element(findings)).collect())
    }

    /// A text within an array.
    fn element(&self, findings: &mut Findings<'_>) -> Option<Word<'a>> {
        let DeValue::String(text) = self.value else {
            self.mistyped("an array of strings only", findings).help(quoted(self.value));
            return None;
        };
        non_empty(Word { text: text.as_ref(), span: self.span.clone() }, self.key, findings)
    }

    /// Whether the value is `[]`.
    pub(crate) fn is_empty_array(&self) -> bool {
        self.value.as_array().is_some_and(|values| values.is_empty())
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, findings: &mut Findings<'_>) -> Option<bool> {
        if let DeValue::Boolean(flag) = self.value {
            return Some(*flag);
        }
        self.mistyped("`true` or `false`", findings);
        None
    }

    /// A whole number, at least this big.
    pub(crate) fn count(&self, min: u32, findings: &mut Findings<'_>) -> Option<u32> {
        let number = self.integer(findings)?;
        let count = u32::try_from(number).ok().filter(|count| *count >= min);
        if count.is_none() {
            let bounds = format!("`{}` must be from {min} to {}", self.key, u32::MAX);
            findings.report(self.span.clone(), bounds);
        }
        count
    }

    /// A whole number.
    pub(crate) fn integer(&self, findings: &mut Findings<'_>) -> Option<i128> {
        let DeValue::Integer(number) = self.value else {
            self.mistyped("an integer", findings);
            return None;
        };
        let parsed = i128::from_str_radix(number.as_str(), number.radix()).ok();
        if parsed.is_none() {
            findings.report(self.span.clone(), format!("`{}` is too big", self.key));
        }
        parsed
    }

    /// A finite number, with or without decimals.
    pub(crate) fn number(&self, findings: &mut Findings<'_>) -> Option<f64> {
        let text = match self.value {
            DeValue::Integer(_) => self.integer(findings)?.to_string(),
            DeValue::Float(number) => number.as_str().to_owned(),
            _ => {
                self.mistyped("a number", findings);
                return None;
            }
        };
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            findings.report(self.span.clone(), format!("`{}` must be a finite number", self.key));
        }
        number
    }

    /// A table, under this title.
    pub(crate) fn table(&self, title: impl Into<String>, findings: &mut Findings<'_>) -> Option<Table<'a>> {
        if let DeValue::Table(entries) = self.value {
            return Some(Table { title: title.into(), header: self.span.clone(), entries, known: &[] });
        }
        self.mistyped("a table", findings);
        None
    }

    /// An array of tables, all under the same title. Elements that are otherwise are reported and left out.
    pub(crate) fn tables(&self, title: &str, findings: &mut Findings<'_>) -> Vec<Table<'a>> {
        let DeValue::Array(values) = self.value else {
            self.mistyped("an array of tables", findings)
                .help(format!("write its header as `[[{}]]`", self.key));
            return Vec::new();
        };
        let elements = values.iter().map(|value| self.with_value(value));
        elements.filter_map(|element| element.table(title, findings)).collect()
    }
}

fn non_empty<'a>(word: Word<'a>, key: &str, findings: &mut Findings<'_>) -> Option<Word<'a>> {
    if !word.text.is_empty() {
        return Some(word);
    }
    findings.report(word.span, format!("`{key}` must not hold an empty string"));
    None
}

/// The hint for a number that should have been a text: ids look like numbers.
fn quoted(value: &DeValue<'_>) -> Option<String> {
    matches!(value, DeValue::Integer(_)).then(|| "write it in quotes".to_owned())
}

/// The hint for a text that should have been an array.
fn bracketed(value: &DeValue<'_>) -> Option<String> {
    matches!(value, DeValue::String(_)).then(|| "write it in brackets: `[\"...\"]`".to_owned())
}

fn type_in_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
