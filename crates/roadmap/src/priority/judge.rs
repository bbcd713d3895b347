use super::{Judgement, history, inputs, weighting};
use crate::project::{Kept, teams_of_each};
use kernel::{Actor, Error, Flaw, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Say what goes into the score of a project. What is not named stays as it was; no value says that it is no longer known.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeProject {
    pub project: Id<kernel::Project>,
    pub values: Vec<Judging>,
    /// On what this rests: a measurement, a number of requests, a guess.
    pub why: Name<600>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judging {
    /// `reach`, `impact`, `confidence`, `effort`, `value`, `urgency`, `opportunity`, `size`, or the id of a criterion.
    pub factor: String,
    #[serde(default)]
    pub value: Option<f64>,
}

impl Operation for JudgeProject {
    const NAME: &str = "project.judge";
    const ROUTE: Route = Route(Post, "/projects/{project}/judgements");
    type Target = Kept;
    type Output = Judgement;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.project).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Judgement> {
        self.check(tx).await?;
        let known = inputs(tx, &[self.project]).await?;
        let before = |factor: &str| known.iter().find(|input| input.factor == factor).map(|input| input.value);
        let changed: Vec<&Judging> = self.values.iter().filter(|one| one.value != before(&one.factor)).collect();
        if changed.is_empty() {
            return Err(Error::conflict("Nothing is different from what was said before."));
        }
        let (id, now, me): (Id<Judgement>, _, _) = (tx.id(), tx.now(), tx.me());
        let insert = sql!(
            "insert into judgements (workspace_id, id, project_id, why, at, by_id) values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), id, self.project, self.why, now, me]).await?;
        let insert =
            sql!("insert into judged_values (workspace_id, judgement_id, factor, value) values ($1, $2, $3, $4)");
        for one in changed {
            tx.run(insert, args![tx.workspace(), id, one.factor, one.value]).await?;
        }
        tx.record("project.judged", self.project, json!({}));
        let all = history::of(tx, self.project).await?;
        all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
    }
}

impl JudgeProject {
    /// Each value fits a factor of a method, or a criterion that holds for the project.
    async fn check(&self, tx: &mut Tx<'_>) -> Result<()> {
        let teams: Vec<_> = teams_of_each(tx, &[self.project]).await?.into_iter().map(|(_, team)| team.id).collect();
        let groups = history::groups(&weighting::current(tx).await?, &teams);
        let mut flaws = Vec::new();
        let mut seen = BTreeSet::new();
        for Judging { factor: key, value } in &self.values {
            let factor = groups.iter().flat_map(|group| &group.factors).find(|factor| factor.key == *key);
            let sentence = match (factor, value) {
                (None, _) => Some(format!("“{key}” is nothing that goes into the score of this project.")),
                _ if !seen.insert(key) => Some(format!("“{key}” stands there twice.")),
                (Some(factor), Some(value)) if !factor.takes(*value) => {
                    Some(format!("{}: write {}.", factor.name, factor.range()))
                }
                _ => None,
            };
            flaws.extend(sentence.map(|sentence| Flaw { field: "values".into(), sentence }));
        }
        if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
    }
}
