//! What the proposals of a round come to.
use super::Proposal;
use crate::issue::Issue;
use kernel::Id;

/// The issues that are to be taken in and left out, each once, in the order in which they were first named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub taken: Vec<Id<Issue>>,
    pub left: Vec<Id<Issue>>,
}

impl Draft {
    /// Of each issue the latest proposal that was not taken back stands. They come the first one first.
    pub fn of(proposals: &[Proposal]) -> Draft {
        let mut named: Vec<Id<Issue>> = Vec::new();
        for proposal in proposals {
            if !named.contains(&proposal.issue_id) {
                named.push(proposal.issue_id);
            }
        }
        let mut draft = Draft::default();
        for issue in named {
            match standing(proposals, issue) {
                Some(one) if one.takes_in => draft.taken.push(issue),
                Some(_) => draft.left.push(issue),
                None => {}
            }
        }
        draft
    }
}

/// The proposal about an issue that stands.
pub(super) fn standing(proposals: &[Proposal], issue: Id<Issue>) -> Option<&Proposal> {
    proposals.iter().rev().find(|one| one.issue_id == issue && one.taken_back_at.is_none())
}

#[cfg(test)]
mod tests {
    use super::{Draft, Proposal};
    use crate::issue::Issue;
    use kernel::{Id, Time};

    fn proposal(issue: u128, takes_in: bool, taken_back: bool) -> Proposal {
        Proposal {
            id: Id::from_u128(1),
            planning_id: Id::from_u128(1),
            issue_id: Id::from_u128(issue),
            takes_in,
            reason: String::new(),
            by_id: Id::from_u128(1),
            by_name: String::new(),
            at: Time(0),
            taken_back_at: taken_back.then_some(Time(1)),
            taken_back_name: None,
        }
    }

    /// What the document says, written the long way: go through the story, and let every proposal that stayed overrule.
    fn slowly(story: &[(u128, bool, bool)]) -> (Vec<u128>, Vec<u128>) {
        let last = |issue: u128| story.iter().rfind(|(one, _, back)| *one == issue && !back).map(|one| one.1);
        let with = |wanted: bool| (0..4).filter(|issue| last(*issue) == Some(wanted)).collect();
        (with(true), with(false))
    }

    #[test]
    fn what_is_committed_is_what_was_proposed_less_what_was_taken_back() {
        for seed in 0_u64..3000 {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut next = |most: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % most
            };
            let story: Vec<(u128, bool, bool)> =
                (0..next(9)).map(|_| (u128::from(next(4)), next(3) > 0, next(3) == 0)).collect();
            let proposals: Vec<Proposal> = story.iter().map(|(a, b, c)| proposal(*a, *b, *c)).collect();
            let draft = Draft::of(&proposals);
            let ids = |mut all: Vec<Id<Issue>>| {
                all.sort_unstable();
                all
            };
            let (taken, left) = slowly(&story);
            let as_ids = |all: Vec<u128>| all.into_iter().map(Id::from_u128).collect::<Vec<Id<Issue>>>();
            assert_eq!((ids(draft.taken), ids(draft.left)), (as_ids(taken), as_ids(left)), "{story:?}");
        }
    }
}
