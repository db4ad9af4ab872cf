//! `[clouds.X.settings]`: what the provider declares, checked against its JSON Schema.
//!
//! Understands what settings need: an object whose properties are strings, integers, numbers, booleans, arrays of
//! strings or objects of strings, whose keys are the user's, with `enum`, `required`, `minimum`, `maximum` and `pattern`. Other words of a schema are not checked here;
//! the provider sees the settings when it connects.

use imgshare_protocol::Description;
use regex::Regex;
use serde_json::{Map, Value};
use toml::de::DeValue;

use crate::findings::Findings;
use crate::table::{Entry, Table, unknown_key};

/// The settings as the provider gets them; `null` without the table.
pub(crate) fn read(
    cloud: &Table<'_>,
    description: Option<&Description>,
    findings: &mut Findings<'_>,
) -> Value {
    let title = format!("{}.settings]", cloud.title.trim_end_matches(']'));
    let table = cloud.get("settings").and_then(|entry| entry.table(title, findings));
    let Some(description) = description else { return Value::Null };
    let schema = Schema(&description.settings);
    if schema.0.is_null() {
        refuse_any(table.as_ref(), description, findings);
        return Value::Null;
    }
    require(&schema, table.as_ref(), cloud, findings);
    table.map_or(Value::Null, |table| object(&schema, &table, findings))
}

fn refuse_any(table: Option<&Table<'_>>, description: &Description, findings: &mut Findings<'_>) {
    if let Some(table) = table.filter(|table| table.entries().next().is_some()) {
        findings.report(table.header.clone(), format!("provider `{}` has no settings", description.name));
    }
}

/// A JSON Schema, of which nothing is taken for granted: it comes from a plugin.
struct Schema<'s>(&'s Value);

impl<'s> Schema<'s> {
    fn property(&self, name: &str) -> Option<Schema<'s>> {
        self.0.get("properties")?.get(name).map(Schema)
    }

    fn properties(&self) -> Vec<&'s str> {
        let properties = self.0.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(Map::keys).map(String::as_str).collect()
    }

    fn text(&self, word: &str) -> Option<&'s str> {
        self.0.get(word).and_then(Value::as_str)
    }

    fn list(&self, word: &str) -> Vec<&'s Value> {
        self.0.get(word).and_then(Value::as_array).into_iter().flatten().collect()
    }
}

fn require(schema: &Schema<'_>, table: Option<&Table<'_>>, cloud: &Table<'_>, findings: &mut Findings<'_>) {
    for name in schema.list("required").into_iter().filter_map(Value::as_str) {
        if table.is_none_or(|table| table.get(name).is_none()) {
            let header = table.unwrap_or(cloud).header.clone();
            findings.report(header, format!("setting `{name}` is missing")).help(about(schema, name));
        }
    }
}

/// What the provider says about this setting.
fn about(schema: &Schema<'_>, name: &str) -> Option<String> {
    let text = schema.property(name)?.text("description")?;
    Some(format!("`{name}`: {text}"))
}

fn object(schema: &Schema<'_>, table: &Table<'_>, findings: &mut Findings<'_>) -> Value {
    let mut settings = Map::new();
    for entry in table.entries() {
        let Some(property) = schema.property(entry.key) else {
            unknown_key(&entry, ("setting", "settings"), schema.properties(), findings);
            continue;
        };
        if let Some(value) = setting(&property, &entry, findings) {
            settings.insert(entry.key.to_owned(), value);
        }
    }
    Value::Object(settings)
}

/// The value, when it is what the property wants.
fn setting(property: &Schema<'_>, entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<Value> {
    let value = typed(property, entry, findings)?;
    match flaw(property, &value) {
        None => Some(value),
        Some(flaw) => {
            let about = property.text("description").map(str::to_owned);
            findings.report(entry.span.clone(), format!("`{}` must {flaw}", entry.key)).help(about);
            None
        }
    }
}

fn typed(property: &Schema<'_>, entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<Value> {
    match property.text("type") {
        Some("boolean") => entry.flag(findings).map(Value::from),
        Some("integer") => integer(entry, findings),
        Some("number") => number(entry, findings),
        Some("array") => {
            let words = entry.words(findings)?;
            Some(words.iter().map(|word| word.text).collect())
        }
        Some("object") => texts(entry, findings),
        _ => match entry.value {
            DeValue::String(text) => Some(Value::from(text.as_ref())),
            _ => {
                entry.mistyped("a string", findings);
                None
            }
        },
    }
}

/// A table whose keys are the user's and whose values are texts.
fn texts(entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<Value> {
    let table = entry.table(entry.key, findings)?;
    let texts = table.entries().map(|entry| Some((entry.key.to_owned(), entry.word(findings)?.text.into())));
    texts.collect::<Option<Map<_, _>>>().map(Value::Object)
}

fn integer(entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<Value> {
    let number = i64::try_from(entry.integer(findings)?).ok();
    if number.is_none() {
        findings.report(entry.span.clone(), format!("`{}` is too big", entry.key));
    }
    number.map(Value::from)
}

fn number(entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<Value> {
    if let DeValue::Integer(_) = entry.value {
        return integer(entry, findings);
    }
    entry.number(findings).and_then(serde_json::Number::from_f64).map(Value::Number)
}

/// What the value must do and does not.
fn flaw(property: &Schema<'_>, value: &Value) -> Option<String> {
    let choices = property.list("enum");
    if !choices.is_empty() && !choices.contains(&value) {
        let choices: Vec<_> = choices.iter().map(ToString::to_string).collect();
        return Some(format!("be one of {}", choices.join(", ")));
    }
    let bound = |word| property.0.get(word).and_then(Value::as_f64);
    if let (Some(number), Some(minimum)) = (value.as_f64(), bound("minimum"))
        && number < minimum
    {
        return Some(format!("be at least {minimum}"));
    }
    if let (Some(number), Some(maximum)) = (value.as_f64(), bound("maximum"))
        && number > maximum
    {
        return Some(format!("be at most {maximum}"));
    }
    unmatched(property, value)
}

fn unmatched(property: &Schema<'_>, value: &Value) -> Option<String> {
    let pattern = property.text("pattern")?;
    let matches = Regex::new(pattern).ok()?.is_match(value.as_str()?);
    (!matches).then(|| format!("match `{pattern}`"))
}
