//! The weights of the workspace, or of a team that has its own: which criteria count, and how much.
use super::Factor;
use kernel::{
    Actor, Error, Flaw, Id,
    Method::{Get, Post},
    Operation, Person, Result, Route, Team, Time, Tx, args, columns, json, sql,
    text::Name,
};
use people::{access::cares_for_people, person::folded, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Weighting {
    pub id: Id<Weighting>,
    /// Nothing for that of the whole workspace.
    pub team_id: Option<Id<Team>>,
    pub team_name: Option<String>,
    pub at: Time,
    pub by_id: Id<Person>,
    pub by_name: String,
    /// None, where there are to be no weights any more.
    pub criteria: Vec<Criterion>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Criterion {
    pub id: Id<Criterion>,
    pub name: String,
    /// From -100 to 100; below zero it counts against a project.
    pub weight: i64,
}

impl Criterion {
    pub(super) fn factor(&self) -> Factor {
        let hint = if self.weight < 0 { "From 0 to 10. It counts against the project." } else { "From 0 to 10." };
        Factor {
            key: self.id.to_string(),
            name: self.name.clone(),
            hint: hint.into(),
            least: 0.0,
            most: 10.0,
            weight: Some(self.weight),
        }
    }
}

/// The weights that hold: those of the workspace first, then those of teams by their names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListWeightings {}

impl Operation for ListWeightings {
    const NAME: &str = "weighting.list";
    const ROUTE: Route = Route(Get, "/weightings");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Weighting>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Weighting>> {
        current(tx).await
    }
}

struct Row {
    id: Id<Weighting>,
    team_id: Option<Id<Team>>,
    team_name: Option<String>,
    at: Time,
    by_id: Id<Person>,
    by_name: String,
}
columns!(Row { id, team_id, team_name, at, by_id, by_name });

/// For an actor who sees projects.
pub(super) async fn current(tx: &mut Tx<'_>) -> Result<Vec<Weighting>> {
    let select = sql!(
        "select w.id, w.team_id, t.name as team_name, w.at, w.by_id, b.name as by_name
           from (select id, team_id, at, by_id,
                        row_number() over (partition by team_id order by at desc, id desc) as place
                   from weightings where workspace_id = $1 and undone_at is null) w
           left join teams t on t.workspace_id = $1 and t.id = w.team_id
           join people b on b.workspace_id = $1 and b.id = w.by_id
          where w.place = 1
          order by case when w.team_id is null then 0 else 1 end, lower(t.name), w.id"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace()]).await?;
    let criteria = sql!(
        "select c.weighting_id, c.criterion_id, c.name, c.weight from weighting_criteria c
           join weightings w on w.workspace_id = c.workspace_id and w.id = c.weighting_id
          where c.workspace_id = $1 and w.undone_at is null order by c.weighting_id, c.position"
    );
    let mut criteria: Vec<(Id<Weighting>, Id<Criterion>, String, i64)> =
        tx.all(criteria, args![tx.workspace()]).await?;
    let mut take = |of| {
        let own = criteria.extract_if(.., |(weighting, ..)| *weighting == of);
        own.map(|(_, id, name, weight)| Criterion { id, name, weight }).collect()
    };
    let whole = |Row { id, team_id, team_name, at, by_id, by_name }| Weighting {
        criteria: take(id),
        id,
        team_id,
        team_name,
        at,
        by_id,
        by_name,
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Those of the team, if it has its own, else those of the workspace.
pub(super) fn of_team(all: &[Weighting], team: Option<Id<Team>>) -> Option<&Weighting> {
    let some = || all.iter().filter(|one| !one.criteria.is_empty());
    let own = team.and_then(|team| some().find(|one| one.team_id == Some(team)));
    own.or_else(|| some().find(|one| one.team_id.is_none()))
}

/// Set the criteria and their weights, of a team or of the whole workspace. What is not named any more no longer counts; none
/// at all ends the weights. What was said of projects stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetWeighting {
    /// The whole workspace, if left out.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// At most 12.
    pub criteria: Vec<Weighed>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weighed {
    /// One that is there already and keeps what was said of it; a new one, if left out.
    #[serde(default)]
    pub criterion: Option<Id<Criterion>>,
    pub name: Name<60>,
    /// From -100 to 100, and not 0.
    pub weight: i64,
}

const MOST: usize = 12;
const HEAVIEST: i64 = 100;

impl Operation for SetWeighting {
    const NAME: &str = "weighting.set";
    const ROUTE: Route = Route(Post, "/weightings");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = Weighting;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let leads = reach(tx, self.team).await?;
        for id in self.criteria.iter().filter_map(|one| one.criterion) {
            let known = sql!(
                "select 1 from weighting_criteria c
                   join weightings w on w.workspace_id = c.workspace_id and w.id = c.weighting_id
                  where c.workspace_id = $1 and c.criterion_id = $2 and w.team_id is not distinct from $3"
            );
            if !tx.exists(known, args![tx.workspace(), id, self.team]).await? {
                return Err(Error::NotFound);
            }
        }
        Ok(leads)
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        may_set(actor, *leads)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Weighting> {
        self.check()?;
        let (id, now, me): (Id<Weighting>, _, _) = (tx.id(), tx.now(), tx.me());
        let insert = sql!("insert into weightings (workspace_id, id, team_id, at, by_id) values ($1, $2, $3, $4, $5)");
        tx.run(insert, args![tx.workspace(), id, self.team, now, me]).await?;
        let insert = sql!(
            "insert into weighting_criteria (workspace_id, weighting_id, criterion_id, name, weight, position)
             values ($1, $2, $3, $4, $5, $6)"
        );
        for (position, one) in (1i64..).zip(&self.criteria) {
            let criterion = one.criterion.unwrap_or_else(|| tx.id());
            tx.run(insert, args![tx.workspace(), id, criterion, one.name, one.weight, position]).await?;
        }
        tx.record("weighting.set", id, json!({}));
        current(tx).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
    }
}

impl SetWeighting {
    fn check(&self) -> Result<()> {
        let mut names = BTreeSet::new();
        let mut ids = BTreeSet::new();
        let mut flaws = Vec::new();
        let mut wrong = |sentence: String| flaws.push(Flaw { field: "criteria".into(), sentence });
        if self.criteria.len() > MOST {
            wrong(format!("Name at most {MOST} criteria."));
        }
        for one in &self.criteria {
            if one.weight == 0 || one.weight.abs() > HEAVIEST {
                wrong(format!("Give “{}” a weight from -{HEAVIEST} to {HEAVIEST} that is not 0.", &*one.name));
            }
            if !names.insert(folded(&one.name)) || one.criterion.is_some_and(|id| !ids.insert(id)) {
                wrong(format!("“{}” stands there twice.", &*one.name));
            }
        }
        if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
    }
}

/// Take back how weights were set. Those of before hold again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoWeighting {
    pub weighting: Id<Weighting>,
}

impl Operation for UndoWeighting {
    const NAME: &str = "weighting.undo";
    const ROUTE: Route = Route(Post, "/weightings/{weighting}/undoing");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let select = sql!("select team_id from weightings where workspace_id = $1 and id = $2");
        let team: Option<Id<Team>> = tx.one(select, args![tx.workspace(), self.weighting]).await?;
        reach(tx, team).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        may_set(actor, *leads)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        let update =
            sql!("update weightings set undone_at = $3 where workspace_id = $1 and id = $2 and undone_at is null");
        if tx.run(update, args![tx.workspace(), self.weighting, tx.now()]).await? == 0 {
            return Err(Error::conflict("This was taken back already."));
        }
        tx.record("weighting.undone", self.weighting, json!({}));
        Ok(())
    }
}

/// Whether the actor leads the team or one above, if they see projects at all.
async fn reach(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<bool> {
    if !tx.actor().belongs() {
        return Err(Error::NotFound);
    }
    let Some(team) = team else { return Ok(false) };
    team::Record::visible(tx, team).await?;
    let me = tx.me();
    team::Record::is_led_by(tx, team, me).await
}

/// Those who lead the team or one above, and those who run the workspace.
fn may_set(actor: &Actor, leads: bool) -> bool {
    leads || cares_for_people(actor)
}
