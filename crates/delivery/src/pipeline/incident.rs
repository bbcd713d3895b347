use super::{Reach, store};
use crate::repository::may_keep;
use kernel::{
    Actor, Id,
    Method::{Get, Post},
    Operation, Result, Route, Team, Time, Tx, args, columns, json, sql,
    text::Name,
};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Say that something broke for those who use it, or that it works again. The same id again updates it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddIncident {
    pub team: Id<Team>,
    /// Unique among those told this way.
    pub id: Name<200>,
    pub title: Name<300>,
    #[serde(default)]
    pub severity: Option<Name<60>>,
    pub opened_at: Time,
    #[serde(default)]
    pub resolved_at: Option<Time>,
}

/// Something that broke for those who use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Incident {
    pub system: String,
    /// The id at the source.
    pub id: String,
    pub number: Option<i64>,
    pub title: String,
    pub service: Option<String>,
    pub severity: Option<String>,
    pub opened_at: Time,
    pub acknowledged_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub url: Option<String>,
}
columns!(Incident { system, id, number, title, service, severity, opened_at, acknowledged_at, resolved_at, url });

const SELECT: &str =
    "select i.system, i.source_id as id, i.number, i.title, i.service, i.severity, i.opened_at, i.acknowledged_at,
        i.resolved_at, i.url from incidents i ";

impl Operation for AddIncident {
    const NAME: &str = "incident.add";
    const ROUTE: Route = Route(Post, "/incidents");
    /// Whether the actor is in the team or leads it.
    type Target = bool;
    type Output = Incident;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Reach::of(tx, self.team).await?;
        team::Record::is_led_by(tx, self.team, tx.me()).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Incident> {
        let imported = pipelines::Incident {
            id: format!("{}/{}", self.team, &*self.id),
            number: None,
            title: self.title.to_string(),
            service: None,
            severity: self.severity.as_ref().map(ToString::to_string),
            said: if self.resolved_at.is_some() { "resolved" } else { "open" }.to_owned(),
            opened_at: self.opened_at.timestamp(),
            acknowledged_at: None,
            resolved_at: self.resolved_at.map(Time::timestamp),
            as_of: tx.now().timestamp(),
            url: None,
        };
        store::incidents(tx, "hand", None, Some(self.team), std::slice::from_ref(&imported)).await?;
        tx.record("incident.added", self.team, json!({}));
        let select = sql!(SELECT, "where i.workspace_id = $1 and i.system = 'hand' and i.source_id = $2");
        tx.one(select, args![tx.workspace(), imported.id]).await
    }
}

/// The incidents of a team, those that began last first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListIncidents {
    pub team: Id<Team>,
    #[serde(default)]
    pub since: Option<Time>,
}

impl Operation for ListIncidents {
    const NAME: &str = "incident.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/incidents");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Incident>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        Reach::of(tx, self.team).await.map(|_| ())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Vec<Incident>> {
        let reach = Reach::of(tx, self.team).await?;
        of_team(tx, self.team, &reach, self.since.unwrap_or(Time(0))).await
    }
}

/// The incidents of a team, and those of its repositories that are of no team.
pub(crate) async fn of_team(tx: &mut Tx<'_>, team: Id<Team>, reach: &Reach, since: Time) -> Result<Vec<Incident>> {
    let select = sql!(
        SELECT,
        "where i.workspace_id = $1 and i.opened_at >= $4
           and (i.team_id = $2 or i.team_id is null
                and i.repository_id in (select value from json_each(cast($3 as text))))
         order by i.opened_at desc, i.system, i.source_id limit 5000"
    );
    tx.all(select, args![tx.workspace(), team, reach.ids(), since]).await
}
