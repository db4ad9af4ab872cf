//! docs/writing-a-provider.md leads from nothing to a working provider: somebody does all that it says.

use crate::checkout::{root, text};
use crate::tiny_cloud::TinyCloud;
use crate::workshop::Workshop;

/// A fenced block.
struct Block {
    language: String,
    text: String,
    /// The words between back-ticks in the paragraph before it.
    named: Vec<String>,
}

/// The blocks of the guide's first section, in order.
fn blocks() -> Vec<Block> {
    let guide = text("docs/writing-a-provider.md");
    let section = guide.split("\n## ").nth(1).expect("the guide has sections");
    let parts: Vec<&str> = section.split("```").collect();
    parts.chunks_exact(2).map(|pair| block(pair[0], pair[1])).collect()
}

fn block(before: &str, fenced: &str) -> Block {
    let (language, text) = fenced.split_once('\n').expect("a fence names its language");
    let paragraph = before.trim_end().rsplit("\n\n").next().unwrap_or_default();
    let named = paragraph.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Block { language: language.to_owned(), text: text.to_owned(), named }
}

/// Somebody who does what the guide says.
struct Reader {
    workshop: Workshop,
    cloud: TinyCloud,
}

impl Reader {
    fn follow(&mut self, block: &Block) {
        match block.language.as_str() {
            "sh" => self.workshop.run(&block.text),
            "text" => self.sees(&block.text),
            "diff" => self.edits(block),
            _ => self.reads(block),
        }
    }

    /// The lines were printed, in this order; dots stand for any number of others.
    fn sees(&self, expected: &str) {
        let mut printed = self.workshop.printed.lines();
        for line in expected.lines().filter(|line| *line != "...") {
            let is_there = printed.any(|other| other == line);
            assert!(
                is_there,
                "the guide shows what is not printed there:\n{line}\n\n{}",
                self.workshop.printed
            );
        }
    }

    /// The file is as the guide shows it, which gets imgshare's crates from its repository.
    fn reads(&self, block: &Block) {
        let of_checkout = |text: String, name: &str| {
            let path = root().join("crates").join(name).canonicalize().expect("it is in the checkout");
            let git = format!("git = \"{}\"", env!("CARGO_PKG_REPOSITORY"));
            text.replace(&format!("path = \"{}\"", path.display()), &git)
        };
        let written = self.workshop.read(self.file(block));
        let written = ["imgshare-sdk", "imgshare-testkit"].into_iter().fold(written, of_checkout);
        assert_eq!(written, block.text);
    }

    fn edits(&self, block: &Block) {
        let without = |sign: char| -> String {
            let lines = block.text.lines().filter(|line| !line.starts_with(sign));
            lines.map(|line| format!("{}\n", &line[1..])).collect()
        };
        self.workshop.edit(self.file(block), &without('+'), &without('-'));
    }

    /// The file that the guide speaks of.
    fn file<'a>(&self, block: &'a Block) -> &'a str {
        let file = block.named.iter().find(|name| self.workshop.path(name).is_file());
        file.unwrap_or_else(|| panic!("none of these is a file: {:?}", block.named))
    }
}

#[test]
fn whoever_follows_the_guide_has_a_provider_that_works() {
    let mut reader = Reader { workshop: Workshop::new(), cloud: TinyCloud::serve() };
    let blocks = blocks();
    let (first, others) = blocks.split_first().expect("the guide has blocks");
    reader.follow(first);
    reader.workshop.borrow_what_is_built();
    for block in others {
        if block.text.contains("-c example.toml") {
            // The guide's port may be taken here.
            let of_guide = "http://127.0.0.1:8080";
            reader.workshop.edit("example.toml", of_guide, &reader.cloud.endpoint);
        }
        reader.follow(block);
    }
    assert_eq!(reader.cloud.accounts(), ["123456"]);
}
