use super::{Item, Question, Refinement, estimate::takes_part, question};
use crate::{
    estimate::Estimate,
    issue::{self, Issue},
    team::Kept,
};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Tx, args, columns, list, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A round with its issues, what was asked about them, and the estimates that show.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRefinement {
    pub refinement: Id<Refinement>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RefinementView {
    pub refinement: Refinement,
    pub items: Vec<ItemView>,
    /// How many people were asked.
    pub people: i64,
    /// Whether the reader is one of them.
    pub takes_part: bool,
    /// Whether the reader says what is ready.
    pub may_settle: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RefinementItemView")]
pub struct ItemView {
    #[serde(flatten)]
    pub item: Item,
    pub issue: Issue,
    /// The description, in Markdown.
    pub body: String,
    /// How many have estimated it.
    pub count: i64,
    /// Whether the reader has said anything yet, and what; nothing where they cannot tell.
    pub has_own: bool,
    pub own: Option<Estimate>,
    /// What everyone said, the least first; empty until it shows.
    pub given: Vec<Given>,
    pub questions: Vec<Question>,
}

/// What somebody thinks, if they can tell.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "GivenEstimate")]
pub struct Given {
    pub item_id: Id<Item>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub photo: Option<String>,
    pub estimate: Option<Estimate>,
}
columns!(Given { item_id, person_id, person_name, photo, estimate });

impl ItemView {
    /// The least and the most that was said.
    pub fn span(&self) -> Option<(Estimate, Estimate)> {
        let said = || self.given.iter().filter_map(|given| given.estimate);
        said().min().zip(said().max())
    }

    /// The one in the middle of what was said; the larger one of two.
    pub fn middle(&self) -> Option<Estimate> {
        let said: Vec<Estimate> = self.given.iter().filter_map(|given| given.estimate).collect();
        said.get(said.len() / 2).copied()
    }
}

impl Operation for ShowRefinement {
    const NAME: &str = "refinement.show";
    const ROUTE: Route = Route(Get, "/refinements/{refinement}");
    const READS: bool = true;
    type Target = (Refinement, Kept);
    type Output = RefinementView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Refinement::kept(tx, self.refinement).await
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (round, kept): Self::Target) -> Result<RefinementView> {
        view(tx, round, &kept).await
    }
}

/// As the actor sees it.
pub(super) async fn view(tx: &mut Tx<'_>, round: Refinement, kept: &Kept) -> Result<RefinementView> {
    let items = Item::of(tx, round.id).await?;
    let issues = issues(tx, &items).await?;
    let bodies = bodies(tx, &items).await?;
    let questions = question::of(tx, round.id).await?;
    let given = given(tx, &round).await?;
    let counts = sql!(
        "select e.item_id, count(*) from refinement_estimates e
           join refinement_items i on i.workspace_id = e.workspace_id and i.id = e.item_id
          where e.workspace_id = $1 and i.refinement_id = $2 group by e.item_id"
    );
    let counts: Vec<(Id<Item>, i64)> = tx.all(counts, args![tx.workspace(), round.id]).await?;
    let people = sql!("select count(*) from refinement_people where workspace_id = $1 and refinement_id = $2");
    let people = tx.one(people, args![tx.workspace(), round.id]).await?;
    let me = tx.me();
    let item = |item: Item| {
        let issue = issues.iter().find(|issue| issue.id == item.issue_id)?.clone();
        let of_item = given.iter().filter(|given| given.item_id == item.id);
        let own = of_item.clone().find(|given| given.person_id == me);
        let shows = item.revealed_at.is_some();
        Some(ItemView {
            issue,
            body: bodies.get(&item.issue_id).cloned().unwrap_or_default(),
            count: counts.iter().find(|(id, _)| *id == item.id).map_or(0, |(_, count)| *count),
            has_own: own.is_some(),
            own: own.and_then(|given| given.estimate),
            given: of_item.filter(|_| shows).cloned().collect(),
            questions: questions.iter().filter(|question| question.item_id == item.id).cloned().collect(),
            item,
        })
    };
    Ok(RefinementView {
        items: items.into_iter().filter_map(item).collect(),
        people,
        takes_part: takes_part(tx, &round).await?,
        may_settle: kept.may_change(tx.actor()) && !tx.actor().is_system(),
        refinement: round,
    })
}

/// Also those that were deleted since, so that the record stays whole.
async fn issues(tx: &mut Tx<'_>, items: &[Item]) -> Result<Vec<Issue>> {
    let select =
        sql!(issue::SELECT, "where", issue::VISIBLE, "and i.id in (select value from json_each(cast($3 as text)))");
    let ids = list(items.iter().map(|item| item.issue_id));
    tx.all(select, args![tx.workspace(), tx.actor().belongs(), ids]).await
}

async fn bodies(tx: &mut Tx<'_>, items: &[Item]) -> Result<BTreeMap<Id<Issue>, String>> {
    let select = sql!(
        "select id, body from issues where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
    );
    let ids = list(items.iter().map(|item| item.issue_id));
    let rows: Vec<(Id<Issue>, String)> = tx.all(select, args![tx.workspace(), ids]).await?;
    Ok(rows.into_iter().collect())
}

/// Estimates that show, and the actor's own; no other one leaves the database.
async fn given(tx: &mut Tx<'_>, round: &Refinement) -> Result<Vec<Given>> {
    let select = sql!(
        "select e.item_id, e.person_id, p.name as person_name, p.photo, e.estimate
           from refinement_estimates e
           join refinement_items i on i.workspace_id = e.workspace_id and i.id = e.item_id
           join people p on p.workspace_id = e.workspace_id and p.id = e.person_id
          where e.workspace_id = $1 and i.refinement_id = $2 and (i.revealed_at is not null or e.person_id = $3)
          order by case when e.estimate is null then 1 else 0 end, e.estimate, p.name, p.id"
    );
    tx.all(select, args![tx.workspace(), round.id, tx.me()]).await
}
