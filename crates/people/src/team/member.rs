use super::Record;
use crate::{
    access::{cares_for_people, today},
    person,
};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Put},
    Operation, Person, Result, Route, Team, Tx, args, columns, json, sql,
    text::Line,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person on a team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Member {
    pub id: Id<Person>,
    pub name: String,
    pub title: String,
    pub level: String,
    pub location: String,
    pub zone: String,
    pub photo: Option<String>,
    pub position: String,
    pub from_on: Date,
}
columns!(Member { id, name, title, level, location, zone, photo, position, from_on });

/// Put a person on a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinTeam {
    pub team: Id<Team>,
    pub person: Id<Person>,
    /// What the person is on this team, where the title does not say it.
    #[serde(default)]
    pub position: Line<80>,
    /// Today if left out.
    #[serde(default)]
    pub from_on: Option<Date>,
}

impl Operation for JoinTeam {
    const NAME: &str = "team.join";
    const ROUTE: Route = Route(Put, "/teams/{team}/members/{person}");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Record::visible(tx, self.team).await?;
        person::Record::visible(tx, self.person).await?;
        let me = tx.me();
        Record::is_led_by(tx, self.team, me).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        let from = self.from_on.unwrap_or_else(|| today(tx));
        join(tx, self.team, self.person, &self.position, from).await
    }
}

/// Take a person off a team. Their time on it stays in the history.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveTeam {
    pub team: Id<Team>,
    pub person: Id<Person>,
    /// The first day on which they are not on the team any more; today if left out.
    #[serde(default)]
    pub until_on: Option<Date>,
}

impl Operation for LeaveTeam {
    const NAME: &str = "team.leave";
    const ROUTE: Route = Route(Delete, "/teams/{team}/members/{person}");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Record::visible(tx, self.team).await?;
        person::Record::visible(tx, self.person).await?;
        let me = tx.me();
        Record::is_led_by(tx, self.team, me).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        let until = self.until_on.unwrap_or_else(|| today(tx));
        let workspace = tx.workspace();
        let not_begun = sql!(
            "delete from memberships where workspace_id = $1 and team_id = $2 and person_id = $3 and from_on >= $4"
        );
        let planned = tx.run(not_begun, args![workspace, self.team, self.person, until]).await?;
        let end = sql!(
            "update memberships set until_on = $4
              where workspace_id = $1 and team_id = $2 and person_id = $3 and (until_on is null or until_on > $4)"
        );
        let ended = tx.run(end, args![workspace, self.team, self.person, until]).await?;
        if planned + ended > 0 {
            tx.record("person.left_team", self.person, json!({ "team": self.team, "until": until }));
            tx.record("team.member_left", self.team, json!({ "person": self.person }));
        }
        Ok(())
    }
}

/// Begins a membership, unless one holds already.
pub(crate) async fn join(
    tx: &mut Tx<'_>,
    team: Id<Team>,
    person: Id<Person>,
    position: &str,
    from: Date,
) -> Result<()> {
    let workspace = tx.workspace();
    let already = sql!(
        "select 1 from memberships m
          where m.workspace_id = $1 and m.team_id = $2 and m.person_id = $4 and",
        holds!("m", "$3")
    );
    if tx.exists(already, args![workspace, team, from, person]).await? {
        let update = sql!(
            "update memberships set position = $4
              where workspace_id = $1 and team_id = $2 and person_id = $3 and until_on is null"
        );
        tx.run(update, args![workspace, team, person, position]).await?;
        return Ok(());
    }
    let insert = sql!(
        "insert into memberships (workspace_id, id, team_id, person_id, position, from_on) values ($1, $2, $3, $4, $5, $6)"
    );
    let id: Id<Member> = tx.id();
    let double = |error: Error| {
        error.when(
            "memberships_workspace_id_team_id_person_id_from_on_key",
            "This person joins the team on that day already.",
        )
    };
    tx.run(insert, args![workspace, id, team, person, position, from]).await.map_err(double)?;
    tx.record("person.joined_team", person, json!({ "team": team, "from": from }));
    tx.record("team.member_joined", team, json!({ "person": person }));
    Ok(())
}
