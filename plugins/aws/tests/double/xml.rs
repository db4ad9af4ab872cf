//! Answers, as the cloud writes them.

/// An element that is being written.
pub(crate) struct Xml {
    name: String,
    content: String,
}

impl Xml {
    /// The answer to an action.
    pub(crate) fn answer(action: &str) -> Self {
        Self::new(&format!("{action}Response")).with("requestId", "fake-request")
    }

    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), content: String::new() }
    }

    pub(crate) fn with(mut self, name: &str, text: &str) -> Self {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.content.push_str(&format!("<{name}>{text}</{name}>"));
        self
    }

    pub(crate) fn holding(mut self, inner: &Self) -> Self {
        self.content.push_str(&inner.element());
        self
    }

    /// With a list of this name, an item each.
    pub(crate) fn listing(self, name: &str, items: impl IntoIterator<Item = Self>) -> Self {
        let list = items.into_iter().fold(Self::new(name), |list, item| list.holding(&item));
        self.holding(&list)
    }

    fn element(&self) -> String {
        format!("<{0}>{1}</{0}>", self.name, self.content)
    }

    pub(crate) fn text(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", self.element())
    }
}

pub(crate) fn item() -> Xml {
    Xml::new("item")
}

/// A refusal.
pub(crate) fn error(code: &str, message: &str) -> String {
    let error = Xml::new("Error").with("Code", code).with("Message", message);
    Xml::new("Response").holding(&Xml::new("Errors").holding(&error)).with("RequestID", "fake-refusal").text()
}
