//! Rust files, as far as rules over texts need to understand them.

use std::ops::Range;

use super::tree::Tree;

/// A Rust file.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    /// Whether all of it is for tests.
    pub(super) is_test: bool,
    /// The text with the tests blanked: what others build. Lines stay where they are.
    pub(super) text: String,
    /// The same without comments, and with nothing inside literals.
    pub(super) code: String,
    /// Like `code`, but with the tests.
    pub(super) code_and_tests: String,
}

impl<'a> Source<'a> {
    pub(super) fn read(tree: &Tree, path: &'a str, text: &str) -> Self {
        let code = code(text);
        let tests = test_spans(&code);
        Self {
            path,
            is_test: is_test(tree, path),
            text: blank(text, &tests),
            code_and_tests: code.clone(),
            code: blank(&code, &tests),
        }
    }
}

/// The lines of a text with their numbers.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines())
}

/// The number of the line in which this byte is.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// A file of a test folder, or a module that its parent declares for tests only.
fn is_test(tree: &Tree, path: &str) -> bool {
    let folders: Vec<&str> = path.split('/').collect();
    folders.contains(&"tests") || folders.contains(&"benches") || declared_for_tests(tree, path)
}

fn declared_for_tests(tree: &Tree, path: &str) -> bool {
    let Some((folder, name)) = path.trim_end_matches(".rs").rsplit_once('/') else { return false };
    let parents = [format!("{folder}.rs"), format!("{folder}/lib.rs"), format!("{folder}/main.rs")];
    let declaration = format!("mod {name};");
    parents.iter().filter(|parent| *parent != path && tree.has(parent)).any(|parent| {
        let code = code(tree.text(parent).unwrap_or_default());
        let here = test_spans(&code).into_iter().any(|span| code[span].contains(&declaration));
        here || declared_for_tests(tree, parent)
    })
}

/// Blanks comments and what is inside literals; every line stays where it is.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest));
        match skipped {
            Some(length) => code.push_str(&blanks(&rest[..length])),
            None => code.push(first),
        }
        rest = &rest[skipped.unwrap_or(first.len_utf8())..];
    }
    code
}

/// As many bytes and lines of nothing.
fn blanks(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// The length of the comment that begins here.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    text.starts_with("/*").then(|| block_comment(text))
}

/// Block comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let two = text.as_bytes().get(at..at + 2).unwrap_or_default();
        match two {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of the literal that begins here.
fn literal(text: &str) -> Option<usize> {
    match text.as_bytes().first()? {
        b'"' => Some(until_quote(text, '"')),
        b'r' => raw_string(text),
        b'\'' => is_character(text).then(|| until_quote(text, '\'')),
        _ => None,
    }
}

/// A quote without a character between is a lifetime.
fn is_character(text: &str) -> bool {
    let mut characters = text.chars().skip(1);
    let first = characters.next();
    first == Some('\\') || (first.is_some() && characters.next() == Some('\''))
}

fn until_quote(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    let inside = text[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let begin = text.len() - inside.len();
    Some(inside.find(&end).map_or(text.len(), |at| begin + at + end.len()))
}

/// What stands under `#[cfg(test)]`.
fn test_spans(code: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let begin = from + found;
        let end = begin + item_length(&code[begin..]);
        spans.push(begin..end);
        from = end;
    }
    spans
}

/// Up to the item's semicolon, or to the brace that closes its first one.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ';' => {}
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

fn blank(text: &str, spans: &[Range<usize>]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        kept.push_str(&text[from..span.start]);
        kept.push_str(&blanks(&text[span.clone()]));
        from = span.end;
    }
    kept + &text[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        let check = |text: &str, expected: &str| {
            let code = code(text);
            assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{text}");
            assert_eq!(code.len(), text.len(), "{text}");
        };
        check("a // b \" c\nd", "a d");
        check("a /* b /* c */ d */ e", "a e");
        check(r#"f("a \" // b", 'c')"#, "f( , )");
        check(r##"f(r#"a " b"#, br"c\")"##, "f( , b )");
        check(r"g::<'a>('\'', '\u{e9}', 'é')", "g::<'a>( , , )");
        check("r#type", "r#type");
    }

    fn source(path: &str, files: &[(&str, &str)]) -> (bool, String) {
        let tree = Tree::of(files);
        let source = Source::read(&tree, path, tree.text(path).expect("the file is in the tree"));
        (source.is_test, source.code.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn what_is_for_tests_only_is_not_what_others_build() {
        let text = "fn a() { b }\n#[cfg(test)]\nuse x::{y, z};\n#[cfg(test)]\nmod tests { fn t() { \"}\" } }\nfn c() {}";
        assert_eq!(
            source("src/lib.rs", &[("src/lib.rs", text)]),
            (false, "fn a() { b } ; fn c() {}".to_owned())
        );
    }

    #[test]
    fn a_module_that_is_declared_for_tests_is_a_test() {
        let files = [
            ("src/lib.rs", "mod a;\n#[cfg(test)]\nmod vectors;"),
            ("src/a.rs", ""),
            ("src/vectors.rs", "mod one;"),
            ("src/vectors/one.rs", ""),
            ("tests/it.rs", ""),
        ];
        let are_tests = files.map(|(path, _)| source(path, &files).0);
        assert_eq!(are_tests, [false, false, true, true, true]);
    }
}
