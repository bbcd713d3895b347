use super::{
    HandOver, SELECT,
    draft::{Days, people_of},
};
use crate::sharing::shared_team;
use kernel::{
    Actor, Due, Error, Id,
    Method::{Delete, Put},
    NewAsk, Operation, Reference, Result, Route, Silence, Team, Tx, Verb, args, json, sql,
    text::Markdown,
};
use people::team;
use schemars::JsonSchema;
use serde::Deserialize;

/// Hand over my day to those of a team who work before I am back. They find it when they begin. What I handed over on the
/// same day is replaced.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteHandOver {
    pub team: Id<Team>,
    pub body: Markdown,
}

const LONGEST: usize = 10_000;

impl Operation for WriteHandOver {
    const NAME: &str = "hand_over.write";
    const ROUTE: Route = Route(Put, "/teams/{team}/hand-over");
    type Target = (team::Record, bool);
    type Output = HandOver;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let team = shared_team(tx, self.team).await?;
        let people = people_of(tx, self.team).await?;
        let me = tx.me();
        Ok((team, people.iter().any(|one| one.id == me)))
    }

    fn allows(actor: &Actor, (_, member): &Self::Target) -> bool {
        actor.belongs() && *member && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (team, _): Self::Target) -> Result<HandOver> {
        match self.body.trim() {
            "" => return Err(Error::invalid("body", "Write what you leave, or hand over nothing: nobody has to.")),
            body if body.chars().count() > LONGEST => {
                return Err(Error::invalid(
                    "body",
                    "Say it in ten thousand characters, so that it is read in a minute.",
                ));
            }
            _ => {}
        }
        let days = Days::of(tx, self.team).await?;
        let (me, now, id): (_, _, Id<HandOver>) = (tx.me(), tx.now(), tx.id());
        let save = sql!(
            "insert into hand_overs (workspace_id, id, team_id, person_id, on_date, body, written_at, back_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (workspace_id, team_id, person_id, on_date) do update
                set body = excluded.body, written_at = excluded.written_at, back_at = excluded.back_at"
        );
        tx.run(save, args![tx.workspace(), id, self.team, me, days.on_date, self.body, now, days.back_at]).await?;
        let select =
            sql!(SELECT, "where h.workspace_id = $1 and h.team_id = $2 and h.person_id = $3 and h.on_date = $4");
        let written: HandOver = tx.one(select, args![tx.workspace(), self.team, me, days.on_date]).await?;
        tx.record("hand_over.written", written.id, json!({}));
        // Whoever was asked to read it finds what it says now.
        if written.id == id {
            ask(tx, &written, &team, &days)?;
        }
        Ok(written)
    }
}

fn ask(tx: &mut Tx<'_>, written: &HandOver, team: &team::Record, days: &Days) -> Result<()> {
    if days.readers.is_empty() {
        return Ok(());
    }
    tx.ask(&NewAsk {
        to: days.readers.iter().map(|reader| reader.id).collect(),
        from: None,
        verb: Verb::Read,
        subject: format!("what {} hands over to {}", written.person_name, team.name),
        about: Some(Reference::to("hand_over", written.id)),
        due: Some(Due::Days(1)),
        silence: Silence::Consent,
        escalate_to: None,
        urgent: false,
    })
}

/// Take back what I handed over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    pub hand_over: Id<HandOver>,
}

impl Operation for TakeBack {
    const NAME: &str = "hand_over.take_back";
    const ROUTE: Route = Route(Delete, "/hand-overs/{hand_over}");
    type Target = HandOver;
    type Output = HandOver;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<HandOver> {
        HandOver::visible(tx, self.hand_over).await
    }

    fn allows(actor: &Actor, one: &HandOver) -> bool {
        actor.belongs() && one.person_id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, one: HandOver) -> Result<HandOver> {
        tx.settle_asks(&Reference::to("hand_over", one.id), None);
        let delete = sql!("delete from hand_overs where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), one.id]).await?;
        tx.record("hand_over.taken_back", one.id, json!({}));
        Ok(one)
    }
}
