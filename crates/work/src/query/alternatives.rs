use super::{Any, Mistake, Part, Query, Term};

/// As many alternatives can a query have once its brackets are resolved: each is looked for by itself.
const MOST: usize = 16;

type Alternatives = Vec<Vec<Term>>;

impl Query {
    /// The same without brackets: lists of terms, each of which holds as a whole; one of the lists has to. At least one.
    pub fn alternatives(&self) -> Result<Alternatives, Mistake> {
        if self.any.is_empty() {
            return Ok(vec![Vec::new()]);
        }
        let many =
            || Mistake::new(0, format!("This has more than {MOST} alternatives once its brackets are resolved."));
        of_any(&self.any, false).ok_or_else(many)
    }
}

/// By De Morgan's laws, the opposite of alternatives is that the opposite of each of them holds.
fn of_any(any: &Any, negated: bool) -> Option<Alternatives> {
    let each = any.iter().map(|all| of_all(all, negated));
    if negated { product(each) } else { union(each) }
}

fn of_all(all: &[Part], negated: bool) -> Option<Alternatives> {
    let each = all.iter().map(|part| match part {
        Part::Term(term) => Some(vec![vec![Term { negated: term.negated != negated, what: term.what.clone() }]]),
        Part::Group { negated: group, any } => of_any(any, *group != negated),
    });
    if negated { union(each) } else { product(each) }
}

fn union(each: impl Iterator<Item = Option<Alternatives>>) -> Option<Alternatives> {
    let mut all = Vec::new();
    for one in each {
        all.extend(one?);
        if all.len() > MOST {
            return None;
        }
    }
    Some(all)
}

/// Each of the one together with each of the other.
fn product(each: impl Iterator<Item = Option<Alternatives>>) -> Option<Alternatives> {
    let mut all: Alternatives = vec![Vec::new()];
    for one in each {
        let one = one?;
        if all.len() * one.len() > MOST {
            return None;
        }
        all = all.iter().flat_map(|before| one.iter().map(move |next| [before.as_slice(), next].concat())).collect();
    }
    Some(all)
}
