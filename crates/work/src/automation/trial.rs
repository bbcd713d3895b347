use super::{Then, When, add::check, pulls};
use crate::{
    issue::{Fitting, Issue},
    team::Kept,
};
use jiff::tz::TimeZone;
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Sql, Team, Time, Tx, args, sql, text::Line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Try a rule without doing anything: when it would have run in the last 30 days, and about which issues. Whether an issue
/// fits is asked of it as it is now.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TryAutomation {
    pub team: Id<Team>,
    pub when: When,
    #[serde(default)]
    pub hours: Option<i64>,
    #[serde(default)]
    pub q: Line<500>,
    pub then: Then,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AutomationTrial")]
pub struct Trial {
    pub days: i64,
    /// How often something happened on which it runs; at most 1000, the latest ones.
    pub looked_at: usize,
    /// The occasions on which it would have run, the latest first.
    pub occasions: Vec<Occasion>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AutomationTrialOccasion")]
pub struct Occasion {
    pub issue_id: Id<Issue>,
    pub key: String,
    pub title: String,
    pub at: Time,
}

const DAYS: i64 = 30;
const MOST: i64 = 1_000;

impl Operation for TryAutomation {
    const NAME: &str = "automation.try";
    const ROUTE: Route = Route(Post, "/teams/{team}/automations/trial");
    const READS: bool = true;
    type Target = Kept;
    type Output = Trial;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        self.then.look_up(tx).await?;
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Trial> {
        check(tx, self.team, self.when, self.hours, &self.q, &self.then).await?;
        let since = tx.now() - Duration::from_secs(24 * 3600 * DAYS.unsigned_abs());
        let happened = happened(tx, self.team, self.when, since).await?;
        let mut ids: Vec<Id<Issue>> = happened.iter().map(|(issue, _)| *issue).collect();
        ids.sort_unstable();
        ids.dedup();
        let fitting = Fitting::read(tx, self.team, &self.q).await?.among(tx, &ids).await?;
        let occasion = |(id, at): &(Id<Issue>, Time)| {
            let issue = fitting.iter().find(|issue| issue.id == *id)?;
            Some(Occasion { issue_id: *id, key: issue.key.clone(), title: issue.title.clone(), at: *at })
        };
        let occasions = happened.iter().filter_map(occasion).collect();
        Ok(Trial { days: DAYS, looked_at: happened.len(), occasions })
    }
}

/// The issues of a team to which it has happened since a moment, and when, the latest first.
async fn happened(tx: &mut Tx<'_>, team: Id<Team>, when: When, since: Time) -> Result<Vec<(Id<Issue>, Time)>> {
    let workspace = tx.workspace();
    let field = match when {
        When::StateChanged => "state",
        When::Labelled => "label",
        When::Prioritised => "priority",
        When::PullDrafted | When::PullOpened | When::PullMerged | When::PullClosed => {
            return pulls::happened(tx, team, when, since, MOST).await;
        }
        When::DuePassed => {
            let (first, today) = (since.date(&TimeZone::UTC), tx.now().date(&TimeZone::UTC));
            return tx.all(overdue(), args![workspace, team, first, today, MOST]).await;
        }
        When::Created | When::Blocked | When::SprintClosed => {
            return tx.all(statement(when), args![workspace, team, since, MOST]).await;
        }
    };
    let changed = sql!(
        "select c.issue_id, c.at from issues i
           join issue_changes c on c.workspace_id = i.workspace_id and c.issue_id = i.id and c.field = $4
            and (c.field <> 'label' or c.after_value is not null)
          where i.workspace_id = $1 and i.team_id = $2 and i.updated_at >= $3 and c.at >= $3 and i.deleted_at is null
          order by c.at desc, c.id limit $5"
    );
    tx.all(changed, args![workspace, team, since, field, MOST]).await
}

fn overdue() -> Sql {
    sql!(
        "select i.id, i.updated_at as at from issues i
          where i.workspace_id = $1 and i.team_id = $2 and i.due_on >= $3 and i.due_on < $4 and i.finished_at is null
            and i.deleted_at is null
          order by i.due_on desc, i.id limit $5"
    )
}

fn statement(when: When) -> Sql {
    match when {
        When::Blocked => sql!(
            "select i.id, max(r.created_at) as at from issues i
               join issue_relations r on r.workspace_id = i.workspace_id and r.other_id = i.id and r.kind = 'blocks'
              where i.workspace_id = $1 and i.team_id = $2 and r.created_at >= $3 and i.finished_at is null
                and i.deleted_at is null
              group by i.id order by at desc, i.id limit $4"
        ),
        When::SprintClosed => sql!(
            "select i.id, s.closed_at as at from sprints s
               join issues i on i.workspace_id = s.workspace_id and i.team_id = s.team_id and i.deleted_at is null
                and (i.sprint_id = s.id
                     or exists (select 1 from sprint_changes c where c.workspace_id = s.workspace_id
                                   and c.sprint_id = s.id and c.issue_id = i.id and c.kind = 'rolled_over'))
              where s.workspace_id = $1 and s.team_id = $2 and s.closed_at >= $3
              order by s.closed_at desc, i.id limit $4"
        ),
        _ => sql!(
            "select i.id, i.created_at as at from issues i
              where i.workspace_id = $1 and i.team_id = $2 and i.created_at >= $3 and i.deleted_at is null
              order by i.created_at desc, i.id limit $4"
        ),
    }
}
