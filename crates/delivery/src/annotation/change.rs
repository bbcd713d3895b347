//! Those who lead a team note something of a day, and take it back.
use super::{Annotation, leads};
use crate::repository::may_keep;
use jiff::civil::Date;
use kernel::{
    Actor, Error, Flaws, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Name},
};
use people::access;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Note something of a day of a team. It stands on the charts of how the team delivers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAnnotation {
    pub team: Id<Team>,
    pub date: Date,
    pub text: Name<120>,
    /// Where one reads more of it, such as the page of a deployment or an incident.
    #[serde(default)]
    pub url: Option<Line<500>>,
}

/// What was noted.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Annotated {
    pub id: Id<Annotation>,
}

impl Operation for AddAnnotation {
    const NAME: &str = "annotation.add";
    const ROUTE: Route = Route(Post, "/teams/{team}/annotations");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = Annotated;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        leads(tx, self.team).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Annotated> {
        let url = self.url.as_deref().unwrap_or_default();
        let mut flaws = Flaws::default();
        let is_page = url.is_empty() || url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
        flaws.unless(is_page, "url", "This is no address of a page, such as https://status.example.com/42.");
        flaws.unless(self.date.year() >= 2000, "date", "Give a day since 2000.");
        flaws.unless(self.date <= access::today(tx), "date", "This day is still to come.");
        flaws.check()?;
        let id: Id<Annotation> = tx.id();
        let insert = sql!(
            "insert into annotations (workspace_id, id, team_id, noted_on, text, url, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.run(insert, args![workspace, id, self.team, self.date, self.text, url, now]).await?;
        tx.record("team.annotation_added", self.team, json!({ "date": self.date }));
        Ok(Annotated { id })
    }
}

/// Take back what was noted of a day.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveAnnotation {
    pub annotation: Id<Annotation>,
}

impl Operation for RemoveAnnotation {
    const NAME: &str = "annotation.remove";
    const ROUTE: Route = Route(Delete, "/annotations/{annotation}");
    /// The team, and whether the actor leads it or one above.
    type Target = (Id<Team>, bool);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<(Id<Team>, bool)> {
        let select = sql!("select team_id from annotations where workspace_id = $1 and id = $2");
        let team: Option<Id<Team>> = tx.find(select, args![tx.workspace(), self.annotation]).await?;
        let team = team.ok_or(Error::NotFound)?;
        Ok((team, leads(tx, team).await?))
    }

    fn allows(actor: &Actor, (_, leads): &(Id<Team>, bool)) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (team, _): (Id<Team>, bool)) -> Result<()> {
        let delete = sql!("delete from annotations where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), self.annotation]).await?;
        tx.record("team.annotation_removed", team, json!({}));
        Ok(())
    }
}
