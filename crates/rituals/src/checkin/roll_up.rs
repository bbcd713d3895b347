use super::{Answer, Blocker, Checkin, ENTRY_SELECT, Entry, Question, Round, blocker, questions};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a team said on one date, to be read in a minute.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRollUp {
    pub round: Id<Round>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RollUp {
    pub checkin: Checkin,
    pub round: Round,
    pub questions: Vec<Question>,
    /// By name.
    pub entries: Vec<Entry>,
    pub answers: Vec<Answer>,
    /// The oldest first.
    pub blockers: Vec<Blocker>,
}

impl Operation for ShowRollUp {
    const NAME: &str = "checkin_round.show";
    const ROUTE: Route = Route(Get, "/checkin-rounds/{round}");
    const READS: bool = true;
    type Target = (Checkin, Round);
    type Output = RollUp;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Round::visible(tx, self.round).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (checkin, round): Self::Target) -> Result<RollUp> {
        let entries = sql!(ENTRY_SELECT, "where e.workspace_id = $1 and e.round_id = $2 order by p.sort_name, e.id");
        let entries: Vec<Entry> = tx.all(entries, args![tx.workspace(), round.id]).await?;
        let answers = sql!(
            "select a.entry_id, a.question_id, a.body, a.goal from checkin_answers a
               join checkin_entries e on e.workspace_id = a.workspace_id and e.id = a.entry_id
              where a.workspace_id = $1 and e.round_id = $2"
        );
        let answers: Vec<Answer> = tx.all(answers, args![tx.workspace(), round.id]).await?;
        let ids: Vec<Id<Entry>> = entries.iter().map(|entry| entry.id).collect();
        Ok(RollUp {
            questions: questions(tx, checkin.id).await?,
            blockers: blocker::of(tx, &ids).await?,
            checkin,
            round,
            entries,
            answers,
        })
    }
}

impl RollUp {
    /// The goals under which somebody put an answer: those of today in their order, then those of before.
    pub fn goals(&self) -> Vec<&str> {
        let used = |goal: &&str| self.answers.iter().any(|answer| answer.goal == *goal);
        let mut goals: Vec<&str> = self.checkin.goals().into_iter().filter(used).collect();
        let mut former: Vec<&str> = self.answers.iter().map(|answer| answer.goal.as_str()).collect();
        former.retain(|goal| !goal.is_empty() && !goals.contains(goal));
        former.sort_unstable();
        former.dedup();
        goals.extend(former);
        goals
    }

    /// What was said under a goal; with an empty one, under none.
    pub fn under<'a>(&'a self, goal: &'a str) -> impl Iterator<Item = (&'a Entry, &'a Question, &'a Answer)> {
        self.entries.iter().flat_map(move |entry| {
            self.questions.iter().filter_map(move |question| {
                let of = |one: &&Answer| one.entry_id == entry.id && one.question_id == question.id && one.goal == goal;
                Some((entry, question, self.answers.iter().find(of)?))
            })
        })
    }
}
