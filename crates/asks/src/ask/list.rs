use super::{Ask, SELECT};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Tx, args, columns, sql, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// The piles that everyone has.
    pub enum Pile {
        /// What others want of me, but for reading.
        Owe = "owe",
        /// What I have asked of others.
        Owed = "owed",
        /// What others want me to read.
        Read = "read",
        /// What I put out of sight for now.
        Snoozed = "snoozed",
        /// What I have answered, declined or handed on, and what lapsed, the newest first.
        Ended = "ended",
        /// How the asks that I raised ended, the newest first.
        Answers = "answers",
    }
}

/// One pile of asks: the open ones by due time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAsks {
    /// `owe` if left out.
    #[serde(default)]
    pub pile: Option<Pile>,
    /// Where the last page ended.
    #[serde(default)]
    pub after: String,
    /// From 1 to 1,000; 100 if left out.
    #[serde(default)]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AskPage {
    pub asks: Vec<Ask>,
    /// What to give as `after` for the next page.
    pub next: Option<String>,
    pub counts: Counts,
}

/// How many asks are in each pile.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Counts {
    pub owe: i64,
    pub read: i64,
    pub snoozed: i64,
    pub owed: i64,
    /// Of those that I owe, the ones whose due time has passed.
    pub overdue: i64,
}
columns!(Counts { owe, read, snoozed, owed, overdue });

impl Operation for ListAsks {
    const NAME: &str = "ask.list";
    const ROUTE: Route = Route(Get, "/asks");
    const READS: bool = true;
    type Target = ();
    type Output = AskPage;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<AskPage> {
        let limit = self.limit.unwrap_or(100).clamp(1, 1000);
        let pile = self.pile.unwrap_or(Pile::Owe);
        let me = tx.me();
        let mut asks = pile.load(tx, me, &self.after, limit + 1).await?;
        let more = asks.len() as i64 > limit;
        asks.truncate(limit as usize);
        let next = asks.last().filter(|_| more).map(|ask| pile.cursor(ask));
        Ok(AskPage { asks, next, counts: counts(tx, me).await? })
    }
}

/// How many asks lie on my piles.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountAsks {}

impl Operation for CountAsks {
    const NAME: &str = "ask.count";
    const ROUTE: Route = Route(Get, "/asks/counts");
    const READS: bool = true;
    type Target = ();
    type Output = Counts;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Counts> {
        let me = tx.me();
        counts(tx, me).await
    }
}

impl Pile {
    fn cursor(self, ask: &Ask) -> String {
        let at = match self {
            Pile::Ended | Pile::Answers => ask.ended_at.unwrap_or(ask.raised_at),
            Pile::Owe | Pile::Owed | Pile::Read | Pile::Snoozed => ask.due_at,
        };
        format!("{}.{}", at.0, ask.id)
    }

    async fn load(self, tx: &mut Tx<'_>, me: Id<Person>, after: &str, limit: i64) -> Result<Vec<Ask>> {
        let (at, id) = after.split_once('.').unwrap_or_default();
        let newest_first = matches!(self, Pile::Ended | Pile::Answers);
        let at: i64 = at.parse().unwrap_or(if newest_first { i64::MAX } else { i64::MIN });
        let select = match self {
            Pile::Owe => sql!(
                SELECT,
                "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.verb <> 'read'
                    and (a.snoozed_until is null or a.snoozed_until <= $3) and (a.due_at, a.id) > ($4, $5)
                  order by a.due_at, a.id limit $6"
            ),
            Pile::Read => sql!(
                SELECT,
                "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.verb = 'read'
                    and (a.snoozed_until is null or a.snoozed_until <= $3) and (a.due_at, a.id) > ($4, $5)
                  order by a.due_at, a.id limit $6"
            ),
            Pile::Snoozed => sql!(
                SELECT,
                "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.snoozed_until > $3
                    and (a.due_at, a.id) > ($4, $5)
                  order by a.due_at, a.id limit $6"
            ),
            Pile::Owed => sql!(
                SELECT,
                "where a.workspace_id = $1 and a.asker_id = $2 and a.state = 'open' and a.raised_at <= $3
                    and (a.due_at, a.id) > ($4, $5)
                  order by a.due_at, a.id limit $6"
            ),
            Pile::Ended => sql!(
                SELECT,
                "where a.workspace_id = $1 and a.receiver_id = $2 and a.state <> 'open' and a.ended_at <= $3
                    and (a.ended_at < $4 or (a.ended_at = $4 and a.id > $5))
                  order by a.ended_at desc, a.id limit $6"
            ),
            Pile::Answers => sql!(
                SELECT,
                "where a.workspace_id = $1 and a.asker_id = $2 and a.state <> 'open' and a.ended_at <= $3
                    and (a.ended_at < $4 or (a.ended_at = $4 and a.id > $5))
                  order by a.ended_at desc, a.id limit $6"
            ),
        };
        tx.all(select, args![tx.workspace(), me, tx.now(), at, id, limit]).await
    }
}

pub(crate) async fn counts(tx: &mut Tx<'_>, me: Id<Person>) -> Result<Counts> {
    let select = sql!(
        "select count(*) filter (where a.verb <> 'read' and not a.snoozed) as owe,
                count(*) filter (where a.verb = 'read' and not a.snoozed) as read,
                count(*) filter (where a.snoozed) as snoozed,
                (select count(*) from asks o where o.workspace_id = $1 and o.asker_id = $2 and o.state = 'open') as owed,
                count(*) filter (where a.verb <> 'read' and not a.snoozed and a.due_at < $3) as overdue
           from (select verb, due_at, snoozed_until is not null and snoozed_until > $3 as snoozed from asks
                  where workspace_id = $1 and receiver_id = $2 and state = 'open') a"
    );
    tx.one(select, args![tx.workspace(), me, tx.now()]).await
}
