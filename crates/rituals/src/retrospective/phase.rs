//! How a board goes from phase to phase: by itself, when everyone has had the same working time, or sooner by hand.
use super::{Phase, Retrospective, SELECT, cards, result};
use kernel::{
    Actor, Due, Id, Job, JobKind, Later, Method::Post, NewAsk, Operation, Person, Reference, Result, Route, Run,
    Schedule, Silence, Time, Tx, Verb, args, json, sql,
};
use people::{access::with_account, hours::fair_end};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "retrospective.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "retrospective.sweep", every: Duration::from_secs(60) };

const MOST: i64 = 50;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select =
            sql!(SELECT, "where r.workspace_id = $1 and r.phase_ends_at <= $2 order by r.phase_ends_at, r.id limit $3");
        let now = tx.now();
        let over: Vec<Retrospective> = tx.all(select, args![tx.workspace(), now, MOST]).await?;
        for board in over {
            advance(tx, &board).await?;
        }
        Ok(())
    })
}

/// Begin the next phase of a board now, instead of when everyone has had their time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveOn {
    pub retrospective: Id<Retrospective>,
    /// The phase that ends; if the board has gone on meanwhile, nothing happens.
    pub phase: Phase,
}

impl Operation for MoveOn {
    const NAME: &str = "retrospective.move_on";
    const ROUTE: Route = Route(Post, "/retrospectives/{retrospective}/phase");
    type Target = Retrospective;
    type Output = Retrospective;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Retrospective> {
        Retrospective::visible(tx, self.retrospective).await
    }

    fn allows(actor: &Actor, _: &Retrospective) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, board: Retrospective) -> Result<Retrospective> {
        board.expect(&[Phase::Collect, Phase::Group, Phase::Vote, Phase::Discuss])?;
        if board.phase == self.phase {
            advance(tx, &board).await?;
        }
        Retrospective::visible(tx, board.id).await
    }
}

async fn advance(tx: &mut Tx<'_>, board: &Retrospective) -> Result<()> {
    let about = Reference::to("retrospective", board.id);
    tx.settle_asks(&about, None);
    if board.phase == Phase::Collect {
        cards::lay_out(tx, board.id).await?;
    }
    let next = board.phase.next();
    let team = with_account(tx, board.team_id).await?;
    let ends_at = match next {
        Phase::Done => None,
        _ => Some(fair_end(tx, &team, board.hours).await?),
    };
    let now = tx.now();
    let update = sql!(
        "update retrospectives set phase = $3, phase_began_at = $4, phase_ends_at = $5, ended_at = $6
          where workspace_id = $1 and id = $2"
    );
    let ended_at = (next == Phase::Done).then_some(now);
    tx.run(update, args![tx.workspace(), board.id, next, now, ends_at, ended_at]).await?;
    if next == Phase::Done {
        result::keep(tx, Retrospective { phase: next, ended_at, ..board.clone() }).await?;
    }
    tx.record("retrospective.moved_on", board.id, json!({}));
    invite(tx, board, next, ends_at, team).await
}

/// Asks everyone on the team for their part of a phase.
pub(super) async fn invite(
    tx: &mut Tx<'_>,
    board: &Retrospective,
    phase: Phase,
    ends_at: Option<Time>,
    to: Vec<Id<Person>>,
) -> Result<()> {
    let (verb, what) = match phase {
        Phase::Collect => (Verb::FillIn, "write your cards"),
        Phase::Vote => (Verb::Decide, "vote on what to talk about"),
        Phase::Discuss => (Verb::Answer, "say what you think of the topics"),
        Phase::Done => (Verb::Read, "what came of it"),
        Phase::Group => return Ok(()),
    };
    tx.ask(&NewAsk {
        to,
        from: None,
        verb,
        subject: format!("{}: {what}", board.name),
        about: Some(Reference::to("retrospective", board.id)),
        due: Some(ends_at.map_or(Due::Days(2), Due::Moment)),
        silence: if phase == Phase::Done { Silence::Consent } else { Silence::Nothing },
        escalate_to: None,
        urgent: false,
    })
}
