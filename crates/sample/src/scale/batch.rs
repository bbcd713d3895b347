//! Rows by the hundred, as one operation for each person would take minutes for a large company.
use jiff::civil::Date;
use kernel::{Actor, Bind, Id, Method::Post, Operation, Person, Result, Route, Tx, Value, json, sql};
use people::{leave::Leave, person::folded, team::Member};
use schemars::JsonSchema;
use serde::Deserialize;

/// Adds generated people and teams. Only for Cairn itself; no door lists it.
#[derive(Deserialize, JsonSchema)]
pub struct AddBatch {
    pub newcomers: Vec<Newcomer>,
    /// Of people who are there already, each after the one above it.
    pub teams: Vec<Team>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Newcomer {
    pub id: Id<Person>,
    pub name: String,
    pub email: String,
    pub employee_id: String,
    pub title: String,
    pub level: String,
    pub location: String,
    pub zone: String,
    pub hours: String,
    pub holidays: String,
    pub roles: String,
    pub starts_on: Date,
    /// Someone of an earlier batch, or who stands before them in this one.
    pub manager: Option<Id<Person>>,
    /// The first and the last day.
    pub leave: Option<(Date, Date)>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Team {
    pub id: Id<kernel::Team>,
    pub parent: Option<Id<kernel::Team>>,
    pub name: String,
    /// The first leads it.
    pub members: Vec<Id<Person>>,
    pub since: Date,
}

impl Operation for AddBatch {
    const NAME: &str = "scale.add_batch";
    const ROUTE: Route = Route(Post, "/scale");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        self.add_people(tx).await?;
        self.add_lines(tx).await?;
        self.add_leave(tx).await?;
        self.add_teams(tx).await?;
        for newcomer in &self.newcomers {
            tx.record("person.added", newcomer.id, json!({ "name": newcomer.name }));
        }
        for team in &self.teams {
            tx.record("team.added", team.id, json!({ "name": team.name }));
        }
        Ok(())
    }
}

impl AddBatch {
    async fn add_people(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, now) = (tx.workspace(), tx.now());
        let insert = sql!(
            "insert into people (workspace_id, id, name, sort_name, email, employee_id, title, level, location, zone,
               hours, holidays, employment, starts_on, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'permanent', $13, $14, $14)"
        );
        let sort_names: Vec<String> = self.newcomers.iter().map(|newcomer| folded(&newcomer.name)).collect();
        let rows = self.newcomers.iter().zip(&sort_names).map(|(newcomer, sort_name)| {
            let Newcomer { id, name, email, employee_id, title, level, location, zone, hours, holidays, .. } = newcomer;
            let texts = [name, sort_name, email, employee_id, title, level, location, zone, hours, holidays];
            let mut row = vec![workspace.bind(), id.bind()];
            row.extend(texts.map(Bind::bind));
            row.extend([newcomer.starts_on.bind(), now.bind()]);
            row
        });
        tx.run_many(insert, &rows.collect::<Vec<_>>()).await?;
        let insert = sql!(
            "insert into accounts (workspace_id, person_id, roles, auth_epoch, created_at) values ($1, $2, $3, 1, $4)"
        );
        let rows = self.newcomers.iter().map(|one| vec![workspace.bind(), one.id.bind(), one.roles.bind(), now.bind()]);
        tx.run_many(insert, &rows.collect::<Vec<_>>()).await?;
        Ok(())
    }

    async fn add_lines(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = tx.workspace();
        let insert =
            sql!("insert into manager_lines (workspace_id, person_id, manager_id, from_on) values ($1, $2, $3, $4)");
        let led = self.newcomers.iter().filter(|one| one.manager.is_some());
        let rows = led.map(|one| vec![workspace.bind(), one.id.bind(), one.manager.bind(), one.starts_on.bind()]);
        tx.run_many(insert, &rows.collect::<Vec<_>>()).await?;
        Ok(())
    }

    async fn add_leave(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, now) = (tx.workspace(), tx.now());
        let insert = sql!(
            "insert into leaves (workspace_id, id, person_id, kind, first_on, last_on, entered_by, created_at)
             values ($1, $2, $3, 'holiday', $4, $5, $3, $6)"
        );
        let away = self.newcomers.iter().filter_map(|one| Some((one.id, one.leave?)));
        let leaves: Vec<_> = away.map(|(person, days)| (tx.id::<Leave>(), person, days)).collect();
        let rows = leaves.iter().map(|(id, person, (first, last))| {
            vec![workspace.bind(), id.bind(), person.bind(), first.bind(), last.bind(), now.bind()]
        });
        tx.run_many(insert, &rows.collect::<Vec<_>>()).await?;
        Ok(())
    }

    async fn add_teams(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, now) = (tx.workspace(), tx.now());
        let insert = sql!(
            "insert into teams (workspace_id, id, parent_id, name, lead_id, created_at) values ($1, $2, $3, $4, $5, $6)"
        );
        let rows = self.teams.iter().map(|team| {
            let lead = team.members.first().map_or(Value::Null, Bind::bind);
            vec![workspace.bind(), team.id.bind(), team.parent.bind(), team.name.bind(), lead, now.bind()]
        });
        tx.run_many(insert, &rows.collect::<Vec<_>>()).await?;
        let insert =
            sql!("insert into memberships (workspace_id, id, team_id, person_id, from_on) values ($1, $2, $3, $4, $5)");
        let members = self.teams.iter().flat_map(|team| team.members.iter().map(move |person| (team, person)));
        let memberships: Vec<_> = members.map(|(team, person)| (tx.id::<Member>(), team, person)).collect();
        let rows = memberships.iter().map(|(id, team, person)| {
            vec![workspace.bind(), id.bind(), team.id.bind(), person.bind(), team.since.bind()]
        });
        tx.run_many(insert, &rows.collect::<Vec<_>>()).await?;
        Ok(())
    }
}
