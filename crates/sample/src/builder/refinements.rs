use super::Builder;
use crate::{
    data::{InRound, Round, RoundStep},
    history::By,
};
use asks::SettlePast;
use kernel::{Error, Result, json};
use work::refinement::{
    AnswerQuestion, AskQuestion, EndRefinement, GiveEstimate, SettleItem, ShowRefinement, StartRefinement,
};

impl Builder<'_> {
    pub(super) async fn refine(&mut self, by: By<'_>, row: usize, round: &Round) -> Result<()> {
        let mut issues = Vec::new();
        for slug in &round.issues {
            issues.push(self.issue(slug)?.key.clone());
        }
        let input =
            json!({ "team": self.team(&round.team)?, "name": round.name, "issues": issues, "hours": round.hours });
        let started = self.call::<StartRefinement>(by, input).await?;
        self.rounds.insert(row, started);
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn in_round(&self, by: By<'_>, row: usize, step: &RoundStep) -> Result<()> {
        let missing = || Error::conflict("This round or its issue is not there yet.");
        let round = self.rounds.get(&row).ok_or_else(missing)?.id;
        if step.what == InRound::End {
            self.call::<EndRefinement>(by, json!({ "refinement": round })).await?;
            return self.call::<SettlePast>(By::System, json!({})).await;
        }
        let view = self.call::<ShowRefinement>(by, json!({ "refinement": round })).await?;
        let issue = self.issue(&step.issue)?.id;
        let item = view.items.iter().find(|one| one.issue.id == issue).ok_or_else(missing)?;
        let id = item.item.id;
        match step.what {
            InRound::Estimate => {
                self.call::<GiveEstimate>(by, json!({ "item": id, "estimate": step.text })).await?;
            }
            InRound::Ask => {
                self.call::<AskQuestion>(by, json!({ "item": id, "body": step.text })).await?;
            }
            InRound::Answer => {
                let question = item.questions.iter().find(|one| one.answer.is_empty()).ok_or_else(missing)?.id;
                self.call::<AnswerQuestion>(by, json!({ "question": question, "answer": step.text })).await?;
            }
            InRound::Ready => {
                let input = json!({ "item": id, "outcome": "ready", "estimate": step.text });
                self.call::<SettleItem>(by, input).await?;
            }
            InRound::End => {}
        }
        self.call::<SettlePast>(By::System, json!({})).await
    }
}
