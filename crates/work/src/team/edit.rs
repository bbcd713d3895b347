use super::{Kept, Work, claim_key};
use crate::estimate::Measure;
use kernel::{
    Actor, Change, Error, Id, Method::Patch, Operation, Result, Route, Team, Tx, args, json, sql, text::Name,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Change the key of a team's issues, or in what it estimates. Issues stay reachable by keys that the team had before.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditWork {
    pub team: Id<Team>,
    /// 2 to 10 letters and digits, a letter first.
    pub key: Option<Name<10>>,
    pub estimates: Option<Measure>,
    /// How many weeks a sprint lasts, 1 to 8; 0 where each is given its own dates.
    pub sprint_weeks: Option<i64>,
    /// The IANA zone in which sprints begin and end; empty for that of whoever plans them.
    #[serde(default)]
    pub sprint_zone: Change<Name<60>>,
}

impl Operation for EditWork {
    const NAME: &str = "work.edit";
    const ROUTE: Route = Route(Patch, "/teams/{team}/work");
    type Target = Kept;
    type Output = Work;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Work> {
        let old = Work::begun(tx, self.team, &kept.team.name).await?;
        let key = match &self.key {
            Some(key) => wanted_key(key)?,
            None => old.key.clone(),
        };
        if key != old.key {
            take_key(tx, self.team, &key).await?;
        }
        let estimates = self.estimates.unwrap_or(old.estimates);
        let (weeks, zone) = self.cadence(&old)?;
        let update = sql!(
            "update work_teams set key = $3, estimates = $4, sprint_weeks = $5, sprint_zone = $6
              where workspace_id = $1 and team_id = $2"
        );
        tx.run(update, args![tx.workspace(), self.team, key, estimates, weeks, zone]).await?;
        tx.record("work.changed", self.team, json!({ "key": key }));
        Work::find(tx, self.team).await?.ok_or(Error::NotFound)
    }
}

impl EditWork {
    fn cadence(&self, old: &Work) -> Result<(Option<i64>, Option<String>)> {
        let weeks = match self.sprint_weeks {
            None => old.sprint_weeks,
            Some(0) => None,
            Some(weeks @ 1..=8) => Some(weeks),
            Some(_) => return Err(Error::invalid("sprint_weeks", "A sprint lasts 1 to 8 weeks.")),
        };
        let zone = match &self.sprint_zone {
            Change::Keep => old.sprint_zone.clone(),
            Change::Clear => None,
            Change::Set(name) => match kernel::calendar::zone(name) {
                Ok(zone) => zone.iana_name().map(str::to_owned),
                Err(_) => return Err(Error::invalid("sprint_zone", "Use a name such as Europe/Berlin.")),
            },
        };
        Ok((weeks, zone))
    }
}

fn wanted_key(text: &str) -> Result<String> {
    let key = text.to_ascii_uppercase();
    let fits = (2..=10).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_uppercase())
        && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if fits { Ok(key) } else { Err(Error::invalid("key", "Use 2 to 10 letters and digits, a letter first.")) }
}

/// A key that was this team's before can become its own again; that of another team stays theirs for ever.
async fn take_key(tx: &mut Tx<'_>, team: Id<Team>, key: &str) -> Result<()> {
    let select = sql!("select team_id from work_keys where workspace_id = $1 and key = $2");
    match tx.find::<Id<Team>>(select, args![tx.workspace(), key]).await? {
        Some(owner) if owner == team => Ok(()),
        Some(_) => Err(Error::invalid("key", "Another team has this key, or had it before.")),
        None => claim_key(tx, team, key).await,
    }
}
