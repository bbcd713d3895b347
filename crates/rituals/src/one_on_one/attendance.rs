//! What the calendars of the two answer to an invitation. It moves no date: the two see it beside the date, and who is not
//! the one that declined is asked what becomes of it.
use super::{Meeting, MeetingState, OneOnOne, View, occasion, tell};
use crate::calendar;
use axum::response::{IntoResponse, Redirect};
use kernel::{
    Actor, Attendance, CalendarReply, Card, Door, Id, Later, Method::Get, Method::Put, NewAsk, Operation, Person,
    RecordKind, Reference, Result, Route, Silence, Taken, Time, Tx, Verb, args, calendar::zone, columns, sql,
};
use people::{access::actor_of, account::secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Markup, chip, html};

/// A date, of which somebody is asked what becomes of it.
pub const DATE: RecordKind =
    RecordKind { kind: "one_on_one_date", path: "/one-on-one-dates/", told: None, find: card, documents: None };
const CLASS: &str = "calendar answer";

/// What the calendar of one of the two said of the date of the next one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Answered {
    pub person_id: Id<Person>,
    pub attendance: Attendance,
}
columns!(Answered { person_id, attendance });

/// What was answered of the date that the next one has now.
pub(super) async fn of(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>) -> Result<Vec<Answered>> {
    let select = sql!(
        "select a.person_id, a.answer as attendance from one_on_one_attendance a
           join one_on_one_meetings m on m.workspace_id = a.workspace_id and m.id = a.meeting_id
          where a.workspace_id = $1 and m.one_on_one_id = $2 and m.state = 'open' and a.answer is not null
            and a.revision = m.revision
          order by a.person_id"
    );
    tx.all(select, args![tx.workspace(), one_on_one]).await
}

/// The address at which the calendar of one of the two answers, the same for all letters about a meeting; nothing where no
/// mail is read.
pub(super) async fn address(tx: &mut Tx<'_>, meeting: Id<Meeting>, person: Id<Person>) -> Result<Option<String>> {
    let Some(replies) = tx.reply_to() else { return Ok(None) };
    let about = format!("one_on_one_attendance {} {meeting} {person}", tx.workspace());
    let select =
        sql!("select secret from one_on_one_attendance where workspace_id = $1 and meeting_id = $2 and person_id = $3");
    let sealed: Option<String> = tx.find(select, args![tx.workspace(), meeting, person]).await?;
    // With another key than the one under which it was sealed, the next letters name another address.
    if let Some(known) = sealed.and_then(|sealed| tx.vault().open(CLASS, &about, &sealed)) {
        return Ok(Some(replies.of(&known)));
    }
    let fresh = secret::fresh_for_mail()?;
    let sealed = tx.vault().seal(CLASS, &about, &fresh)?;
    let insert = sql!(
        "insert into one_on_one_attendance (workspace_id, meeting_id, person_id, secret_hash, secret)
         values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, meeting_id, person_id) do update
            set secret_hash = excluded.secret_hash, secret = excluded.secret"
    );
    tx.run(insert, args![tx.workspace(), meeting, person, secret::hash(&fresh), sealed]).await?;
    Ok(Some(replies.of(&fresh)))
}

/// An invitation, and what its calendar answered before.
struct Invited {
    meeting_id: Id<Meeting>,
    person_id: Id<Person>,
    email: String,
    state: MeetingState,
    starts_at: Option<Time>,
    revision: i64,
    told_revision: Option<i64>,
    answered_revision: Option<i64>,
    written_at: Option<Time>,
}
columns!(Invited {
    meeting_id,
    person_id,
    email,
    state,
    starts_at,
    revision,
    told_revision,
    answered_revision,
    written_at,
});

impl Invited {
    /// Whether an answer is about the date that stands, and is none that was overtaken on its way.
    fn is_answered_by(&self, reply: &CalendarReply, now: Time) -> bool {
        let stands = self.state == MeetingState::Open && self.starts_at.is_some_and(|at| at > now);
        let current = self.told_revision == Some(self.revision) && reply.sequence == self.revision;
        let later = self.answered_revision != Some(self.revision) || reply.written_at >= self.written_at;
        stands && current && later
    }
}

/// Takes what a calendar answered, if it is that of whoever was invited.
pub(crate) fn take_reply<'a>(tx: &'a mut Tx<'_>, reply: &'a CalendarReply) -> Later<'a, Option<Taken>> {
    Box::pin(async move {
        let select = sql!(
            "select a.meeting_id, a.person_id, p.email, m.state, m.starts_at, m.revision, i.revision as told_revision,
                    a.revision as answered_revision, a.written_at
               from one_on_one_attendance a
               join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
               join one_on_one_meetings m on m.workspace_id = a.workspace_id and m.id = a.meeting_id
               left join one_on_one_invitations i on i.workspace_id = a.workspace_id and i.meeting_id = a.meeting_id
                    and i.person_id = a.person_id and not i.cancelled
              where a.workspace_id = $1 and a.secret_hash = $2 and p.email is not null"
        );
        let found: Option<Invited> = tx.find(select, args![tx.workspace(), secret::hash(&reply.secret)]).await?;
        let Some(invited) = found else { return Ok(None) };
        let Some(person) = actor_of(tx, invited.person_id).await? else { return Ok(Some(Taken::NoAccess)) };
        let mail = invited.email.to_lowercase();
        let uid = calendar::uid(&occasion::key(invited.meeting_id), tx.base_url());
        if reply.from.as_ref() != Some(&mail) || reply.attendee != mail || reply.uid != uid {
            return Ok(Some(Taken::OtherSender));
        }
        if !invited.is_answered_by(reply, tx.now()) {
            return Ok(Some(Taken::TooOld));
        }
        let person = Actor { door: Door::Mail, ..person };
        let keep = KeepAnswer {
            meeting: invited.meeting_id,
            attendance: reply.attendance,
            revision: invited.revision,
            written_at: reply.written_at,
        };
        tx.call_as(&person, &keep).await?;
        Ok(Some(Taken::Kept))
    })
}

/// Keeps what the calendar of one of the two answered.
#[derive(Deserialize, JsonSchema)]
struct KeepAnswer {
    meeting: Id<Meeting>,
    attendance: Attendance,
    revision: i64,
    written_at: Option<Time>,
}

impl Operation for KeepAnswer {
    const NAME: &str = "one_on_one.answer";
    const ROUTE: Route = Route(Put, "/one-on-one-dates/{meeting}/answer");
    type Target = (OneOnOne, Meeting);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        visible(tx, self.meeting).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, (one_on_one, meeting): Self::Target) -> Result<()> {
        let before = of(tx, one_on_one.id).await?;
        let me = tx.me();
        let update = sql!(
            "update one_on_one_attendance set answer = $4, revision = $5, written_at = $6
              where workspace_id = $1 and meeting_id = $2 and person_id = $3"
        );
        let (answer, written) = (self.attendance, self.written_at);
        tx.run(update, args![tx.workspace(), meeting.id, me, answer, self.revision, written]).await?;
        if before.iter().any(|one| one.person_id == me && one.attendance == answer) {
            return Ok(());
        }
        match (answer, meeting.starts_at) {
            (Attendance::Declined, Some(at)) => ask(tx, &one_on_one, meeting.id, at).await?,
            _ => settle(tx, meeting.id),
        }
        tell(tx, "one_on_one.answered", &one_on_one);
        Ok(())
    }
}

/// Asks the other one what becomes of a date that was declined.
async fn ask(tx: &mut Tx<'_>, one_on_one: &OneOnOne, meeting: Id<Meeting>, at: Time) -> Result<()> {
    let me = tx.me();
    let other = one_on_one.facing(me);
    let when = ui::day_and_time(at, &zone(other.zone)?);
    let name = one_on_one.party(me).first_name().to_owned();
    tx.ask(&NewAsk {
        to: vec![other.id],
        from: Some(me),
        verb: Verb::Decide,
        subject: format!("{name}’s calendar declined {when}: move your one-on-one, or keep it"),
        about: Some(Reference::to("one_on_one_date", meeting)),
        due: None,
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}

/// What was asked about a date is answered by whatever changes it.
pub(super) fn settle(tx: &mut Tx<'_>, meeting: Id<Meeting>) {
    tx.settle_asks(&Reference::to("one_on_one_date", meeting), None);
}

async fn visible(tx: &mut Tx<'_>, id: Id<Meeting>) -> Result<(OneOnOne, Meeting)> {
    let select = sql!("select one_on_one_id from one_on_one_meetings where workspace_id = $1 and id = $2");
    let one_on_one: Id<OneOnOne> = tx.one(select, args![tx.workspace(), id]).await?;
    let one_on_one = OneOnOne::visible(tx, one_on_one).await?;
    let select = sql!(
        "select id, starts_at, state, opened_at, ended_at from one_on_one_meetings where workspace_id = $1 and id = $2"
    );
    Ok((one_on_one, tx.one(select, args![tx.workspace(), id]).await?))
}

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse::<Id<Meeting>>() else { return Ok(None) };
        match visible(tx, id).await {
            Ok((one_on_one, _)) => {
                Ok(Some(Card { title: one_on_one.title(), href: format!("/one-on-one-dates/{id}") }))
            }
            Err(kernel::Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

/// Finds the one-on-one of a date.
#[derive(Deserialize, JsonSchema)]
struct OfDate {
    meeting: Id<Meeting>,
}

impl Operation for OfDate {
    const NAME: &str = "one_on_one.of_date";
    const ROUTE: Route = Route(Get, "/one-on-one-dates/{meeting}");
    const READS: bool = true;
    type Target = OneOnOne;
    type Output = Id<OneOnOne>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        Ok(visible(tx, self.meeting).await?.0)
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, _: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Id<OneOnOne>> {
        Ok(one_on_one.id)
    }
}

/// `GET /one-on-one-dates/{meeting}`: the page of its one-on-one.
pub async fn find(cx: Cx) -> Answer {
    let one_on_one = cx.read_here::<OfDate>().await?;
    Ok(Redirect::to(&super::place(one_on_one)).into_response())
}

/// What the calendars said, beside the date.
pub(super) fn chips(cx: &Cx, view: &View) -> Markup {
    html! {
        @for one in &view.answers {
            @let (tone, word) = match one.attendance {
                Attendance::Accepted => ("good", "accepted"),
                Attendance::Tentative => ("warn", "perhaps"),
                Attendance::Declined => ("bad", "declined"),
            };
            @let whose = match one.person_id == cx.actor().person {
                true => "Your calendar".to_owned(),
                false => format!("{}’s calendar", view.one_on_one.party(one.person_id).first_name()),
            };
            (chip(tone, &format!("{whose}: {word}")))
        }
    }
}
