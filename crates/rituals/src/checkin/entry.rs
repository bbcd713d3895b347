use super::{Answer, Blocker, Checkin, Entry, EntryState, Question, Round, blocker, questions};
use jiff::civil::Date;
use kernel::{Actor, Deed, Id, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One's own part of a round, with what was answered and what one did since the last time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowEntry {
    pub entry: Id<Entry>,
}

/// What a person needs to answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EntryView {
    pub checkin: Checkin,
    pub round: Round,
    pub entry: Entry,
    /// Those that are asked, and those of before that were answered here.
    pub questions: Vec<Question>,
    pub answers: Vec<Answer>,
    pub blockers: Vec<Blocker>,
    /// How one felt, from 1 to 5; nobody else is shown it.
    pub mood: Option<i64>,
    /// What one did since the last answer, the latest first.
    pub deeds: Vec<Deed>,
}

impl Operation for ShowEntry {
    const NAME: &str = "checkin_entry.show";
    const ROUTE: Route = Route(Get, "/checkin-entries/{entry}");
    const READS: bool = true;
    type Target = (Checkin, Round, Entry);
    type Output = EntryView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Entry::own(tx, self.entry).await
    }

    fn allows(actor: &Actor, (_, _, entry): &Self::Target) -> bool {
        entry.person_id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, (checkin, round, entry): Self::Target) -> Result<EntryView> {
        let answers = sql!(
            "select entry_id, question_id, body, goal from checkin_answers where workspace_id = $1 and entry_id = $2"
        );
        let answers: Vec<Answer> = tx.all(answers, args![tx.workspace(), entry.id]).await?;
        let answered = |one: &Question| answers.iter().any(|answer| answer.question_id == one.id);
        let mut questions = questions(tx, checkin.id).await?;
        questions.retain(|one| !one.dropped || answered(one));
        let mood = sql!("select mood from checkin_moods where workspace_id = $1 and entry_id = $2 and person_id = $3");
        let me = tx.me();
        Ok(EntryView {
            mood: tx.find(mood, args![tx.workspace(), entry.id, me]).await?,
            blockers: blocker::of(tx, &[entry.id]).await?,
            deeds: deeds(tx, &checkin, &entry).await?,
            questions,
            answers,
            checkin,
            round,
            entry,
        })
    }
}

/// What one did since the answer before, at most two weeks ago.
async fn deeds(tx: &mut Tx<'_>, checkin: &Checkin, entry: &Entry) -> Result<Vec<Deed>> {
    const FARTHEST: Duration = Duration::from_secs(14 * 24 * 3600);
    const USUAL: Duration = Duration::from_secs(7 * 24 * 3600);
    if !checkin.proposes_work {
        return Ok(Vec::new());
    }
    let last = sql!(
        "select max(coalesce(e.answered_at, e.opens_at)) from checkin_entries e
           join checkin_rounds r on r.workspace_id = e.workspace_id and r.id = e.round_id
          where e.workspace_id = $1 and e.person_id = $2 and r.checkin_id = $3 and e.state = 'answered'
            and e.opens_at < $4"
    );
    let (me, until) = (tx.me(), entry.answered_at.unwrap_or(tx.now()));
    let last: Option<Time> = tx.one(last, args![tx.workspace(), me, checkin.id, entry.opens_at]).await?;
    let since = last.unwrap_or(until - USUAL).max(until - FARTHEST);
    let mut deeds = tx.gather_of(me, since..until, |part| part.deeds).await?;
    deeds.sort_by_key(|deed| std::cmp::Reverse(deed.at));
    deeds.truncate(20);
    Ok(deeds)
}

/// One's own check-ins that are open now, and the last ones that were not answered.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListEntries {}

/// A part of a round that waits for its person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OwnEntry {
    pub id: Id<Entry>,
    pub checkin_id: Id<Checkin>,
    pub checkin_name: String,
    pub on_date: Date,
    pub state: EntryState,
    pub due_at: Time,
    pub answered_at: Option<Time>,
    pub mood: Option<i64>,
}
columns!(OwnEntry { id, checkin_id, checkin_name, on_date, state, due_at, answered_at, mood });

impl Operation for ListEntries {
    const NAME: &str = "checkin_entry.list";
    const ROUTE: Route = Route(Get, "/checkin-entries");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<OwnEntry>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<OwnEntry>> {
        let select = sql!(
            "select e.id, r.checkin_id, c.name as checkin_name, r.on_date, e.state, e.due_at, e.answered_at, m.mood
               from checkin_entries e
               join checkin_rounds r on r.workspace_id = e.workspace_id and r.id = e.round_id
               join checkins c on c.workspace_id = r.workspace_id and c.id = r.checkin_id
               left join checkin_moods m on m.workspace_id = e.workspace_id and m.entry_id = e.id
              where e.workspace_id = $1 and e.person_id = $2 and e.state in ('open', 'answered')
              order by e.opens_at desc, e.id desc limit 30"
        );
        let me = tx.me();
        tx.all(select, args![tx.workspace(), me]).await
    }
}
