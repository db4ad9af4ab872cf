//! Links between the documents.

use std::collections::BTreeSet;

use super::Finding;
use super::markdown::Page;
use super::rust::lines;
use super::tree::Tree;

/// Where readers begin.
const ENTRANCES: &[&str] = &["README.md", "docs/architecture.md"];

/// Every relative link leads to a file of the repository, and every anchor to a heading.
pub(super) fn lead_somewhere(tree: &Tree) -> Vec<Finding> {
    let findings = tree.ending(".md").flat_map(|(path, text)| {
        let page = Page::read(text);
        let broken = page.links().into_iter().filter_map(|(line, target)| {
            let what = broken(tree, path, target)?;
            Some(Finding::new(
                format!("{path}:{line}"),
                format!("the link to {target} leads nowhere: {what}; mend it"),
            ))
        });
        broken.collect::<Vec<_>>()
    });
    findings.collect()
}

fn broken(tree: &Tree, from: &str, target: &str) -> Option<String> {
    let (file, anchor) = inside(from, target)?;
    let Some(file) = file else { return Some("it leaves the repository".to_owned()) };
    if !tree.has(&file) && !tree.has_folder(&file) && !file.is_empty() {
        return Some(format!("there is no {file}"));
    }
    let anchor = anchor?;
    let anchors = tree.text(&file).map(|text| Page::read(text).anchors()).unwrap_or_default();
    (!anchors.iter().any(|known| known == anchor)).then(|| format!("{file} has no heading for #{anchor}"))
}

/// The file and the anchor that a link means, unless it leads to the web.
fn inside<'a>(from: &str, target: &'a str) -> Option<(Option<String>, Option<&'a str>)> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let file = if file.is_empty() { Some(from.to_owned()) } else { resolve(from, file) };
    Some((file, anchor))
}

/// The path from the root. `None`: it is outside.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                folders.pop()?;
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

/// Whoever follows links from where readers begin comes to every page under `docs/`.
pub(super) fn reach_every_page(tree: &Tree) -> Vec<Finding> {
    let mut reached = BTreeSet::new();
    let mut ahead: Vec<String> = ENTRANCES.iter().map(|page| (*page).to_owned()).collect();
    let mut findings: Vec<Finding> = ahead
        .iter()
        .filter(|page| !tree.has(page))
        .map(|page| Finding::new(page, "it is missing; write it"))
        .collect();
    while let Some(page) = ahead.pop() {
        if reached.insert(page.clone()) {
            ahead.extend(pages_linked_from(tree, &page));
        }
    }
    let lost = tree.ending(".md").filter(|(path, _)| path.starts_with("docs/") && !reached.contains(*path));
    findings.extend(lost.map(|(path, _)| {
        Finding::new(
            path,
            format!("no link leads to it; link it from {} or a page below", ENTRANCES.join(", ")),
        )
    }));
    findings
}

fn pages_linked_from(tree: &Tree, page: &str) -> Vec<String> {
    let read = Page::read(tree.text(page).unwrap_or_default());
    let files = read.links().into_iter().filter_map(|(_, target)| inside(page, target)?.0);
    files.map(|file| if tree.has_folder(&file) { format!("{file}/README.md") } else { file }).collect()
}

/// A comment or a message that names a page names one that exists.
pub(super) fn of_comments(tree: &Tree) -> Vec<Finding> {
    // Documents have links for that, and the tests of this file invent pages.
    let texts = tree.files().filter(|(path, _)| !path.ends_with(".md") && *path != file!());
    let findings = texts.flat_map(|(path, text)| {
        let named = lines(text).flat_map(|(line, text)| pages_in(text).map(move |page| (line, page)));
        let missing = named.filter(|(_, page)| !tree.has(page) && !tree.has(&from_package(path, page)));
        missing.map(move |(line, page)| {
            Finding::new(format!("{path}:{line}"), format!("there is no {page}; name a page that exists"))
        })
    });
    findings.collect()
}

/// A plugin's own `docs/`.
fn from_package(path: &str, page: &str) -> String {
    let package: Vec<&str> = path.split('/').take(2).collect();
    format!("{}/{page}", package.join("/"))
}

fn pages_in(text: &str) -> impl Iterator<Item = &str> {
    let places = text
        .match_indices("docs/")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || "./".contains(c)));
    places.filter_map(|(at, _)| {
        let rest = &text[at..];
        let end =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !"/-_.".contains(c)).unwrap_or(rest.len());
        let path = rest[..end].trim_end_matches('.');
        path.ends_with(".md").then_some(path)
    })
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn a_link_to_nothing_is_found() {
        let page = "# A\n[ok](b.md#b-c), [ok](../README.md), [ok](#a), [ok](https://example.com/x), [ok](decisions)\n\
                    [no](c.md)\n[no](b.md#d) [no](../../x.md)";
        let files = [
            ("README.md", ""),
            ("docs/a.md", page),
            ("docs/b.md", "## B, c\n"),
            ("docs/decisions/README.md", ""),
        ];
        assert_eq!(
            said(lead_somewhere, &files),
            [
                "docs/a.md:3: the link to c.md leads nowhere: there is no docs/c.md; mend it",
                "docs/a.md:4: the link to b.md#d leads nowhere: docs/b.md has no heading for #d; mend it",
                "docs/a.md:4: the link to ../../x.md leads nowhere: it leaves the repository; mend it",
            ]
        );
    }

    #[test]
    fn a_page_that_nobody_links_is_found() {
        let files = [
            ("README.md", "[docs](docs/a.md)"),
            ("docs/architecture.md", "[decisions](decisions)"),
            ("docs/a.md", "[b](./b.md)"),
            ("docs/b.md", ""),
            ("docs/lost.md", "[a](a.md)"),
            ("docs/decisions/README.md", "[1](0001.md)"),
            ("docs/decisions/0001.md", ""),
        ];
        let found =
            "docs/lost.md: no link leads to it; link it from README.md, docs/architecture.md or a page below";
        assert_eq!(said(reach_every_page, &files), [found]);
        assert_eq!(said(reach_every_page, &files[1..2]), ["README.md: it is missing; write it"]);
    }

    #[test]
    fn a_comment_that_names_a_page_that_is_gone_is_found() {
        let files = [
            ("docs/a.md", ""),
            (
                "src/lib.rs",
                "//! See `docs/a.md`.\n//! And docs/b.md. But https://x.example/docs/c.md is not ours.",
            ),
        ];
        assert_eq!(
            said(of_comments, &files),
            ["src/lib.rs:2: there is no docs/b.md; name a page that exists"]
        );
    }
}
