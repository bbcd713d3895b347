use super::State;
use crate::{
    repository::{Repository, may_keep},
    sealed::WEBHOOK,
    source::System,
};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A door for webhooks, without its secret, and what came through it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Hook {
    pub id: Id<Hook>,
    pub system: System,
    pub name: String,
    pub repository: Option<Id<Repository>>,
    pub repository_name: Option<String>,
    pub team: Option<Id<Team>>,
    pub team_name: Option<String>,
    pub created_at: Time,
    /// Whether its secret can be opened with the key of this server; else it needs a new one.
    pub readable: bool,
    /// Until when the secret before the present one is good.
    pub former_until: Option<Time>,
    /// When something came last, of what is kept.
    pub last_at: Option<Time>,
    /// What came in the last 14 days, what of it waits, and what failed.
    pub received: i64,
    pub waiting: i64,
    pub failed: i64,
    /// The newest deliveries that failed or were not understood.
    pub trouble: Vec<Delivery>,
}

/// Something that came through a door.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Delivery {
    /// The id that the sender gave it, or a hash of its body.
    pub key: String,
    pub event: String,
    pub received_at: Time,
    pub state: State,
    /// What was not understood of it, or why it failed.
    pub note: String,
}
columns!(Delivery { key, event, received_at, state, note });

struct Row {
    id: Id<Hook>,
    system: System,
    name: String,
    repository: Option<Id<Repository>>,
    repository_name: Option<String>,
    team: Option<Id<Team>>,
    team_name: Option<String>,
    created_at: Time,
    secret: String,
    former_until: Option<Time>,
    last_at: Option<Time>,
    received: i64,
    waiting: i64,
    failed: i64,
}
columns!(Row {
    id,
    system,
    name,
    repository,
    repository_name,
    team,
    team_name,
    created_at,
    secret,
    former_until,
    last_at,
    received,
    waiting,
    failed
});

/// The doors that stand, with what came through them lately, for those who may import.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListHooks {}

/// What was applied is forgotten after so long.
pub(super) const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);
const MOST_TROUBLE: i64 = 5;

impl Operation for ListHooks {
    const NAME: &str = "hook.list";
    const ROUTE: Route = Route(Get, "/hooks");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Hook>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Vec<Hook>> {
        let select = sql!(
            "select h.id, h.system, h.name, h.repository_id as repository, r.name as repository_name, h.team_id as team,
                    t.name as team_name, h.created_at, h.secret, h.former_until, d.last_at, coalesce(d.received, 0) as received,
                    coalesce(d.waiting, 0) as waiting, coalesce(d.failed, 0) as failed
               from hooks h
               left join repositories r on r.workspace_id = h.workspace_id and r.id = h.repository_id
               left join teams t on t.workspace_id = h.workspace_id and t.id = h.team_id
               left join (select hook_id, max(received_at) as last_at, count(*) as received,
                                 count(*) filter (where state = 'waiting') as waiting,
                                 count(*) filter (where state = 'failed') as failed
                            from hook_deliveries where workspace_id = $1 and received_at >= $2 group by hook_id) d
                 on d.hook_id = h.id
              where h.workspace_id = $1 and h.removed_at is null order by h.created_at, h.id"
        );
        let trouble = sql!(
            "select key, event, received_at, state, note from hook_deliveries
              where workspace_id = $1 and hook_id = $2 and note <> '' order by received_at desc, key limit $3"
        );
        let since = tx.now() - KEPT;
        let rows: Vec<Row> = tx.all(select, args![tx.workspace(), since]).await?;
        let mut hooks = Vec::with_capacity(rows.len());
        for row in rows {
            let trouble = tx.all(trouble, args![tx.workspace(), row.id, MOST_TROUBLE]).await?;
            let readable = WEBHOOK.open(tx, row.id, &row.secret).is_some();
            hooks.push(row.with(readable, trouble));
        }
        Ok(hooks)
    }
}

impl Row {
    fn with(self, readable: bool, trouble: Vec<Delivery>) -> Hook {
        Hook {
            id: self.id,
            system: self.system,
            name: self.name,
            repository: self.repository,
            repository_name: self.repository_name,
            team: self.team,
            team_name: self.team_name,
            created_at: self.created_at,
            readable,
            former_until: self.former_until,
            last_at: self.last_at,
            received: self.received,
            waiting: self.waiting,
            failed: self.failed,
            trouble,
        }
    }
}
