//! What was noted of a day of a team, such as a release freeze or new machines: it stands on the charts of the team, so that
//! nobody has to guess why a week looks as it does.
mod change;
mod page;

pub use change::{AddAnnotation, Annotated, RemoveAnnotation};
pub(crate) use page::marks;
pub use page::pages;

use crate::{pipeline::Reach, repository::may_keep};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was noted of a day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Annotation {
    pub id: Id<Annotation>,
    pub date: Date,
    pub text: String,
    /// Where one reads more of it, such as the page of a deployment or an incident; or empty.
    pub url: String,
}
columns!(Annotation { id, date, text, url });

/// What was noted of days of a team, the last day first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAnnotations {
    pub team: Id<Team>,
    /// Only of this day and later ones.
    #[serde(default)]
    pub since: Option<Date>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Annotations {
    pub team: Id<Team>,
    /// Whether the reader may note something of this team, and take it back.
    pub may_note: bool,
    /// The last 500 at most.
    pub annotations: Vec<Annotation>,
}

const MOST: i64 = 500;

impl Operation for ListAnnotations {
    const NAME: &str = "annotation.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/annotations");
    const READS: bool = true;
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = Annotations;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        leads(tx, self.team).await
    }

    fn allows(_: &Actor, _: &bool) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, leads: bool) -> Result<Annotations> {
        let may_note = leads || may_keep(tx.actor());
        let annotations = between(tx, self.team, self.since.unwrap_or(Date::ZERO), Date::MAX).await?;
        Ok(Annotations { team: self.team, may_note, annotations })
    }
}

/// What was noted of the days of a period, the last first.
pub(crate) async fn within(tx: &mut Tx<'_>, team: Id<Team>, from: Time, to: Time) -> Result<Vec<Annotation>> {
    let day = |at: Time| at.date(&TimeZone::UTC);
    between(tx, team, day(from), day(to)).await
}

async fn between(tx: &mut Tx<'_>, team: Id<Team>, from: Date, to: Date) -> Result<Vec<Annotation>> {
    let select = sql!(
        "select id, noted_on as date, text, url from annotations
          where workspace_id = $1 and team_id = $2 and noted_on >= $3 and noted_on <= $4
          order by noted_on desc, id desc limit $5"
    );
    tx.all(select, args![tx.workspace(), team, from, to, MOST]).await
}

/// Whether the actor leads a team or one above; `NotFound` for one that the actor cannot see.
async fn leads(tx: &mut Tx<'_>, team: Id<Team>) -> Result<bool> {
    Reach::of(tx, team).await?;
    team::Record::is_led_by(tx, team, tx.me()).await
}
