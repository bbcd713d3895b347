use super::{Issue, Progress, Relation, Which, body_of, code, labels_of, relation};
use crate::{
    custom::{Held, held_of},
    intake_form::{self, Sent},
    label::Label,
    team::{Category, State},
    triage,
};
use kernel::{
    Actor, Aside, CodeChange, Id, Method::Get, Operation, Person, Reference, Result, Route, Time, Tx, args, columns,
    sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One issue with everything that hangs on it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowIssue {
    /// A key such as `PAY-482`, of today or of the past, or an id.
    pub issue: Which,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Full {
    #[serde(flatten)]
    pub issue: Issue,
    /// Markdown.
    pub body: String,
    pub creator_id: Option<Id<Person>>,
    pub creator_name: Option<String>,
    pub labels: Vec<Label>,
    /// What it holds in fields that were added to issues.
    pub fields: Vec<Held>,
    pub parent: Option<Brief>,
    /// The issues right below it, in their order.
    pub below: Vec<Brief>,
    /// How far those below are; nothing where there are none.
    pub progress: Option<Progress>,
    pub relations: Vec<Relation>,
    /// How long it was in each state so far, in the order in which it first came there.
    pub stays: Vec<Stay>,
    /// Keys under which it was known before.
    pub former_keys: Vec<String>,
    /// What other parts say about it.
    pub asides: Vec<Aside>,
    /// The pull requests and commits that name it, at most 50 of each, the newest first.
    pub code: Vec<CodeChange>,
    /// What its team has promised about it, while it is open.
    pub promised: Option<triage::Due>,
    /// Where it was brought over from, in words.
    pub origin: Option<String>,
    /// Who sent it through which form, where somebody without an account did.
    pub sent: Option<Sent>,
}

/// What is shown of an issue beside another one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Brief {
    pub id: Id<Issue>,
    pub key: String,
    pub title: String,
    pub state_name: String,
    pub category: Category,
    pub assignee_id: Option<Id<Person>>,
    pub assignee_name: Option<String>,
}
columns!(Brief { id, key, title, state_name, category, assignee_id, assignee_name });

/// The time that an issue was in a state.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Stay {
    pub state_id: Id<State>,
    pub state_name: String,
    pub category: Category,
    pub seconds: i64,
}

struct Span {
    state_id: Id<State>,
    state_name: String,
    category: Category,
    from_at: Time,
    until_at: Option<Time>,
}
columns!(Span { state_id, state_name, category, from_at, until_at });

/// Issues right below one that a page shows.
const MOST_BELOW: i64 = 200;

impl Operation for ShowIssue {
    const NAME: &str = "issue.show";
    const ROUTE: Route = Route(Get, "/issues/{issue}");
    const READS: bool = true;
    type Target = Issue;
    type Output = Full;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Issue> {
        Issue::visible(tx, &self.issue, true).await
    }

    fn allows(_: &Actor, _: &Issue) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, issue: Issue) -> Result<Full> {
        let id = issue.id;
        let creator = sql!(
            "select p.id, coalesce(p.name, o.name) as name
               from issues i
               left join people p on p.workspace_id = i.workspace_id and p.id = i.creator_id
               left join outsiders o on o.workspace_id = i.workspace_id and o.id = i.creator_outsider_id
              where i.workspace_id = $1 and i.id = $2"
        );
        let creator: (Option<Id<Person>>, Option<String>) = tx.one(creator, args![tx.workspace(), id]).await?;
        let former = sql!("select key from issue_aliases where workspace_id = $1 and issue_id = $2 order by key");
        let keys = code::keys_of(tx, &issue).await?;
        let (below, parent) = around(tx, &issue).await?;
        Ok(Full {
            body: body_of(tx, id).await?,
            sent: intake_form::sent_with(tx, id).await?,
            creator_id: creator.0,
            creator_name: creator.1,
            labels: labels_of(tx, &[id]).await?.into_iter().map(|(_, label)| label).collect(),
            fields: held_of(tx, &[id]).await?.into_iter().map(|(_, held)| held).collect(),
            progress: match below.is_empty() {
                true => None,
                false => Progress::of(tx, &[id]).await?.pop().map(|(_, progress)| progress),
            },
            below,
            parent,
            relations: relation::of(tx, id).await?,
            stays: stays(tx, id).await?,
            former_keys: tx.all(former, args![tx.workspace(), id]).await?,
            asides: match issue.deleted_at {
                None => tx.gather_about(&Reference::to("issue", id), |part| part.asides).await?,
                Some(_) => Vec::new(),
            },
            code: match issue.deleted_at {
                None => tx.gather_named(&keys, |part| part.code).await?,
                Some(_) => Vec::new(),
            },
            promised: triage::due_of(tx, &issue).await?,
            origin: crate::import::origin(tx, id).await?,
            issue,
        })
    }
}

struct Around {
    brief: Brief,
    is_below: bool,
}

impl kernel::FromRow for Around {
    fn from_row(row: &kernel::Row<'_>) -> Result<Self> {
        Ok(Around { brief: Brief::from_row(row)?, is_below: row.get("is_below")? })
    }
}

/// The issues right below, and the one above.
async fn around(tx: &mut Tx<'_>, issue: &Issue) -> Result<(Vec<Brief>, Option<Brief>)> {
    let select = sql!(
        "select i.id, w.key || '-' || cast(i.number as text) as key, i.title, s.name as state_name, i.category,
                i.assignee_id, a.name as assignee_name, i.id <> $3 as is_below
           from issues i
           join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
           join work_states s on s.workspace_id = i.workspace_id and s.id = i.state_id
           left join people a on a.workspace_id = i.workspace_id and a.id = i.assignee_id
          where i.workspace_id = $1 and i.deleted_at is null and (i.parent_id = $2 or i.id = $3)
          order by i.rank, i.id limit $4"
    );
    let above = issue.parent_id.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<Around> = tx.all(select, args![tx.workspace(), issue.id, above, MOST_BELOW]).await?;
    let (below, above): (Vec<Around>, Vec<Around>) = rows.into_iter().partition(|row| row.is_below);
    Ok((below.into_iter().map(|row| row.brief).collect(), above.into_iter().map(|row| row.brief).next()))
}

async fn stays(tx: &mut Tx<'_>, issue: Id<Issue>) -> Result<Vec<Stay>> {
    let select = sql!(
        "select y.state_id, s.name as state_name, s.category, y.from_at, y.until_at
           from issue_stays y join work_states s on s.workspace_id = y.workspace_id and s.id = y.state_id
          where y.workspace_id = $1 and y.issue_id = $2 order by y.from_at"
    );
    let spans: Vec<Span> = tx.all(select, args![tx.workspace(), issue]).await?;
    let now = tx.now();
    let mut stays: Vec<Stay> = Vec::new();
    for span in spans {
        let seconds = (span.until_at.unwrap_or(now).0 - span.from_at.0) / 1_000_000;
        match stays.iter_mut().find(|stay| stay.state_id == span.state_id) {
            Some(stay) => stay.seconds += seconds,
            None => stays.push(Stay {
                state_id: span.state_id,
                state_name: span.state_name,
                category: span.category,
                seconds,
            }),
        }
    }
    Ok(stays)
}
