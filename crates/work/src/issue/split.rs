use super::{
    CreateIssue, Issue, Which,
    change::{self, Wanted},
};
use crate::{
    estimate::Estimate,
    sprint::{Kind, ledger::Why},
};
use kernel::{
    Actor, Change, Error,
    Method::Post,
    Operation, Result, Route, Tx,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Split an issue: the pieces become issues of the same team and sprint, below the same one, with the same assignee.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitIssue {
    pub issue: Which,
    /// 1 to 20.
    pub pieces: Vec<Piece>,
    /// What is left of the issue itself; as it is, if left out.
    #[serde(default)]
    pub estimate: Change<Estimate>,
    #[serde(default)]
    pub reason: Line<300>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    pub title: Name<300>,
    #[serde(default)]
    pub estimate: Option<Estimate>,
}

/// The issue that was split, and what came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Pieces {
    pub issue: Issue,
    pub pieces: Vec<Issue>,
}

const MOST: usize = 20;

impl Operation for SplitIssue {
    const NAME: &str = "issue.split";
    const ROUTE: Route = Route(Post, "/issues/{issue}/pieces");
    type Target = Issue;
    type Output = Pieces;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Issue> {
        Issue::visible(tx, &self.issue, false).await
    }

    fn allows(actor: &Actor, _: &Issue) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issue: Issue) -> Result<Pieces> {
        if !(1..=MOST).contains(&self.pieces.len()) {
            return Err(Error::invalid("pieces", format!("Name 1 to {MOST} pieces.")));
        }
        if issue.category.is_finished() {
            return Err(Error::conflict(format!("{} is finished. Create a new issue instead.", issue.key)));
        }
        let why = Why { kind: Some(Kind::Split), reason: self.reason.to_string() };
        let left = Wanted { estimate: self.estimate.clone(), ..Wanted::default() };
        let batch = tx.id();
        change::apply_because(tx, &issue, &left, batch, &why).await?;
        let mut pieces = Vec::new();
        for piece in &self.pieces {
            pieces.push(self.create(tx, &issue, piece, &why).await?);
        }
        Ok(Pieces { issue: Issue::visible(tx, &Which::Id(issue.id), false).await?, pieces })
    }
}

impl SplitIssue {
    async fn create(&self, tx: &mut Tx<'_>, whole: &Issue, piece: &Piece, why: &Why) -> Result<Issue> {
        let new = CreateIssue::named(whole.team_id, piece.title.clone());
        let made = new.begin(tx).await?;
        let wanted = Wanted {
            assignee: whole.assignee_id.map_or(Change::Keep, Change::Set),
            priority: Some(whole.priority),
            estimate: piece.estimate.map_or(Change::Keep, Change::Set),
            parent: whole.parent_id.map_or(Change::Keep, Change::Set),
            sprint: whole.sprint_id.map_or(Change::Keep, Change::Set),
            project: whole.project_id.map_or(Change::Keep, Change::Set),
            milestone: whole.milestone_id.map_or(Change::Keep, Change::Set),
            ..Wanted::default()
        };
        let batch = tx.id();
        change::apply_because(tx, &made, &wanted, batch, why).await?;
        Issue::visible(tx, &Which::Id(made.id), false).await
    }
}
