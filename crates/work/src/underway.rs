//! The issues that the reader has begun, for those who work while the reader does not.
use kernel::{Later, Time, Tx, Underway, args, columns, sql};

const MOST: i64 = 20;

struct Begun {
    key: String,
    number: i64,
    title: String,
    state_since: Time,
    blocked: bool,
}
columns!(Begun { key, number, title, state_since, blocked });

pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Underway>> {
    Box::pin(async move {
        let select = sql!(
            "select t.key, i.number, i.title, i.state_since,
                    exists (select 1 from work_public_blocks b
                              join issues o on o.workspace_id = b.workspace_id and o.id = b.issue_id
                             where b.workspace_id = i.workspace_id and b.other_id = i.id and o.finished_at is null
                               and o.deleted_at is null) as blocked
               from issues i join work_teams t on t.workspace_id = i.workspace_id and t.team_id = i.team_id
              where i.workspace_id = $1 and i.assignee_id = $2 and i.category = 'started' and i.deleted_at is null
              order by i.state_since desc, i.id limit $3"
        );
        let me = tx.me();
        let found: Vec<Begun> = tx.all(select, args![tx.workspace(), me, MOST]).await?;
        let underway = found.into_iter().map(|one| {
            let key = format!("{}-{}", one.key, one.number);
            let wants = one.blocked.then_some("what blocks it");
            Underway {
                title: format!("{key} {}", one.title),
                href: format!("/issues/{key}"),
                wants,
                since: one.state_since,
            }
        });
        Ok(underway.collect())
    })
}
