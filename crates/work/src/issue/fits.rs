//! Whether issues of a team fit a query, for those who do not list them.
use super::{
    Issue, SELECT, VISIBLE,
    conditions::CONDITIONS,
    filter::{Bound, Filter},
};
use crate::{
    query::{Mistake, Query},
    triage::zone_of,
};
use kernel::{Bind, Error, Id, Result, Team, Tx, Value, list, sql};

/// A query about the issues of one team, whose days begin where the team is.
pub(crate) struct Fitting(Vec<Bound>);

impl Fitting {
    /// # Errors
    /// `Invalid` at `q` where the query cannot be understood.
    pub async fn read(tx: &mut Tx<'_>, team: Id<Team>, q: &str) -> Result<Fitting> {
        let query: Query = q.parse().map_err(|mistake: Mistake| Error::from(mistake))?;
        let zone = zone_of(tx, team).await?;
        let mut all = Filter::each(tx, &query, &zone).await?;
        all.iter_mut().for_each(|bound| bound.team = Some(team.to_string()));
        Ok(Fitting(all))
    }

    /// Those of these issues that fit, each once.
    pub async fn among(&self, tx: &mut Tx<'_>, issues: &[Id<Issue>]) -> Result<Vec<Issue>> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            CONDITIONS,
            "and i.team_id = $3 and i.id in (select value from json_each(cast($60 as text)))"
        );
        let (workspace, belongs, ids) = (tx.workspace(), tx.actor().belongs(), list(issues));
        let mut fitting: Vec<Issue> = Vec::new();
        for bound in &self.0 {
            let mut values: Vec<Value<'_>> = vec![workspace.bind(), belongs.bind()];
            values.extend(bound.values());
            values.push(ids.bind());
            let found: Vec<Issue> = tx.all(select, &values).await?;
            fitting.extend(
                found.into_iter().filter(|one| fitting.iter().all(|known| known.id != one.id)).collect::<Vec<_>>(),
            );
        }
        Ok(fitting)
    }
}
