//! A past that is entered only now, such as that of the sample company.
use crate::{
    ask::{RAISE, RESTORE, SETTLE, WITHDRAW, around},
    delivery::{self, Rhythm},
    norms,
    sweep::{MOST, lapse},
};
use kernel::{Actor, Id, Method::Post, Operation, Person, Result, Route, Run, Tx, args, sql};
use people::hours::calendars;
use schemars::JsonSchema;
use serde::Deserialize;

/// Does what time would have done to asks by now, without letters: nobody is told of what they have long known.
#[derive(Deserialize, JsonSchema)]
pub struct SettlePast {}

impl Operation for SettlePast {
    const NAME: &str = "ask.settle_past";
    const ROUTE: Route = Route(Post, "/asks/past");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        do_waiting(tx).await?;
        while lapse(tx).await? == MOST as usize {}
        let now = tx.now();
        let known = sql!(
            "update asks set digested_at = coalesce(digested_at, $2),
                    announced_at = case when announce_at <= $2 then coalesce(announced_at, $2) else announced_at end,
                    told_at = case when ended_at is not null then coalesce(told_at, $2) end
              where workspace_id = $1 and (digested_at is null or (ended_at is not null and told_at is null))"
        );
        tx.run(known, args![tx.workspace(), now]).await?;
        plan_digests(tx).await
    }
}

/// Raises and settles what other parts wanted by now.
async fn do_waiting(tx: &mut Tx<'_>) -> Result<()> {
    for kind in [RAISE, SETTLE, WITHDRAW, RESTORE] {
        let Run::Inside(run) = kind.run else { continue };
        for job in tx.take_waiting(kind.name).await? {
            run(tx, &job).await?;
        }
    }
    Ok(())
}

/// The digests that would have left by now are over; the next ones come at their usual times.
async fn plan_digests(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let past = sql!("select person_id, rhythm from ask_deliveries where workspace_id = $1 and next_at <= $2");
    let past: Vec<(Id<Person>, Rhythm)> = tx.all(past, args![tx.workspace(), now]).await?;
    let people: Vec<Id<Person>> = past.iter().map(|(person, _)| *person).collect();
    let (from, to) = around(now);
    let clocks = calendars(tx, &people, from, to).await?;
    let agreed = norms::of_people(tx, &people).await?;
    for (person, rhythm) in past {
        let clock = clocks.iter().find(|clock| clock.id == person);
        let next = clock.and_then(|clock| rhythm.next(&clock.calendar, &agreed.quiet(person), now));
        delivery::plan_next(tx, person, next).await?;
    }
    Ok(())
}
