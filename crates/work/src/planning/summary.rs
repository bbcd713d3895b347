//! What came of a round, in Markdown. What people typed is shown as they typed it and never as headings or links.
use super::{
    Objection, ObjectionOutcome, Planning, Proposal, Stance,
    draft::{Draft, standing},
    show::{self, Participant},
};
use crate::{issue::Issue, round::section};
use kernel::{Id, Result, Tx};
use std::fmt::Write;
use trackers::escaped;

/// With the notes of what happened at the commitment.
pub(super) async fn of(tx: &mut Tx<'_>, round: &Planning, notes: &[String]) -> Result<String> {
    let proposals = Proposal::of(tx, round.id).await?;
    let issues = Issue::with_ids(tx, &proposals.iter().map(|one| one.issue_id).collect::<Vec<_>>()).await?;
    let draft = Draft::of(&proposals);
    let people = show::participants(tx, round).await?;
    let objections = Objection::of(tx, round.id).await?;
    let mut text = String::new();
    if !round.goal.is_empty() {
        let _ = writeln!(text, "## Goal\n\n{}\n", escaped(&round.goal));
    }
    section(&mut text, "Taken in", lines(&draft.taken, &issues, &proposals));
    section(&mut text, "What we leave out", lines(&draft.left, &issues, &proposals));
    section(&mut text, "Not as proposed", notes.iter().map(|note| escaped(note)).collect());
    section(&mut text, "Answers", answers(&people));
    section(&mut text, "Objections", objections.iter().map(objection).collect());
    let offers = people.iter().filter(|one| !one.offer.is_empty());
    let offers = offers.map(|one| format!("{}: {}", escaped(&one.person_name), escaped(&one.offer)));
    section(&mut text, "What each can take on", offers.collect());
    if !round.risks.trim().is_empty() {
        let _ = writeln!(text, "## Risks\n\n{}", round.risks.trim_end());
    }
    Ok(text.trim_end().to_owned())
}

fn lines(ids: &[Id<Issue>], issues: &[Issue], proposals: &[Proposal]) -> Vec<String> {
    let of = |id: &Id<Issue>| {
        let issue = issues.iter().find(|issue| issue.id == *id)?;
        let one = standing(proposals, *id)?;
        let size = issue.size().map(|size| format!(" ({size})")).unwrap_or_default();
        let reason = if one.reason.is_empty() { String::new() } else { format!(": {}", escaped(&one.reason)) };
        let who = escaped(&one.by_name);
        Some(format!("{} {}{size}, proposed by {who}{reason}", issue.key, escaped(&issue.title)))
    };
    ids.iter().filter_map(of).collect()
}

fn answers(people: &[Participant]) -> Vec<String> {
    let current = |stance: Stance| people.iter().filter(move |one| one.current && one.stance == Some(stance));
    let mut lines = Vec::new();
    let consented: Vec<String> = current(Stance::Consent).map(|one| escaped(&one.person_name)).collect();
    if !consented.is_empty() {
        lines.push(format!("Consented: {}", consented.join(", ")));
    }
    for one in current(Stance::Concern) {
        lines.push(format!("{} consented with a concern: {}", escaped(&one.person_name), escaped(&one.reason)));
    }
    for one in current(Stance::Objection) {
        lines.push(format!("{} objected", escaped(&one.person_name)));
    }
    let silent = people.iter().filter(|one| !one.current).count();
    lines.push(match silent {
        0 => "Everyone has answered".to_owned(),
        1 => format!("1 of {} has not answered", people.len()),
        many => format!("{many} of {} have not answered", people.len()),
    });
    lines
}

fn objection(one: &Objection) -> String {
    let outcome = match one.outcome {
        None => "Not settled.".to_owned(),
        Some(ObjectionOutcome::Withdrawn) => "Withdrawn.".to_owned(),
        Some(ObjectionOutcome::DecidedAgainst) => {
            let by = one.settled_name.as_deref().unwrap_or("somebody");
            format!("Decided against by {}: {}", escaped(by), escaped(&one.answer))
        }
    };
    let (who, body, wants) = (escaped(&one.person_name), escaped(&one.body), escaped(&one.wants));
    format!("{who}: “{body}” – good enough would be: “{wants}”. {outcome}")
}
