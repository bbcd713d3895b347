//! By which index the issues of a query are found. A statement that fits every query goes through a team, or all, in the order
//! of the list; what is asked for is most often open, or among the few that one term names.
use super::filter::{Bound, Filter, Set};
use kernel::{Result, Tx, args, list, sql};

/// What narrows a query most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing: the issues of a team, or all.
    All,
    /// Only open issues fit, which have indexes of their own.
    Open,
    /// So few can fit that they are looked up one by one.
    Few,
}

/// So few issues are looked up one by one, whatever the order of the list.
pub(super) const FEW: usize = 1_000;

/// Conditions on issues, `i`, for each way: beside those of the query.
pub(super) const OF_TEAM: &str = " and i.team_id = $3 ";
pub(super) const EVERYWHERE: &str = " and cast($3 as text) is null ";
pub(super) const UNFINISHED: &str = " and i.finished_at is null ";
pub(super) const AMONG: &str = " and i.id in (select value from json_each(cast($58 as text)))
    and (cast($3 as text) is null or i.team_id = $3) ";

impl Way {
    pub fn to(bound: &Bound) -> Way {
        match &bound.few {
            Some(_) => Way::Few,
            None if bound.open => Way::Open,
            None => Way::All,
        }
    }
}

macro_rules! of {
    ($column:literal) => {
        sql!(
            "select id from issues where workspace_id = $1 and ",
            $column,
            " in (select value from json_each(cast($2 as text))) and ($3 or finished_at is null) limit $4"
        )
    };
}

/// The issues that have what one of the terms names, where they are few.
pub(super) async fn few(tx: &mut Tx<'_>, filter: &Filter) -> Result<Option<String>> {
    if let Some(few) = filter.holds.few(tx).await? {
        return Ok(Some(few));
    }
    let named = |set: &Set| set.one_of.as_ref().filter(|values| !values.contains("")).map(list);
    let [parents, sprints, assignees, projects] =
        [&filter.parents, &filter.sprints, &filter.assignees, &filter.projects].map(named);
    let fields = [
        (of!("parent_id"), parents),
        (of!("sprint_id"), sprints),
        (of!("assignee_id"), assignees),
        (of!("project_id"), projects),
    ];
    for (select, values) in fields {
        let Some(values) = values else { continue };
        let closed = !filter.wants_open();
        let found: Vec<String> = tx.all(select, args![tx.workspace(), values, closed, FEW as i64 + 1]).await?;
        if found.len() <= FEW {
            return Ok(Some(list(found)));
        }
    }
    Ok(None)
}
