//! Random worlds.

use std::fmt::Write;

/// A generator that gives the same worlds for the same seed in every version of everything (SplitMix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// Some of eight accounts.
    fn accounts(&mut self) -> String {
        let some = (1..=8).filter(|_| self.below(3) == 0);
        some.map(|account| account.to_string()).collect::<Vec<_>>().join(",")
    }

    pub(super) fn world(&mut self) -> String {
        let mut text = String::new();
        for (cloud, provider) in [("acme", "acme"), ("other", "rock")] {
            let limits =
                [self.one_of(&["", "per-change=1", "per-change=2"]), self.one_of(&["", "per-image=4"])];
            let together = self.one_of(&["", "together"]);
            let room = self.one_of(&["", "", "per-region=4"]);
            let limits = limits.join(" ");
            writeln!(text, "cloud {cloud} {provider} north,south,east {limits} {room} {together}")
                .expect("memory");
            let how = ["", "copies=source", "copies=tag", "copies=name", "copies=name length=1", "copies=no"];
            let snapshots = self.one_of(&["", "snapshots-per-change=2", "snapshots-together"]);
            match self.one_of(&how) {
                "" => {}
                how => writeln!(text, "provider {provider} {how} {snapshots}").expect("memory"),
            }
        }
        text += self.one_of(&["", "receiver acme 1 accept=other\n receiver acme 2 accept=other\n"]);
        writeln!(text, "{}", self.one_of(&["", "fence 3", "fence 20"])).expect("memory");
        let scopes = ["", "", "", "", "only rule=rule-0", "only region=south"];
        writeln!(text, "{}", self.one_of(&scopes)).expect("memory");
        for rule in 0..=self.below(4) {
            text += &self.rule(rule);
        }
        for cloud in ["acme", "other"] {
            for region in ["north", "south", "east"] {
                text += &self.site(&format!("{cloud} {region}"), &region[..1]);
            }
        }
        text
    }

    fn rule(&mut self, number: u64) -> String {
        let sites = [
            "at=acme:north",
            "at=acme:north,south",
            "at=other:south,east",
            "at=acme:south at=other:north,south",
        ];
        let from = self.one_of(&["", "", "from=north", "from=south"]);
        let selections = match from {
            // The newest of what is there and of the copies that are made.
            "" => ["all", "name=a*", "newest=1", "newest=2", "newer=500", "name=a* newest=1", "ids=n1,n9,s0"],
            _ => ["all", "name=a*", "name=b", "newest=2", "newer=500", "name=a* newest=1", "ids=n1,n9,s0"],
        };
        let (site, selection) = (self.one_of(&sites), self.one_of(&selections));
        let (mode, accounts) = (self.one_of(&["", "exact"]), self.accounts());
        let snapshots = self.one_of(&["", "snapshots"]);
        format!("rule rule-{number} {site} {from} {mode} {snapshots} {selection} with={accounts}\n")
    }

    /// The ids of a region begin with its letter.
    fn site(&mut self, site: &str, letter: &str) -> String {
        match self.below(8) {
            0 => return format!("region {site} failed=no-answer\n"),
            1 => return String::new(),
            _ => {}
        }
        let images = (0..self.below(6)).map(|number| {
            let name = self.one_of(&["a", "ab", "b", "c"]);
            let states =
                ["state=pending:CREATING", "state=pending:COPYING", "state=failed:BAD", "state=unavailable"];
            let words = [
                "",
                "",
                "",
                "",
                "failed=no-answer",
                "unread",
                "unshared",
                self.one_of(&states),
                self.one_of(&states),
            ];
            let of = ["", "", "of=n0", "of=n1", "of=s0", "of=s1", "of=e0"];
            let (word, of, time) = (self.one_of(&words), self.one_of(&of), self.below(1000));
            let snapshots = self.one_of(&["", "snaps=one", "snaps=one,two", "snaps=two,three"]);
            let more = self.one_of(&[
                "",
                "pending=1,2",
                "pending=1,3",
                "rejected=1,2",
                "accepted=1",
                "prepare=it needs=key",
            ]);
            let words = format!("t={time} {word} {of} {snapshots} {more}");
            format!("image {site} {letter}{number} {name} {words} has={}\n", self.accounts())
        });
        let images = images.collect::<String>();
        images + &format!("region {site}\n") + &self.snapshots(site)
    }

    /// Who has the snapshots of a region; of some nobody knows.
    fn snapshots(&mut self, site: &str) -> String {
        let snapshots = ["one", "two", "three"].map(|id| match self.below(6) {
            0 => String::new(),
            1 => format!("snapshot {site} {id} failed=no-answer\n"),
            _ => format!("snapshot {site} {id} has={}\n", self.accounts()),
        });
        snapshots.concat()
    }
}
