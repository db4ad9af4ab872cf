//! Markdown pages, as far as their links and headings go.

use std::collections::HashMap;

/// A page without what stands between back-ticks or fences. Lines stay where they are.
#[derive(Debug)]
pub(super) struct Page {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Without inline code.
    prose: String,
    /// As it is written.
    written: String,
}

impl Page {
    pub(super) fn read(text: &str) -> Self {
        let mut fence = None;
        let lines = text.lines().map(|line| {
            let mark = fence_mark(line);
            let in_code = fence.is_some() || mark.is_some();
            fence = match fence {
                None => mark,
                Some(open) if mark == Some(open) => None,
                open => open,
            };
            let written = if in_code { String::new() } else { line.to_owned() };
            Line { prose: without_code(&written), written }
        });
        Self { lines: lines.collect() }
    }

    /// The texts of its headings.
    pub(super) fn headings(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|line| {
            let text = line.written.trim_start_matches('#');
            let level = line.written.len() - text.len();
            ((1..=6).contains(&level) && text.starts_with(' ')).then(|| text.trim())
        })
    }

    /// What can follow a `#` in a link to it.
    pub(super) fn anchors(&self) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let numbered = self.headings().map(|heading| {
            let anchor = anchor(heading);
            let count = seen.entry(anchor.clone()).or_default();
            *count += 1;
            if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
        });
        numbered.collect()
    }

    /// The targets of its links, with the line of each.
    pub(super) fn links(&self) -> Vec<(usize, &str)> {
        let lines = (1..).zip(&self.lines);
        lines
            .flat_map(|(number, line)| targets(&line.prose).into_iter().map(move |target| (number, target)))
            .collect()
    }
}

fn fence_mark(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark))
}

/// Keeps every second part: what is not between back-ticks. An odd one is only a back-tick.
fn without_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return line.to_owned();
    }
    parts.into_iter().step_by(2).collect()
}

/// As the usual web sites make them: lower case, blanks to hyphens, no other punctuation.
fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn targets(prose: &str) -> Vec<&str> {
    let inline =
        prose.split("](").skip(1).map(|rest| rest.split_once(')').map_or(rest, |(target, _)| target));
    inline.chain(defined(prose)).map(without_title).collect()
}

/// `[label]: target` at the beginning of a line.
fn defined(prose: &str) -> Option<&str> {
    let (_, target) = prose.strip_prefix('[')?.split_once("]:")?;
    Some(target.trim())
}

fn without_title(target: &str) -> &str {
    let target = target.split(" \"").next().unwrap_or(target).trim();
    target.trim_start_matches('<').trim_end_matches('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_code_is_left_alone() {
        let page = Page::read(
            "[a](a.md) and [b](<b.md> \"title\")\n```\n[no](no.md)\n```\n`[no](no.md)` [`c`](c.md#d)\n\n[e]: e.md",
        );
        assert_eq!(page.links(), [(1, "a.md"), (1, "b.md"), (5, "c.md#d"), (7, "e.md")]);
    }

    #[test]
    fn anchors_are_those_of_the_usual_sites() {
        let page = Page::read("# The `imgshare` file, v1\n## Exit codes\n~~~\n# no\n~~~\n## Exit codes\n#no");
        assert_eq!(page.anchors(), ["the-imgshare-file-v1", "exit-codes", "exit-codes-1"]);
    }
}
