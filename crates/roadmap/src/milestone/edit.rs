use super::{Milestone, taken, unique_name};
use crate::{period::Period, project::Kept};
use kernel::{Actor, Change, Id, Method::Patch, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Change a milestone. What is left out stays; an empty target takes it away.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMilestone {
    pub milestone: Id<kernel::Milestone>,
    pub name: Option<Name<120>>,
    #[serde(default)]
    pub target: Change<Period>,
    /// Its place among the milestones of the project; the first is 1.
    #[serde(default)]
    pub place: Option<u32>,
}

impl Operation for EditMilestone {
    const NAME: &str = "milestone.edit";
    const ROUTE: Route = Route(Patch, "/milestones/{milestone}");
    type Target = (Milestone, Kept);
    type Output = Milestone;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Milestone::visible(tx, self.milestone, false).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Milestone> {
        let target = self.target.clone().apply(old.target);
        let name = self.name.as_deref().unwrap_or(&old.name);
        let update = sql!(
            "update milestones set name = $3, unique_name = $4, target = $5, target_on = $6
              where workspace_id = $1 and id = $2"
        );
        let (workspace, unique) = (tx.workspace(), unique_name(old.project_id, name));
        let (written, target_on) = (target.map(|target| target.to_string()), target.map(Period::last));
        tx.run(update, args![workspace, old.id, name, unique, written, target_on]).await.map_err(taken)?;
        if let Some(place) = self.place {
            put(tx, &old, place).await?;
        }
        let says = |period: Option<Period>| period.map_or("none".to_owned(), Period::in_words);
        let told = json!({ "name": name, "from": says(old.target), "to": says(target) });
        let verb = if target == old.target { "project.milestone_changed" } else { "project.milestone_moved" };
        tx.record(verb, old.project_id, told);
        Ok(Milestone::visible(tx, old.id, false).await?.0)
    }
}

/// Numbers the milestones of the project anew, with this one at its place.
async fn put(tx: &mut Tx<'_>, one: &Milestone, place: u32) -> Result<()> {
    let all = Milestone::of(tx, one.project_id).await?;
    let mut ids: Vec<_> = all.iter().map(|other| other.id).filter(|id| *id != one.id).collect();
    let place = (place.max(1) as usize - 1).min(ids.len());
    ids.insert(place, one.id);
    let update = sql!("update milestones set position = $3 where workspace_id = $1 and id = $2");
    for (position, id) in (1i64..).zip(ids) {
        tx.run(update, args![tx.workspace(), id, position]).await?;
    }
    Ok(())
}
