use super::{Entry, Round};
use crate::sharing::teams;
use axum::response::{IntoResponse, Redirect};
use kernel::{
    Actor, Due, Error, Id,
    Method::{Get, Post},
    NewAsk, Operation, Person, Reference, Result, Route, Silence, Time, Tx, Verb, args, columns, json, list as texts,
    sql,
};
use people::access::actor_of;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Head, Submitted, html, token};

/// What keeps somebody from going on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Blocker {
    pub id: Id<Blocker>,
    pub entry_id: Id<Entry>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub body: String,
    /// Who was asked to help.
    pub asked_id: Option<Id<Person>>,
    pub asked_name: Option<String>,
    pub raised_at: Time,
    pub solved_at: Option<Time>,
}
columns!(Blocker { id, entry_id, person_id, person_name, body, asked_id, asked_name, raised_at, solved_at });

const SELECT: &str = "select b.id, b.entry_id, e.person_id, p.name as person_name, b.body, b.asked_id,
            a.name as asked_name, b.raised_at, b.solved_at
       from checkin_blockers b
       join checkin_entries e on e.workspace_id = b.workspace_id and e.id = b.entry_id
       join people p on p.workspace_id = e.workspace_id and p.id = e.person_id
       left join people a on a.workspace_id = b.workspace_id and a.id = b.asked_id ";

/// Those of some entries, the oldest first.
pub(super) async fn of(tx: &mut Tx<'_>, entries: &[Id<Entry>]) -> Result<Vec<Blocker>> {
    let select = sql!(
        SELECT,
        "where b.workspace_id = $1 and b.entry_id in (select value from json_each(cast($2 as text)))
          order by b.raised_at, b.id"
    );
    tx.all(select, args![tx.workspace(), texts(entries)]).await
}

/// What these people named since then in check-ins of teams that the actor shares, and what is still in the way.
pub(crate) async fn open_of(tx: &mut Tx<'_>, people: [Id<Person>; 2], since: Time) -> Result<Vec<Blocker>> {
    const MOST: i64 = 20;
    let shared = texts(teams(tx).await?);
    let select = sql!(
        SELECT,
        "join checkin_rounds r on r.workspace_id = e.workspace_id and r.id = e.round_id
         join checkins c on c.workspace_id = r.workspace_id and c.id = r.checkin_id
          where b.workspace_id = $1 and e.person_id in ($2, $3) and e.opens_at >= $4 and b.solved_at is null
            and c.team_id in (select value from json_each(cast($5 as text)))
          order by b.raised_at desc, b.id limit $6"
    );
    let [one, other] = people;
    tx.all(select, args![tx.workspace(), one, other, since, shared, MOST]).await
}

impl Blocker {
    /// The blocker, if the actor shares the rituals of the team, named it, or is asked about it.
    pub(super) async fn visible(tx: &mut Tx<'_>, id: Id<Blocker>) -> Result<(Blocker, Id<Round>)> {
        let blocker: Blocker =
            tx.one(sql!(SELECT, "where b.workspace_id = $1 and b.id = $2"), args![tx.workspace(), id]).await?;
        let round = sql!("select round_id from checkin_entries where workspace_id = $1 and id = $2");
        let round: Id<Round> = tx.one(round, args![tx.workspace(), blocker.entry_id]).await?;
        let me = Some(tx.me());
        if blocker.asked_id != me && Some(blocker.person_id) != me {
            Round::visible(tx, round).await?;
        }
        Ok((blocker, round))
    }
}

/// Names a blocker. Whoever is asked finds it in their inbox, due within a working day.
pub(super) async fn raise(
    tx: &mut Tx<'_>,
    entry: Id<Entry>,
    (author, author_name): (Id<Person>, &str),
    body: &str,
    asked: Option<Id<Person>>,
) -> Result<()> {
    let (id, now): (Id<Blocker>, _) = (tx.id(), tx.now());
    let insert = sql!(
        "insert into checkin_blockers (workspace_id, id, entry_id, body, asked_id, raised_at)
         values ($1, $2, $3, $4, $5, $6)"
    );
    tx.run(insert, args![tx.workspace(), id, entry, body, asked, now]).await?;
    let Some(to) = asked else { return Ok(()) };
    if to == author || actor_of(tx, to).await?.is_none() {
        let sentence = "Choose somebody else, who has an account here.";
        return Err(Error::invalid("blockers", sentence));
    }
    let first = author_name.split(' ').next().unwrap_or(author_name);
    tx.ask(&NewAsk {
        to: vec![to],
        from: Some(author),
        verb: Verb::Answer,
        subject: format!("What blocks {first}: {body}"),
        about: Some(Reference::to("blocker", id)),
        due: Some(Due::Days(1)),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}

/// Marks a blocker as out of the way, unless it is already. Returns whether it was not.
pub(super) async fn end(tx: &mut Tx<'_>, blocker: Id<Blocker>) -> Result<bool> {
    let update =
        sql!("update checkin_blockers set solved_at = $3 where workspace_id = $1 and id = $2 and solved_at is null");
    let now = tx.now();
    Ok(tx.run(update, args![tx.workspace(), blocker, now]).await? == 1)
}

/// Say that a blocker is out of the way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SolveBlocker {
    pub blocker: Id<Blocker>,
}

impl Operation for SolveBlocker {
    const NAME: &str = "blocker.solve";
    const ROUTE: Route = Route(Post, "/blockers/{blocker}/solved");
    type Target = (Blocker, Id<Round>);
    type Output = Blocker;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Blocker::visible(tx, self.blocker).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (blocker, round): Self::Target) -> Result<Blocker> {
        if end(tx, blocker.id).await? {
            tx.settle_asks(&Reference::to("blocker", blocker.id), None);
            tx.record("blocker.solved", round, json!({}));
        }
        Ok(Blocker::visible(tx, blocker.id).await?.0)
    }
}

/// Finds a blocker, for its address: whoever is asked for help may be on another team.
#[derive(Deserialize, JsonSchema)]
struct ShowBlocker {
    blocker: Id<Blocker>,
}

#[derive(Serialize, JsonSchema)]
struct Found {
    blocker: Blocker,
    /// The roll-up in which it stands, for those who may read it.
    round_id: Option<Id<Round>>,
}

impl Operation for ShowBlocker {
    const NAME: &str = "blocker.show";
    const ROUTE: Route = Route(Get, "/blockers/{blocker}");
    const READS: bool = true;
    type Target = (Blocker, Id<Round>);
    type Output = Found;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Blocker::visible(tx, self.blocker).await
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (blocker, round): Self::Target) -> Result<Found> {
        match Round::visible(tx, round).await {
            Ok(_) => Ok(Found { blocker, round_id: Some(round) }),
            Err(Error::NotFound) => Ok(Found { blocker, round_id: None }),
            Err(error) => Err(error),
        }
    }
}

/// `GET /blockers/{blocker}`: where it stands in the roll-up; for a helper from elsewhere, by itself.
pub async fn show(cx: Cx) -> Answer {
    let Found { blocker, round_id } = cx.read_here::<ShowBlocker>().await?;
    if let Some(round) = round_id {
        let to = format!("/check-ins/rounds/{round}#blocker-{}", blocker.id);
        return Ok(Redirect::to(&to).into_response());
    }
    let lead = format!("It is in the way of {}.", blocker.person_name);
    let body = html! {
        (Head { title: &blocker.body, lead: &lead, ..Head::default() }.show())
        @if blocker.solved_at.is_some() { p { "It is out of the way." } } @else {
            form method="post" action={ "/blockers/" (blocker.id) "/solved" } {
                (token(&cx)) button.button.primary { "It is out of the way" }
            }
        }
    };
    Ok(cx.page(&blocker.body, body))
}

/// `POST /blockers/{blocker}/solved`
pub async fn solve(form: Submitted) -> Answer {
    let blocker = form.submit::<SolveBlocker>().await?;
    let to = back_to(form.text("back"));
    Ok(form.go(&to, Flash::says(format!("Out of the way: {}", blocker.body))))
}

/// Back to the roll-up from which it was said.
fn back_to(round: &str) -> String {
    round.parse::<Id<Round>>().map_or("/inbox".to_owned(), |round| format!("/check-ins/rounds/{round}"))
}
