use super::{Blocker, Checkin, Entry, EntryState, Question, Round, blocker, questions};
use kernel::{
    Actor, Error, Id,
    Method::Put,
    Operation, Person, Reference, Result, Route, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use people::person;
use schemars::JsonSchema;
use serde::Deserialize;

/// Answer one's part of a round. It can be answered again, and also when the round has closed: late is fine.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerCheckin {
    pub entry: Id<Entry>,
    /// In place of those of before. A question that is left out stays without an answer.
    pub answers: Vec<GivenAnswer>,
    /// Besides those that were named already.
    #[serde(default)]
    pub blockers: Vec<GivenBlocker>,
    /// From 1, bad, to 5, good; only oneself sees it.
    #[serde(default)]
    pub mood: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenAnswer {
    pub question: Id<Question>,
    pub body: Markdown,
    /// One of the goals of the check-in.
    #[serde(default)]
    pub goal: Line<120>,
}

/// What is in the way, and who could help.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenBlocker {
    pub body: Name<200>,
    /// Is asked for help.
    #[serde(default)]
    pub ask: Option<Id<Person>>,
}

const MOST_BLOCKERS: usize = 10;

impl Operation for AnswerCheckin {
    const NAME: &str = "checkin.answer";
    const ROUTE: Route = Route(Put, "/checkin-entries/{entry}");
    type Target = (Checkin, Round, Entry);
    type Output = Entry;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        for blocker in &self.blockers {
            if let Some(asked) = blocker.ask {
                person::Record::visible(tx, asked).await?;
            }
        }
        let found = Entry::own(tx, self.entry).await?;
        let known = questions(tx, found.0.id).await?;
        match self.answers.iter().all(|answer| known.iter().any(|one| one.id == answer.question)) {
            true => Ok(found),
            false => Err(Error::NotFound),
        }
    }

    fn allows(actor: &Actor, (_, _, entry): &Self::Target) -> bool {
        entry.person_id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, (checkin, round, entry): Self::Target) -> Result<Entry> {
        self.check(&checkin)?;
        let given: Vec<&GivenAnswer> = self.answers.iter().filter(|answer| !answer.body.trim().is_empty()).collect();
        if given.is_empty() && self.blockers.is_empty() && self.mood.is_none() {
            return Err(Error::invalid("answers", "Write at least one answer."));
        }
        if entry.state == EntryState::Away || entry.state == EntryState::Waiting {
            return Err(Error::conflict("This has not opened for you."));
        }
        let delete = sql!("delete from checkin_answers where workspace_id = $1 and entry_id = $2");
        tx.run(delete, args![tx.workspace(), entry.id]).await?;
        for answer in given {
            let insert = sql!(
                "insert into checkin_answers (workspace_id, entry_id, question_id, body, goal)
                 values ($1, $2, $3, $4, $5)"
            );
            tx.run(insert, args![tx.workspace(), entry.id, answer.question, answer.body, answer.goal]).await?;
        }
        for GivenBlocker { body, ask } in &self.blockers {
            blocker::raise(tx, entry.id, (entry.person_id, &entry.person_name), body, *ask).await?;
        }
        if let Some(mood) = self.mood {
            keep_mood(tx, entry.id, mood).await?;
        }
        settle(tx, &round, &entry).await?;
        Ok(Entry::own(tx, entry.id).await?.2)
    }
}

impl AnswerCheckin {
    fn check(&self, checkin: &Checkin) -> Result<()> {
        let mut flaws = kernel::Flaws::default();
        let mut named: Vec<_> = self.answers.iter().map(|answer| answer.question).collect();
        named.sort_unstable();
        named.dedup();
        flaws.unless(named.len() == self.answers.len(), "answers", "Answer each question once.");
        let goals = checkin.goals();
        let known = |goal: &str| goal.is_empty() || goals.contains(&goal);
        let fits = self.answers.iter().all(|answer| known(&answer.goal));
        flaws.unless(fits, "answers", "This goal is none of the check-in's.");
        flaws.unless(self.blockers.len() <= MOST_BLOCKERS, "blockers", "Name at most ten at once.");
        let mood = self.mood.is_none_or(|mood| checkin.asks_mood && (1..=5).contains(&mood));
        flaws.unless(mood, "mood", "Choose from 1 to 5, where the check-in asks for it.");
        flaws.check()
    }
}

async fn keep_mood(tx: &mut Tx<'_>, entry: Id<Entry>, mood: i64) -> Result<()> {
    let save = sql!(
        "insert into checkin_moods (workspace_id, entry_id, person_id, mood) values ($1, $2, $3, $4)
         on conflict (workspace_id, entry_id) do update set mood = excluded.mood"
    );
    let me = tx.me();
    tx.run(save, args![tx.workspace(), entry, me, mood]).await?;
    Ok(())
}

/// The entry is answered, and nothing waits in the inbox any more.
pub(super) async fn settle(tx: &mut Tx<'_>, round: &Round, entry: &Entry) -> Result<()> {
    let update = sql!(
        "update checkin_entries set state = 'answered', answered_at = coalesce(answered_at, $3)
          where workspace_id = $1 and id = $2"
    );
    let now = tx.now();
    tx.run(update, args![tx.workspace(), entry.id, now]).await?;
    tx.settle_asks(&Reference::to("checkin_entry", entry.id), Some(entry.person_id));
    tx.record("checkin_round.answered", round.id, json!({}));
    Ok(())
}

/// The blockers that were named for an entry, to be shown beside the form.
pub(super) fn open(blockers: &[Blocker]) -> impl Iterator<Item = &Blocker> {
    blockers.iter().filter(|one| one.solved_at.is_none())
}
