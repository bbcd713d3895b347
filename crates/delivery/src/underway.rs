//! The pull requests of the reader that wait for others, for those who work while the reader does not.
use crate::repository::Repository;
use kernel::{Id, Later, Time, Tx, Underway, args, columns, sql};

const MOST: i64 = 20;

struct Open {
    repository_id: Id<Repository>,
    number: i64,
    title: String,
    since: Time,
}
columns!(Open { repository_id, number, title, since });

pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Underway>> {
    Box::pin(async move {
        let select = sql!(
            "select p.repository_id, p.number, p.title, coalesce(p.updated_at, p.created_at, 0) as since
               from pull_requests p join identities i on i.workspace_id = p.workspace_id and i.id = p.author_id
              where p.workspace_id = $1 and i.person_id = $2 and p.state = 'open' and p.draft is not true
              order by since desc, p.repository_id, p.number limit $3"
        );
        let me = tx.me();
        let found: Vec<Open> = tx.all(select, args![tx.workspace(), me, MOST]).await?;
        let underway = found.into_iter().map(|one| Underway {
            title: format!("#{} {}", one.number, one.title),
            href: format!("/repositories/{}", one.repository_id),
            wants: Some("a review"),
            since: one.since,
        });
        Ok(underway.collect())
    })
}
