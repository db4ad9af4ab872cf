//! Answers in XML, as trees of elements without attributes and namespaces, which mean nothing here.
//!
//! The reader takes no document type, and so no entities but the five of XML itself.

use roxmltree::{Document, Node};

/// An element of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a>(Node<'a, 'a>);

/// Reads a document and hands its root element to `read`. `None`: it is no XML, or XML with a document type.
pub fn with_root<T>(body: &[u8], read: impl FnOnce(Element<'_>) -> T) -> Option<T> {
    let text = std::str::from_utf8(body).ok()?;
    let document = Document::parse(text).ok()?;
    Some(read(Element(document.root_element())))
}

impl<'a> Element<'a> {
    /// Its name.
    pub fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    /// The first element of this name in it.
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// The text of the first element of this name in it, as it stands; none where there is nothing but white space.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.child(name)?.0.text().filter(|text| !text.trim().is_empty())
    }

    /// The same, as a text of one's own.
    pub fn owned(self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// Whether that text is `true`.
    pub fn is_true(self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// The items of the list of this name in it; none where there is no such list.
    pub fn items(self, list: &str) -> impl Iterator<Item = Self> + use<'a> {
        let list = self.child(list);
        list.into_iter().flat_map(Self::children).filter(|child| child.name() == "item")
    }

    fn children(self) -> impl Iterator<Item = Self> + use<'a> {
        self.0.children().filter(Node::is_element).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_comments_and_white_space_between_elements_mean_nothing() {
        let body = br#"<?xml version="1.0" encoding="UTF-8"?>
            <R xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><!-- x -->
              <set> <item><id> a&amp;b </id></item> text <item/> <other/> </set> <empty/> <yes>true</yes>
            </R>"#;
        with_root(body, |root| {
            assert_eq!(root.name(), "R");
            let ids: Vec<_> = root.items("set").map(|item| item.text("id")).collect();
            assert_eq!(ids, [Some(" a&b "), None]);
            assert_eq!((root.text("empty"), root.text("none")), (None, None));
            assert_eq!((root.is_true("yes"), root.is_true("empty")), (true, false));
            assert_eq!(root.items("none").count(), 0);
        })
        .unwrap();
    }

    #[test]
    fn a_document_type_is_refused_and_with_it_entities_that_grow() {
        for body in [
            r#"<!DOCTYPE a [<!ENTITY x "aaaa"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>"#,
            r#"<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>"#,
            "<a>&x;</a>",
            "<a>",
            "",
            "{}",
            "\u{0}",
        ] {
            assert!(with_root(body.as_bytes(), |_| ()).is_none(), "{body}");
        }
        assert!(with_root(b"\xff<a/>", |_| ()).is_none());
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = "<a>".repeat(200_000);
        assert!(with_root(deep.as_bytes(), |_| ()).is_none());
        let closed = format!("{deep}{}", "</a>".repeat(200_000));
        // Whether it is read is the reader's choice; that it comes back is ours.
        with_root(closed.as_bytes(), |root| root.text("a").is_none());
    }
}
