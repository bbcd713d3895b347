//! How the search stands, for whoever runs the server.
use crate::keep::{VERSION, kinds};
use kernel::{Actor, INDEX_JOB, Method::Get, Operation, Result, Route, Time, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many records can be found, how many changes wait to be read, and when all records were last read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowSearchState {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SearchState {
    pub records: i64,
    /// Changes that are not in it yet.
    pub behind: i64,
    /// Kinds of records that are being read anew, of all kinds.
    pub unread_kinds: i64,
    /// When the last record was read the last time that all were.
    pub built_at: Option<Time>,
}

impl Operation for ShowSearchState {
    const NAME: &str = "search.state";
    const ROUTE: Route = Route(Get, "/search/state");
    const READS: bool = true;
    type Target = ();
    type Output = SearchState;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<SearchState> {
        let records = sql!("select count(*) from search_documents where workspace_id = $1");
        let behind = sql!("select count(*) from jobs where workspace_id = $1 and kind = $2");
        let done = sql!(
            "select count(*) as kinds, max(done_at) as built_at from search_progress
              where workspace_id = $1 and version = $2 and done"
        );
        let workspace = tx.workspace();
        let all = kinds(tx).len() as i64;
        let (read, built_at): (i64, Option<Time>) = tx.one(done, args![workspace, VERSION]).await?;
        Ok(SearchState {
            records: tx.one(records, args![workspace]).await?,
            behind: tx.one(behind, args![workspace, INDEX_JOB]).await?,
            unread_kinds: (all - read).max(0),
            built_at: built_at.filter(|_| read >= all),
        })
    }
}

impl SearchState {
    /// `1,204 records can be found; all were read on 2026-03-17 at 12:00 UTC.`
    pub fn in_words(&self) -> String {
        let records = format!("{} records can be found by the search", self.records);
        let behind = match self.behind {
            0 => String::new(),
            1 => ", 1 change waits".into(),
            n => format!(", {n} changes wait"),
        };
        let built = match self.built_at {
            Some(at) => {
                format!("; all were last read {}", at.in_zone(&jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC"))
            }
            None => format!("; {} kinds of records are still to be read, which the server does", self.unread_kinds),
        };
        format!("{records}{behind}{built}. `cairn search --rebuild` has all read anew.")
    }
}
