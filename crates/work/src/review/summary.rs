//! What came of a review, in Markdown. What people typed is shown as they typed it and never as headings or links; what is
//! shown is quoted, so that nothing in it passes for the record.
use super::{Answered, ItemView, Review, ReviewVerdict, Unfinished, show};
use crate::round::section;
use kernel::{Result, Tx};
use std::fmt::Write;
use trackers::escaped;

pub(super) async fn of(tx: &mut Tx<'_>, round: &Review) -> Result<String> {
    let reviewers = show::reviewers(tx, round.id).await?;
    let items = show::items(tx, round.id, &reviewers).await?;
    let open = show::not_finished(tx, round.sprint_id).await?;
    let mut text = String::new();
    items.iter().for_each(|one| item(&mut text, one));
    section(&mut text, "Not finished", open.iter().map(unfinished).collect());
    Ok(text.trim_end().to_owned())
}

fn item(text: &mut String, one: &ItemView) {
    let _ = writeln!(text, "## {} {}\n", one.item.key, escaped(&one.item.title));
    let by = one.item.presenter_name.as_deref().map(|name| format!(" by {}", escaped(name))).unwrap_or_default();
    if one.item.shown.trim().is_empty() {
        let _ = writeln!(text, "Nothing was shown{by}.\n");
    } else {
        let _ = writeln!(text, "Shown{by}:\n");
        one.item.shown.trim_end().lines().for_each(|line| {
            let _ = writeln!(text, "> {line}");
        });
        text.push('\n');
    }
    answers(one).iter().for_each(|line| {
        let _ = writeln!(text, "- {line}");
    });
    text.push('\n');
}

fn answers(one: &ItemView) -> Vec<String> {
    let of = |verdict: ReviewVerdict| one.answers.iter().filter(move |answer| answer.verdict == verdict);
    let names = |all: Vec<&str>| all.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    let before = |answer: &Answered| if answer.before_change { " (before the text was changed)" } else { "" };
    let accepted: Vec<String> = of(ReviewVerdict::Accepted)
        .map(|answer| format!("{}{}", escaped(&answer.person_name), before(answer)))
        .collect();
    if !accepted.is_empty() {
        lines.push(format!("Accepted by {}", accepted.join(", ")));
    }
    for (verdict, words) in
        [(ReviewVerdict::Remark, "accepted it with a remark"), (ReviewVerdict::NotAccepted, "did not accept it")]
    {
        lines.extend(of(verdict).map(|answer| {
            format!("{} {words}{}: {}", escaped(&answer.person_name), before(answer), escaped(&answer.remark))
        }));
    }
    if !one.unanswered.is_empty() {
        lines
            .push(format!("Not answered: {}", names(one.unanswered.iter().map(|named| named.name.as_str()).collect())));
    }
    lines
}

fn unfinished(one: &Unfinished) -> String {
    let reason = if one.reason.is_empty() { String::new() } else { format!(": {}", escaped(&one.reason)) };
    format!("{} {}{reason}", one.key, escaped(&one.title))
}
