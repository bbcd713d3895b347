//! Why two definitions see one pull request differently.
use crate::{CommitDate, CycleEnd, DraftTime, Pickup, Pull, PullOptions, ReviewEnd, Stages, Unanswered, stage::stages};
use kernel::calendar::Calendar;

/// A choice: whether two definitions differ in it, how it moves from one to the other, and what that means in words.
type Choice =
    (fn(&PullOptions, &PullOptions) -> bool, fn(&mut PullOptions, &PullOptions), fn(&PullOptions) -> &'static str);

const CHOICES: [Choice; 7] = [
    (|a, b| a.draft_time != b.draft_time, |into, from| into.draft_time = from.draft_time, draft_time),
    (|a, b| a.pickup_ends != b.pickup_ends, |into, from| into.pickup_ends = from.pickup_ends, pickup_ends),
    (|a, b| a.review_ends != b.review_ends, |into, from| into.review_ends = from.review_ends, review_ends),
    (|a, b| a.unanswered != b.unanswered, |into, from| into.unanswered = from.unanswered, unanswered),
    (|a, b| a.commit_date != b.commit_date, |into, from| into.commit_date = from.commit_date, commit_date),
    (|a, b| a.cycle_ends != b.cycle_ends, |into, from| into.cycle_ends = from.cycle_ends, cycle_ends),
    (|a, b| a.working_time != b.working_time, |into, from| into.working_time = from.working_time, working_time),
];

/// Why a pull request has other stages under another definition than under this one, in words that follow the other's name:
/// each choice that alone changes them, or, if only several together do, all that are chosen differently. Nothing if the
/// stages are the same.
pub fn reasons<W: PartialEq + Clone>(
    pull: &Pull<W>,
    this: &PullOptions,
    other: &PullOptions,
    calendar: Option<&Calendar>,
) -> Vec<&'static str> {
    let seen = stages(pull, this, calendar);
    if stages(pull, other, calendar) == seen {
        return Vec::new();
    }
    let differing = || CHOICES.iter().filter(|(differ, ..)| differ(this, other));
    let alone = differing().filter(|(_, take, _)| {
        let mut changed = *this;
        take(&mut changed, other);
        stages(pull, &changed, calendar) != seen
    });
    let alone: Vec<&'static str> = alone.map(|(.., words)| words(other)).collect();
    match alone.is_empty() {
        true => differing().map(|(.., words)| words(other)).collect(),
        false => alone,
    }
}

/// By how many microseconds two readings of one pull request differ, all stages together. A stage that only one of them
/// knows counts whole.
pub fn distance(a: &Stages, b: &Stages) -> i64 {
    let of = |one: &Stages| [one.coding, one.pickup, one.review, one.merge, one.cycle].map(|stage| stage.unwrap_or(0));
    of(a).into_iter().zip(of(b)).map(|(a, b)| (a - b).abs()).sum()
}

fn draft_time(options: &PullOptions) -> &'static str {
    match options.draft_time {
        DraftTime::Coding => "time as a draft is counted in coding there",
        DraftTime::Pickup => "time as a draft is waiting there",
        DraftTime::Nowhere => "time as a draft is not counted there",
    }
}

fn pickup_ends(options: &PullOptions) -> &'static str {
    match options.pickup_ends {
        Pickup::Comment => "a comment is an answer there",
        Pickup::Review => "only a review is an answer there",
    }
}

fn review_ends(options: &PullOptions) -> &'static str {
    match options.review_ends {
        ReviewEnd::LastApproval => "review lasts until the last approval there",
        ReviewEnd::FirstApproval => "review ends with the first approval there",
        ReviewEnd::Merge => "review lasts until the merge there",
    }
}

fn unanswered(options: &PullOptions) -> &'static str {
    match options.unanswered {
        Unanswered::Merge => "what nobody answered waited for the merge there",
        Unanswered::Pickup => "what nobody answered waited for an answer there",
    }
}

fn commit_date(options: &PullOptions) -> &'static str {
    match options.commit_date {
        CommitDate::Author => "it begins with the author's date there",
        CommitDate::Committer => "it begins with the committer's date there",
    }
}

fn cycle_ends(options: &PullOptions) -> &'static str {
    match options.cycle_ends {
        CycleEnd::Merge => "the whole ends with the merge there",
        CycleEnd::Deployment => "the whole ends with the deployment there",
    }
}

fn working_time(options: &PullOptions) -> &'static str {
    match options.working_time {
        true => "only working time counts there",
        false => "all time counts there",
    }
}
