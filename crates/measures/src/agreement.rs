//! What a team agrees on about its work, and whether a change or a build kept it.
use kernel::words;

words! {
    /// What a team may agree on.
    pub enum Agreement {
        /// Each pull request is answered within so many working hours of those who may review.
        ReviewWithin = "review_within",
        /// A pull request changes at most so many lines.
        Size = "size",
        /// At most so many pull requests are open when another one is opened.
        InProgress = "in_progress",
        /// A pull request names the issue that it is part of.
        LinkedIssue = "linked_issue",
        /// Nobody merges their own without an approval.
        NoSelfMerge = "no_self_merge",
        /// Whatever changes behaviour changes tests.
        TestsChange = "tests_change",
        /// A build ends within so many minutes.
        BuildsWithin = "builds_within",
    }
}

/// What is known of one pull request or one build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// Somebody else answered it.
    pub answered: Option<bool>,
    /// Microseconds before the answer in which somebody who may review was at work.
    pub waited: Option<i64>,
    /// Lines added and deleted.
    pub lines: Option<i64>,
    /// How many were open when it was opened, itself among them.
    pub open: Option<i64>,
    pub linked: Option<bool>,
    pub self_merged: Option<bool>,
    pub touched: Option<Touched>,
    /// Microseconds that a build took.
    pub took: Option<i64>,
}

/// What the paths tell that a pull request changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub behaviour: bool,
    pub tests: bool,
}

/// What became of an agreement in one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Kept,
    Broken,
    /// It has nothing to do with it: nothing behaves otherwise, so no test needs to change.
    Apart,
    NotKnown,
}

/// How far a case went: an amount to be held against a limit, or what it is without one.
enum Reach {
    Amount(i64),
    /// Further than any limit.
    Beyond,
    Apart,
    NotKnown,
}

const MINUTE: i64 = 60_000_000;

impl Agreement {
    /// The unit of its limit after a number; nothing for those without one.
    pub fn unit(self) -> Option<&'static str> {
        match self {
            Agreement::ReviewWithin => Some("working hours"),
            Agreement::Size => Some("lines"),
            Agreement::InProgress => Some("pull requests"),
            Agreement::BuildsWithin => Some("minutes"),
            Agreement::LinkedIssue | Agreement::NoSelfMerge | Agreement::TestsChange => None,
        }
    }

    /// What was agreed, as a sentence without a stop.
    pub fn sentence(self, most: i64) -> String {
        match self {
            Agreement::ReviewWithin => format!("A pull request is answered within {most} working hours"),
            Agreement::Size => format!("A pull request changes at most {most} lines"),
            Agreement::InProgress => format!("At most {most} pull requests are open at once"),
            Agreement::LinkedIssue => "A pull request names the issue that it is part of".to_owned(),
            Agreement::NoSelfMerge => "Nobody merges their own without an approval".to_owned(),
            Agreement::TestsChange => "Tests change with behaviour".to_owned(),
            Agreement::BuildsWithin => format!("A build ends within {most} minutes"),
        }
    }

    /// Whether it is about builds, and not about pull requests.
    pub fn is_of_builds(self) -> bool {
        self == Agreement::BuildsWithin
    }

    /// Whether a case kept it; `most` is in its unit and means nothing for those without a limit.
    pub fn held(self, most: i64, case: &Case) -> Held {
        match self.reach(case) {
            Reach::Amount(amount) if amount <= most.saturating_mul(self.scale()) => Held::Kept,
            Reach::Amount(_) | Reach::Beyond => Held::Broken,
            Reach::Apart => Held::Apart,
            Reach::NotKnown => Held::NotKnown,
        }
    }

    /// What a case that broke it did, in words; it is about the change and nobody.
    pub fn happened(self, case: &Case) -> String {
        let hours = |amount: i64| whole(amount, 60 * MINUTE);
        match self {
            Agreement::ReviewWithin if case.answered == Some(false) => "Merged without an answer".to_owned(),
            Agreement::ReviewWithin => format!("Answered after {} working hours", hours(case.waited.unwrap_or(0))),
            Agreement::Size => format!("{} lines", case.lines.unwrap_or(0)),
            Agreement::InProgress => format!("{} were open with it", case.open.unwrap_or(0)),
            Agreement::LinkedIssue => "Names no issue".to_owned(),
            Agreement::NoSelfMerge => "Merged by its author without an approval".to_owned(),
            Agreement::TestsChange => "Changes behaviour and no test".to_owned(),
            Agreement::BuildsWithin => format!("Took {} minutes", whole(case.took.unwrap_or(0), MINUTE)),
        }
    }

    /// The smallest limit in its unit that at least four in five of these cases kept; nothing where none tells.
    pub fn proposal<'c>(self, cases: impl IntoIterator<Item = &'c Case>) -> Option<i64> {
        let amounts = cases.into_iter().filter_map(|case| match self.reach(case) {
            Reach::Amount(amount) => Some(amount),
            Reach::Beyond => Some(i64::MAX),
            Reach::Apart | Reach::NotKnown => None,
        });
        let mut amounts: Vec<i64> = amounts.collect();
        amounts.sort_unstable();
        let at = (amounts.len() * 4).div_ceil(5).checked_sub(1)?;
        let amount = amounts[at];
        // Where too many went beyond any limit, the one that those who did not kept.
        let amount = if amount == i64::MAX { *amounts.iter().rev().find(|one| **one < i64::MAX)? } else { amount };
        Some(whole(amount, self.scale()).max(1))
    }

    fn reach(self, case: &Case) -> Reach {
        let amount = |value: Option<i64>| value.map_or(Reach::NotKnown, Reach::Amount);
        let wrong = |value: Option<bool>| match value {
            Some(true) => Reach::Beyond,
            Some(false) => Reach::Amount(0),
            None => Reach::NotKnown,
        };
        match self {
            Agreement::ReviewWithin if case.answered == Some(false) => Reach::Beyond,
            Agreement::ReviewWithin => amount(case.waited),
            Agreement::Size => amount(case.lines),
            Agreement::InProgress => amount(case.open),
            Agreement::LinkedIssue => wrong(case.linked.map(|linked| !linked)),
            Agreement::NoSelfMerge => wrong(case.self_merged),
            Agreement::TestsChange if case.touched.is_some_and(|touched| !touched.behaviour) => Reach::Apart,
            Agreement::TestsChange => wrong(case.touched.map(|touched| !touched.tests)),
            Agreement::BuildsWithin => amount(case.took),
        }
    }

    fn scale(self) -> i64 {
        match self {
            Agreement::ReviewWithin => 60 * MINUTE,
            Agreement::BuildsWithin => MINUTE,
            _ => 1,
        }
    }
}

/// How many whole units hold an amount that is not negative.
fn whole(amount: i64, unit: i64) -> i64 {
    amount / unit + i64::from(amount % unit > 0)
}

/// What changing these paths means, by how tests and code are usually named.
pub fn touched<'p>(paths: impl IntoIterator<Item = &'p str>) -> Touched {
    let mut found = Touched::default();
    for path in paths {
        match is_test(path) {
            true => found.tests = true,
            false => found.behaviour |= is_code(path),
        }
    }
    found
}

fn is_test(path: &str) -> bool {
    const FOLDERS: [&str; 10] =
        ["test", "tests", "spec", "specs", "__tests__", "__snapshots__", "e2e", "cypress", "testdata", "fixtures"];
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split('.').next().unwrap_or(file);
    let low = file.to_lowercase();
    let ends = ["_test", "_tests", "_spec", "-test", "-spec"].iter().any(|end| stem.to_lowercase().ends_with(end));
    // `PayoutTest.java`, and not `Contest.java`.
    let camel = ["Test", "Tests", "Spec", "IT"].iter().any(|end| {
        stem.strip_suffix(end).is_some_and(|rest| rest.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit()))
    });
    folders.split('/').any(|folder| FOLDERS.contains(&folder.to_lowercase().as_str()))
        || low.starts_with("test_")
        || low.contains(".test.")
        || low.contains(".spec.")
        || stem == "tests"
        || ends
        || camel
}

fn is_code(path: &str) -> bool {
    const CODE: [&str; 46] = [
        "rs", "go", "py", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "java", "kt", "kts", "scala", "groovy", "rb",
        "php", "c", "h", "cc", "cpp", "cxx", "hpp", "cs", "fs", "vb", "swift", "m", "mm", "ex", "exs", "erl", "hs",
        "ml", "clj", "dart", "lua", "pl", "r", "jl", "zig", "sql", "sh", "vue", "svelte", "elm",
    ];
    path.rsplit_once('.').is_some_and(|(_, ending)| CODE.contains(&ending.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests;
