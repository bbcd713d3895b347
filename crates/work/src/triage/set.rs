use super::{
    Promise, Triage, promise, rota,
    rota::{Rota, monday},
    show::settled,
    topic,
};
use crate::{
    issue::Priority,
    team::{Kept, Work},
};
use kernel::{
    Actor, Error, Flaws, Id, Method::Patch, Operation, Person, Result, Route, Team, Tx, args, json, sql, text::Name,
};
use people::{access::actor_of, person::Record};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Settle how a team looks at what is new: whose turn it is, and what is promised. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTriage {
    pub team: Id<Team>,
    /// The IANA zone in which turns and days begin.
    pub zone: Option<Name<60>>,
    /// Whether what is filed by people who are not on the team begins in triage.
    pub from_others: Option<bool>,
    /// Who takes turns week by week, at most 30; the first one has this week. Whoever is away is skipped.
    pub people: Option<Vec<Id<Person>>>,
    /// All that is promised, at most one for each priority.
    pub promises: Option<Vec<Promise>>,
}

const MOST_PEOPLE: usize = 30;

impl Operation for SetTriage {
    const NAME: &str = "triage.set";
    const ROUTE: Route = Route(Patch, "/teams/{team}/triage");
    type Target = Kept;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        let kept = Kept::visible(tx, self.team).await?;
        for person in self.people.iter().flatten().take(MOST_PEOPLE) {
            Record::visible(tx, *person).await?;
        }
        Ok(kept)
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<()> {
        self.check()?;
        Work::begun(tx, self.team, &kept.team.name).await?;
        let old = settled(tx, self.team).await?;
        let zone = match &self.zone {
            Some(zone) => named_zone(zone)?,
            None => old.zone.clone(),
        };
        let from_others = self.from_others.unwrap_or(old.from_others);
        let upsert = sql!(
            "insert into triages (workspace_id, team_id, zone, from_others, first_on) values ($1, $2, $3, $4, $5)
             on conflict (workspace_id, team_id) do update set zone = excluded.zone, from_others = excluded.from_others"
        );
        tx.run(upsert, args![tx.workspace(), self.team, zone, from_others, monday(old.first_on)]).await?;
        if let Some(people) = &self.people {
            self.order(tx, &Triage { zone, ..old }, people).await?;
        }
        if let Some(promises) = &self.promises {
            promised(tx, self.team, promises).await?;
        }
        tx.record("triage.settled", self.team, json!({}));
        tx.touch(topic(self.team));
        Ok(())
    }
}

impl SetTriage {
    fn check(&self) -> Result<()> {
        let mut flaws = Flaws::default();
        let people = self.people.as_deref().unwrap_or_default();
        flaws.unless(people.len() <= MOST_PEOPLE, "people", "At most 30 people take turns.");
        let once = people.iter().collect::<BTreeSet<_>>().len() == people.len();
        flaws.unless(once, "people", "Everyone stands in the order once.");
        let promises = self.promises.as_deref().unwrap_or_default();
        let once = promises.iter().map(|one| one.priority).collect::<BTreeSet<Priority>>().len() == promises.len();
        flaws.unless(once, "promises", "Promise one time for each priority.");
        let fits = promises.iter().all(|one| (1..=200).contains(&one.look_hours));
        flaws.unless(fits, "promises", "Looking takes 1 to 200 working hours.");
        let fits = promises.iter().filter_map(|one| one.done_hours).all(|hours| (1..=400).contains(&hours));
        flaws.unless(fits, "promises", "Being done takes 1 to 400 working hours.");
        flaws.check()
    }

    /// The new order begins with this week, in which nobody has been given the turn any more who does not take one.
    async fn order(&self, tx: &mut Tx<'_>, triage: &Triage, people: &[Id<Person>]) -> Result<()> {
        let now: Vec<Id<Person>> = Rota::load(tx, triage).await?.order.into_iter().map(|one| one.id).collect();
        if now == people {
            return Ok(());
        }
        for person in people {
            if !actor_of(tx, *person).await?.is_some_and(|actor| actor.belongs()) {
                return Err(Error::invalid(
                    "people",
                    "Somebody of these has no account with which they see the issues.",
                ));
            }
        }
        let delete = sql!("delete from triage_people where workspace_id = $1 and team_id = $2");
        tx.run(delete, args![tx.workspace(), self.team]).await?;
        for (position, person) in (1i64..).zip(people) {
            let insert =
                sql!("insert into triage_people (workspace_id, team_id, position, person_id) values ($1, $2, $3, $4)");
            tx.run(insert, args![tx.workspace(), self.team, position, person]).await?;
        }
        let zone = kernel::calendar::zone(&triage.zone)?;
        let this_week = rota::monday(tx.now().date(&zone));
        let update = sql!("update triages set first_on = $3 where workspace_id = $1 and team_id = $2");
        tx.run(update, args![tx.workspace(), self.team, this_week]).await?;
        let forget = sql!("delete from triage_turns where workspace_id = $1 and team_id = $2 and week_on >= $3");
        tx.run(forget, args![tx.workspace(), self.team, this_week]).await.map(drop)
    }
}

fn named_zone(name: &str) -> Result<String> {
    let wrong = || Error::invalid("zone", "Use a name such as Europe/Berlin.");
    let zone = kernel::calendar::zone(name).map_err(|_| wrong())?;
    zone.iana_name().map(str::to_owned).ok_or_else(wrong)
}

/// What is promised as before counts from when it was.
async fn promised(tx: &mut Tx<'_>, team: Id<Team>, wanted: &[Promise]) -> Result<()> {
    let before = promise::of(tx, team).await?;
    let delete = sql!("delete from triage_promises where workspace_id = $1 and team_id = $2");
    tx.run(delete, args![tx.workspace(), team]).await?;
    for promise in wanted {
        let same = before.iter().find(|kept| kept.promise == *promise);
        let since = same.map_or(tx.now(), |kept| kept.since_at);
        let insert = sql!(
            "insert into triage_promises (workspace_id, team_id, priority, look_hours, done_hours, since_at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        let Promise { priority, look_hours, done_hours } = promise;
        tx.run(insert, args![tx.workspace(), team, priority, look_hours, done_hours, since]).await?;
    }
    Ok(())
}
