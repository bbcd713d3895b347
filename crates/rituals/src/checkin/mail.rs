//! What became of the asks: an answer that came by mail, or from the inbox, is the answer to the check-in, and help that
//! was given takes a blocker out of the way.
use super::{Blocker, Entry, Question, answer::settle, blocker, questions};
use kernel::{Id, Job, Result, Tx, args, columns, json, sql};

struct Told {
    about_id: String,
    outcome: String,
}
columns!(Told { about_id, outcome });

async fn about(tx: &mut Tx<'_>, job: &Job, kind: &str) -> Result<Option<Told>> {
    let select = sql!(
        "select about_id, outcome from asks_public_asks
          where workspace_id = $1 and id = $2 and about_kind = $3 and about_id is not null and state = 'done'"
    );
    tx.find(select, args![tx.workspace(), job.subject, kind]).await
}

pub(crate) async fn told(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    let Some(Told { about_id, outcome }) = about(tx, job, "checkin_entry").await? else { return Ok(()) };
    let select = sql!(super::ENTRY_SELECT, "where e.workspace_id = $1 and e.id = $2 and e.state = 'open'");
    let entry: Option<Entry> = tx.find(select, args![tx.workspace(), about_id]).await?;
    let (Some(entry), false) = (entry, outcome.trim().is_empty()) else { return Ok(()) };
    let round = sql!(super::ROUND_SELECT, "where r.workspace_id = $1 and r.id = $2");
    let round: super::Round = tx.one(round, args![tx.workspace(), entry.round_id]).await?;
    let mut questions = questions(tx, round.checkin_id).await?;
    questions.retain(|one| !one.dropped);
    let read = read(&outcome, questions.len());
    for (question, body) in questions.iter().zip(&read.answers).filter(|(_, body)| !body.trim().is_empty()) {
        keep(tx, entry.id, question, body.trim()).await?;
    }
    for body in &read.blockers {
        blocker::raise(tx, entry.id, (entry.person_id, &entry.person_name), body, None).await?;
    }
    settle(tx, &round, &entry).await
}

async fn keep(tx: &mut Tx<'_>, entry: Id<Entry>, question: &Question, body: &str) -> Result<()> {
    let insert = sql!(
        "insert into checkin_answers (workspace_id, entry_id, question_id, body, goal) values ($1, $2, $3, $4, '')
         on conflict (workspace_id, entry_id, question_id) do update set body = excluded.body"
    );
    tx.run(insert, args![tx.workspace(), entry, question.id, body]).await?;
    Ok(())
}

pub(crate) async fn helped(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    let Some(Told { about_id, .. }) = about(tx, job, "blocker").await? else { return Ok(()) };
    let Ok(id) = about_id.parse::<Id<Blocker>>() else { return Ok(()) };
    if blocker::end(tx, id).await? {
        let round = sql!(
            "select e.round_id from checkin_blockers b
               join checkin_entries e on e.workspace_id = b.workspace_id and e.id = b.entry_id
              where b.workspace_id = $1 and b.id = $2"
        );
        let round: Id<super::Round> = tx.one(round, args![tx.workspace(), id]).await?;
        tx.record("blocker.solved", round, json!({}));
    }
    Ok(())
}

/// What a reply says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    /// One for each question.
    answers: Vec<String>,
    blockers: Vec<String>,
}

/// Lines belong to the question whose letter stands before them, `b)`, and to the first one if none does. A line that
/// begins with `Blocked:` or `Blocker:` names what is in the way.
fn read(text: &str, questions: usize) -> Read {
    let mut read = Read { answers: vec![String::new(); questions], blockers: Vec::new() };
    let mut at = 0;
    for line in text.lines() {
        if let Some(blocker) = blocked(line) {
            read.blockers.push(blocker.chars().take(200).collect());
            continue;
        }
        let (letter, rest) = lettered(line).filter(|(letter, _)| *letter < questions).unwrap_or((at, line));
        at = letter;
        if let Some(answer) = read.answers.get_mut(at) {
            answer.push_str(rest);
            answer.push('\n');
        }
    }
    read
}

fn blocked(line: &str) -> Option<&str> {
    let (word, rest) = line.split_once(':')?;
    let named = ["blocked", "blocker", "blockers"].contains(&word.trim().to_ascii_lowercase().as_str());
    Some(rest.trim()).filter(|rest| named && !rest.is_empty())
}

/// `b) text` is the second question's.
fn lettered(line: &str) -> Option<(usize, &str)> {
    let (letter, rest) = line.trim_start().split_once(')')?;
    match letter.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => {
            Some((usize::from(byte.to_ascii_lowercase() - b'a'), rest.trim_start()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
