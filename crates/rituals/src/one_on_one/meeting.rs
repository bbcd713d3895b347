//! The next one, and those that were: when, how, and who moved them.
use super::{ListSlots, OneOnOne, ShowOneOnOne, Slots, invitation, parts, place, slot_list, tell};
use crate::promise;
use jiff::{
    Span, Timestamp,
    civil::{self, Date},
    tz::TimeZone,
};
use kernel::{
    Actor, Change, Error, Id,
    Method::{Post, Put},
    Operation, Person, Result, Route, Time, Tx, args, columns, sql,
    text::Line,
    words,
};
use people::hours::calendars;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, day_and_time, html, token};

words! {
    pub enum MeetingState {
        /// The next one. There is always exactly one.
        Open = "open",
        /// The two talked.
        Called = "called",
        Written = "written",
        Skipped = "skipped",
    }
}

/// One meeting of the two.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Meeting {
    pub id: Id<Meeting>,
    /// Nothing where it is done in writing, or has no date yet.
    pub starts_at: Option<Time>,
    pub state: MeetingState,
    pub opened_at: Time,
    pub ended_at: Option<Time>,
}
columns!(Meeting { id, starts_at, state, opened_at, ended_at });

/// A date that was set or moved, and by whom.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Move {
    pub meeting_id: Id<Meeting>,
    pub from_at: Option<Time>,
    pub to_at: Option<Time>,
    pub reason: String,
    pub moved_by: Id<Person>,
    pub moved_at: Time,
}
columns!(Move { meeting_id, from_at, to_at, reason, moved_by, moved_at });

/// So many past meetings are shown with the next one.
const PAST: i64 = 12;

impl Meeting {
    /// When it was, as far as it has a time.
    pub fn at(&self) -> Time {
        self.starts_at.or(self.ended_at).unwrap_or(self.opened_at)
    }

    /// Whether the two talked or wrote in it.
    pub fn was_held(&self) -> bool {
        matches!(self.state, MeetingState::Called | MeetingState::Written)
    }
}

/// The next one and those of before, the latest first.
pub(super) async fn of(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>) -> Result<Vec<Meeting>> {
    let select = sql!(
        "select id, starts_at, state, opened_at, ended_at from one_on_one_meetings
          where workspace_id = $1 and one_on_one_id = $2 order by opened_at desc, id desc limit $3"
    );
    tx.all(select, args![tx.workspace(), one_on_one, PAST + 1]).await
}

/// How the dates of these meetings moved, in order.
pub(super) async fn moves(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>) -> Result<Vec<Move>> {
    let select = sql!(
        "select v.meeting_id, v.from_at, v.to_at, v.reason, v.moved_by, v.moved_at from one_on_one_moves v
           join one_on_one_meetings m on m.workspace_id = v.workspace_id and m.id = v.meeting_id
          where v.workspace_id = $1 and m.one_on_one_id = $2 order by v.moved_at desc, v.id desc limit 100"
    );
    tx.all(select, args![tx.workspace(), one_on_one]).await
}

pub(super) async fn next(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>) -> Result<Meeting> {
    let select = sql!(
        "select id, starts_at, state, opened_at, ended_at from one_on_one_meetings
          where workspace_id = $1 and one_on_one_id = $2 and state = 'open'"
    );
    tx.one(select, args![tx.workspace(), one_on_one]).await
}

/// Opens the next one.
pub(super) async fn begin(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>, starts_at: Option<Time>) -> Result<()> {
    let id: Id<Meeting> = tx.id();
    let insert = sql!(
        "insert into one_on_one_meetings (workspace_id, id, one_on_one_id, starts_at, state, opened_at, changed_at)
         values ($1, $2, $3, $4, 'open', $5, $5)"
    );
    tx.run(insert, args![tx.workspace(), id, one_on_one, starts_at, tx.now()]).await?;
    Ok(())
}

/// Set or move the date of the next one, or do it in writing. Who moved it is kept, and both see it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMeeting {
    pub one_on_one: Id<OneOnOne>,
    /// Cleared, it is done in writing.
    #[serde(default)]
    pub starts_at: Change<Time>,
    #[serde(default)]
    pub reason: Line,
}

impl Operation for MoveMeeting {
    const NAME: &str = "one_on_one.move";
    const ROUTE: Route = Route(Put, "/one-on-ones/{one_on_one}/date");
    type Target = OneOnOne;
    type Output = Meeting;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Meeting> {
        one_on_one.refuse_ended()?;
        let meeting = next(tx, one_on_one.id).await?;
        let starts_at = self.starts_at.clone().apply(meeting.starts_at);
        refuse_past(tx, "starts_at", starts_at.filter(|at| meeting.starts_at != Some(*at)))?;
        if starts_at == meeting.starts_at {
            return Ok(meeting);
        }
        let update = sql!("update one_on_one_meetings set starts_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), meeting.id, starts_at]).await?;
        invitation::changed(tx, &one_on_one, meeting.id, [meeting.starts_at, starts_at]).await?;
        let (id, me): (Id<Move>, _) = (tx.id(), tx.me());
        let insert = sql!(
            "insert into one_on_one_moves (workspace_id, id, meeting_id, from_at, to_at, reason, moved_by, moved_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let (from, now) = (meeting.starts_at, tx.now());
        tx.run(insert, args![tx.workspace(), id, meeting.id, from, starts_at, self.reason, me, now]).await?;
        tell(tx, "one_on_one.moved", &one_on_one);
        next(tx, one_on_one.id).await
    }
}

fn refuse_past(tx: &Tx<'_>, field: &str, at: Option<Time>) -> Result<()> {
    match at {
        Some(at) if at < tx.now() => Err(Error::invalid(field, "This time is over; choose a later one.")),
        _ => Ok(()),
    }
}

/// Say that the two have talked, by voice or in writing, or that this one was skipped. What is open comes back in the next.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldMeeting {
    pub one_on_one: Id<OneOnOne>,
    pub how: How,
    /// When the next one is; if left out, what the cadence says.
    #[serde(default)]
    pub next_at: Option<Time>,
}

words! {
    pub enum How {
        Called = "called",
        Written = "written",
        Skipped = "skipped",
    }
}

impl Operation for HoldMeeting {
    const NAME: &str = "one_on_one.hold";
    const ROUTE: Route = Route(Post, "/one-on-ones/{one_on_one}/held");
    type Target = OneOnOne;
    /// The next one.
    type Output = Meeting;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Meeting> {
        one_on_one.refuse_ended()?;
        refuse_past(tx, "next_at", self.next_at)?;
        let meeting = next(tx, one_on_one.id).await?;
        let update = sql!(
            "update one_on_one_meetings set state = $3, ended_at = $4, ended_by = $5 where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), meeting.id, self.how, tx.now(), tx.me()]).await?;
        if self.how != How::Called {
            invitation::changed(tx, &one_on_one, meeting.id, [meeting.starts_at, None]).await?;
        }
        let starts_at = match self.next_at {
            Some(at) => Some(at),
            None => following(tx, &one_on_one, meeting.starts_at).await?,
        };
        begin(tx, one_on_one.id, starts_at).await?;
        invitation::changed_next(tx, &one_on_one).await?;
        promise::come_back(tx, &one_on_one, starts_at).await?;
        tell(tx, "one_on_one.held", &one_on_one);
        next(tx, one_on_one.id).await
    }
}

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// The date that the cadence gives after one that had a date: the same hour of the lead's clock, on the first day from
/// there on which both are at work then. If there is none, the best time of these days, and by turns outside of the hours of
/// one of them.
async fn following(tx: &mut Tx<'_>, one_on_one: &OneOnOne, last: Option<Time>) -> Result<Option<Time>> {
    let (Some(last), Some(weeks)) = (last, one_on_one.cadence.weeks()) else { return Ok(None) };
    let zone = TimeZone::get(&one_on_one.lead_zone).unwrap_or(TimeZone::UTC);
    let later = |start: Time, span: Span| -> Option<Time> {
        Some(start.in_zone(&zone).checked_add(span).ok()?.timestamp().into())
    };
    let mut first = later(last, Span::new().weeks(weeks));
    while let Some(at) = first.filter(|at| *at <= tx.now()) {
        first = later(at, Span::new().weeks(weeks));
    }
    let Some(first) = first else { return Ok(None) };
    let both = calendars(tx, &[one_on_one.lead_id, one_on_one.other_id], first, first + WEEK).await?;
    let days = (0..7).filter_map(|days| later(first, Span::new().days(days)));
    let both_work = |at: &Time| both.iter().all(|one| one.calendar.is_working(*at));
    if let Some(at) = days.into_iter().find(both_work) {
        return Ok(Some(at));
    }
    let (fair, _) = slot_list::find(tx, one_on_one, first..first + WEEK, [&[], &[]], 1).await?;
    Ok(Some(fair.first().map_or(first, |slot| slot.start)))
}

/// `GET /one-on-ones/{one_on_one}/date`
pub async fn form(cx: Cx) -> Answer {
    let shown = cx.read_here::<ShowOneOnOne>().await?;
    let local = shown.next().and_then(|meeting| meeting.starts_at).map(|at| at.in_zone(&cx.viewer.zone));
    let form = Form::of([
        ("date", local.as_ref().map(|local| local.date().to_string()).unwrap_or_default()),
        ("time", local.as_ref().map_or("10:00".to_owned(), |local| local.strftime("%H:%M").to_string())),
    ]);
    let slots = slots(&cx, &shown.one_on_one).await?;
    Ok(cx.page("The next one", view(&cx, &shown.one_on_one, &form, &slots)))
}

/// `POST /one-on-ones/{one_on_one}/date`
pub async fn save(form: Submitted) -> Answer {
    let moved = async {
        let starts_at = match form.text("writing") {
            "yes" => Change::Clear,
            _ => Change::Set(proposed(&form).map_or_else(|| moment(&form), Ok)?),
        };
        let input: MoveMeeting = form.input()?;
        form.change(MoveMeeting { starts_at, ..input }).await
    };
    let back = place(form.cx.input::<ShowOneOnOne>()?.one_on_one);
    match moved.await {
        Ok(Meeting { starts_at: Some(at), .. }) => {
            let sentence = format!("The next one is on {}.", day_and_time(at, &form.cx.viewer.zone));
            Ok(form.go(&back, Flash::says(sentence)))
        }
        Ok(_) => Ok(form.go(&back, Flash::says("The next one is done in writing. Answer below each point."))),
        Err(error) => {
            let state = form.refused(error)?;
            let one_on_one = form.cx.read_here::<ShowOneOnOne>().await?.one_on_one;
            let slots = slots(&form.cx, &one_on_one).await?;
            Ok(form.again("The next one", view(&form.cx, &one_on_one, &state, &slots)))
        }
    }
}

/// The time among the proposed ones that was chosen.
fn proposed(form: &Submitted) -> Option<Time> {
    form.text("slot").parse::<Timestamp>().ok().map(Time::from)
}

/// The date and the time of the form, on the reader's clock.
fn moment(form: &Submitted) -> Result<Time> {
    let date: Date = form.text("date").parse().map_err(|_| Error::invalid("date", "Choose a date."))?;
    let time: civil::Time =
        form.text("time").parse().map_err(|_| Error::invalid("time", "Write a time, such as 10:00."))?;
    let zoned = date.to_datetime(time).to_zoned(form.cx.viewer.zone.clone());
    Ok(zoned.map_err(|_| Error::invalid("date", "This date is too far away."))?.timestamp().into())
}

/// `POST /one-on-ones/{one_on_one}/held`
pub async fn hold(form: Submitted) -> Answer {
    let next = form.submit::<HoldMeeting>().await?;
    let back = place(form.cx.input::<ShowOneOnOne>()?.one_on_one);
    let sentence = match next.starts_at {
        Some(at) => format!("Noted. The next one is on {}.", day_and_time(at, &form.cx.viewer.zone)),
        None => "Noted. What is open comes back in the next one.".to_owned(),
    };
    Ok(form.go(&back, Flash::says(sentence)))
}

async fn slots(cx: &Cx, one_on_one: &OneOnOne) -> Result<Slots> {
    cx.read(ListSlots { one_on_one: one_on_one.id }).await
}

/// Times that the two could choose, and whose turn it is where they share none.
fn proposals(cx: &Cx, one_on_one: &OneOnOne, slots: &Slots) -> Markup {
    html! {
        @if !slots.slots.is_empty() {
            section.card #slots { header { h2 { "Times that suit" } }
                div.body { form.stack.tight method="post" action={ (place(one_on_one.id)) "/date" } {
                    (token(cx))
                    p.muted { (turns(cx, one_on_one, slots)) }
                    div.row.wrap { @for slot in &slots.slots {
                        button.button name="slot" value=(slot.starts_at) { (parts::both_clocks(cx, one_on_one, slot.starts_at)) }
                    } }
                } }
            }
        }
    }
}

fn turns(cx: &Cx, one_on_one: &OneOnOne, slots: &Slots) -> String {
    let outside: Vec<_> = slots.slots.first().map(|slot| slot.outside.iter().collect()).unwrap_or_default();
    let carried = slots.carried.iter().map(|one| {
        let name = one_on_one.party(one.person_id).first_name();
        format!("{name} {}", ui::minutes(one.minutes))
    });
    match outside.as_slice() {
        [] => "Inside the hours of you both.".to_owned(),
        [one] => {
            let whose = match one.person_id == cx.actor().person {
                true => "your turn to be outside of your hours".to_owned(),
                false => format!("{}'s turn to be outside of theirs", one_on_one.party(one.person_id).first_name()),
            };
            let carried = carried.collect::<Vec<_>>().join(", ");
            format!("You share no hour. It is {whose}; in the last half year: {carried}.")
        }
        _ => "You share no hour, and these are outside of the hours of you both.".to_owned(),
    }
}

fn view(cx: &Cx, one_on_one: &OneOnOne, form: &Form, slots: &Slots) -> Markup {
    let (title, place) = (one_on_one.title(), place(one_on_one.id));
    let crumbs = vec![("/one-on-ones", "One-on-ones"), (place.as_str(), title.as_str())];
    let them = one_on_one.facing(cx.actor().person);
    let lead = format!("{} is in {}. Who moves a date is kept, and you both see it.", them.first_name(), them.place());
    html! {
        (Head { crumbs, title: "The next one", lead: &lead, ..Head::default() }.show())
        div.stack {
            (proposals(cx, one_on_one, slots))
            form.form method="post" action={ (place) "/date" } data-guard {
                (token(cx)) (form.summary())
                div.field-row {
                    (form.input("date", "date", "Date", "", false))
                    (form.input("time", "time", "Time", "", false))
                }
                p.hint { "On your clock, " (cx.viewer.zone_name) "." }
                (form.optional("reason", "Why it moves", "One line, for the two of you."))
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { "Save" }
                    button.button name="writing" value="yes" formnovalidate { "Do it in writing instead" }
                    a.button.quiet href=(place) { "Cancel" }
                }
            }
        }
    }
}
