//! What was changed here of issues that are brought over again: it stays, and where the source says something else, that
//! is told.
use super::{
    bunch::Placed,
    named::{Outsider, Who},
    store::Facts,
};
use crate::{
    estimate::Estimate,
    issue::{Field, Issue, Priority},
    team::{Category, State},
};
use jiff::civil::Date;
use kernel::{Id, Person, Result, Time, Tx, args, columns, list, sql};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A field that was changed here and is different at the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "IssueDifference")]
pub struct Difference {
    /// The key of the issue at the source.
    pub key: String,
    pub field: Field,
}

/// The issues of a bunch that were changed here, each with the fields and how it stands.
pub struct Ours(BTreeMap<String, (BTreeSet<Field>, Current)>);

struct Current {
    id: Id<Issue>,
    title: String,
    body: String,
    state_id: Id<State>,
    category: Category,
    state_since: Time,
    opened_at: Time,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    assignee_id: Option<Id<Person>>,
    assignee_outsider_id: Option<Id<Outsider>>,
    priority: Priority,
    estimate: Option<Estimate>,
    due_on: Option<Date>,
}
columns!(Current {
    id,
    title,
    body,
    state_id,
    category,
    state_since,
    opened_at,
    started_at,
    finished_at,
    assignee_id,
    assignee_outsider_id,
    priority,
    estimate,
    due_on,
});

impl Ours {
    pub async fn of(tx: &mut Tx<'_>, old: &[&Placed<'_>]) -> Result<Ours> {
        if old.is_empty() {
            return Ok(Ours(BTreeMap::new()));
        }
        // What an import stores of the past has the issue for its batch.
        let changed = sql!(
            "select distinct issue_id, field from issue_changes where workspace_id = $1 and batch <> issue_id
                and issue_id in (select value from json_each(cast($2 as text)))"
        );
        let ids = list(old.iter().map(|one| one.id));
        let changed: Vec<(Id<Issue>, Field)> = tx.all(changed, args![tx.workspace(), ids]).await?;
        let mut fields: BTreeMap<String, BTreeSet<Field>> = BTreeMap::new();
        for (issue, field) in changed {
            fields.entry(issue.to_string()).or_default().insert(field);
        }
        let select = sql!(
            "select id, title, body, state_id, category, state_since, opened_at, started_at, finished_at, assignee_id,
                    assignee_outsider_id, priority, estimate, due_on
               from issues where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
        );
        let current: Vec<Current> = tx.all(select, args![tx.workspace(), list(fields.keys())]).await?;
        let with_fields = |current: Current| {
            let id = current.id.to_string();
            let fields = fields.remove(&id)?;
            Some((id, (fields, current)))
        };
        Ok(Ours(current.into_iter().filter_map(with_fields).collect()))
    }

    /// Whether this field of the issue was changed here.
    pub fn has(&self, issue: Id<Issue>, field: Field) -> bool {
        // A move to another team changes its state as well.
        let implied = |fields: &BTreeSet<Field>| field == Field::State && fields.contains(&Field::Team);
        self.0.get(issue.as_str()).is_some_and(|(fields, _)| fields.contains(&field) || implied(fields))
    }

    /// What the source says, but for what was changed here; and which of it is different there.
    pub fn kept<'i>(&'i self, one: &Placed<'i>, theirs: Facts<'i>, differences: &mut Vec<Difference>) -> Facts<'i> {
        let Some((_, current)) = self.0.get(one.id.as_str()) else { return theirs };
        let mut facts = theirs;
        let mut differs = |field: Field, differs: bool| {
            if differs {
                differences.push(Difference { key: one.issue.key.to_string(), field });
            }
        };
        macro_rules! keep {
            ($field:ident, $name:ident, $ours:expr) => {
                if self.has(one.id, Field::$field) {
                    differs(Field::$field, facts.$name != $ours);
                    facts.$name = $ours;
                }
            };
        }
        let assignee: Who = (current.assignee_id, current.assignee_outsider_id);
        keep!(Title, title, current.title.as_str());
        keep!(Body, body, current.body.as_str());
        keep!(Assignee, assignee, assignee);
        keep!(Priority, priority, current.priority);
        keep!(Estimate, estimate, current.estimate);
        keep!(Due, due_on, current.due_on);
        if self.has(one.id, Field::State) {
            differs(Field::State, facts.state != current.state_id);
            (facts.state, facts.category, facts.since) = (current.state_id, current.category, current.state_since);
            facts.opened_at = current.opened_at;
            (facts.started_at, facts.finished_at) = (current.started_at, current.finished_at);
        }
        facts
    }
}
