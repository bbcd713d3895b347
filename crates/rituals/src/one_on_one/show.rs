use super::{
    Answered, Meeting, MeetingState, Move, Notes, OneOnOne, Point, PointState, Reply, attendance, meeting, notes,
    parts, point, templates,
};
use crate::{
    note,
    promise::{self, Promise},
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Form, Head, Markup, Submitted, chip, face, html, token};

/// A one-on-one with all that is open in it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowOneOnOne {
    pub one_on_one: Id<OneOnOne>,
}

/// What the two see.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct View {
    pub one_on_one: OneOnOne,
    /// The open ones in the order in which they were added, then those that ended, the latest first.
    pub points: Vec<Point>,
    pub replies: Vec<Reply>,
    /// The next one, then those of before, the latest first.
    pub meetings: Vec<Meeting>,
    /// How dates were moved, the latest first.
    pub moves: Vec<Move>,
    pub notes: Vec<Notes>,
    pub promises: Vec<Promise>,
    /// What calendars answered of the date of the next one.
    pub answers: Vec<Answered>,
}

impl View {
    pub fn next(&self) -> Option<&Meeting> {
        self.meetings.iter().find(|meeting| meeting.state == MeetingState::Open)
    }

    /// The last one in which the two talked or wrote.
    pub fn last(&self) -> Option<&Meeting> {
        self.meetings.iter().find(|meeting| meeting.was_held())
    }
}

impl Operation for ShowOneOnOne {
    const NAME: &str = "one_on_one.show";
    const ROUTE: Route = Route(Get, "/one-on-ones/{one_on_one}");
    const READS: bool = true;
    type Target = OneOnOne;
    type Output = View;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<View> {
        let points = point::of(tx, one_on_one.id).await?;
        Ok(View {
            replies: point::replies(tx, &points).await?,
            meetings: meeting::of(tx, one_on_one.id).await?,
            moves: meeting::moves(tx, one_on_one.id).await?,
            notes: notes::of(tx, one_on_one.id).await?,
            promises: promise::of(tx, one_on_one.id).await?,
            answers: attendance::of(tx, one_on_one.id).await?,
            points,
            one_on_one,
        })
    }
}

/// Finds the one-on-one of a point, for the point's page.
#[derive(Deserialize, JsonSchema)]
pub(super) struct OfPoint {
    pub point: Id<Point>,
}

impl Operation for OfPoint {
    const NAME: &str = "talking_point.place";
    const ROUTE: Route = Route(Get, "/talking-points/{point}/place");
    const READS: bool = true;
    type Target = (OneOnOne, Point);
    type Output = Id<OneOnOne>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Point::visible(tx, self.point).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, _: &mut Tx<'_>, (one_on_one, _): Self::Target) -> Result<Id<OneOnOne>> {
        Ok(one_on_one.id)
    }
}

/// `GET /one-on-ones/{one_on_one}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowOneOnOne>().await?;
    let (title, topic) = (view.one_on_one.title(), view.one_on_one.id.to_string());
    let own = note::card(&cx, view.one_on_one.id).await?;
    Ok(cx.live_page(&title, &[&topic], page(&cx, &view, None, own)))
}

/// The page once more, with what was typed and is to be mended.
pub(crate) async fn again(form: &Submitted, error: Error) -> Answer {
    let state = form.refused(error)?;
    let view = form.cx.read_here::<ShowOneOnOne>().await?;
    let own = note::card(&form.cx, view.one_on_one.id).await?;
    Ok(form.again(&view.one_on_one.title(), page(&form.cx, &view, Some(&state), own)))
}

fn page(cx: &Cx, view: &View, refused: Option<&Form>, own: Markup) -> Markup {
    let one_on_one = &view.one_on_one;
    let them = one_on_one.facing(cx.actor().person);
    let title = one_on_one.title();
    let lead = format!("{}. Only the two of you can read this.", one_on_one.relation(cx.actor().person));
    let next_notes = view.next().and_then(|next| view.notes.iter().find(|notes| notes.meeting_id == next.id));
    html! {
        (Head {
            crumbs: vec![("/one-on-ones", "One-on-ones")],
            title: &title,
            lead: &lead,
            face: Some(face(&them.id, them.name, them.photo, "xl")),
            actions: Some(actions(cx, view)),
        }.show())
        div.stack {
            @if let Some(form) = refused { (form.summary()) }
            (state(view))
            div.cols {
                div.stack {
                    (points(cx, view, refused))
                    (notes::card(cx, one_on_one, next_notes, refused.filter(|form| form.has("version"))))
                    (own)
                }
                div.stack {
                    (promise::card(cx, view, refused.filter(|form| form.has("owner"))))
                    (meetings(cx, view))
                }
            }
        }
    }
}

fn actions(cx: &Cx, view: &View) -> Markup {
    let place = super::place(view.one_on_one.id);
    html! {
        @match view.next().and_then(|next| next.starts_at) {
            Some(at) => { (chip("info", &parts::both_clocks(cx, &view.one_on_one, at))) },
            None => { (chip("", "In writing")) },
        }
        (attendance::chips(cx, view))
        @if view.one_on_one.ended_at.is_none() {
            a.button href={ (place) "/date" } { @if view.next().is_some_and(|next| next.starts_at.is_some()) { "Move" } @else { "Set a date" } }
        }
        a.button.quiet href={ (place) "/preparation" } { "Prepare" }
        a.button.quiet href={ (place) "/settings" } { "How you talk" }
    }
}

fn state(view: &View) -> Markup {
    let one_on_one = &view.one_on_one;
    let them = one_on_one.other().first_name().to_owned();
    html! {
        @if one_on_one.ended_at.is_some() {
            div.ask { p.grow { strong { "This one-on-one was ended." } " You both can still read it." }
                a.button href={ (super::place(one_on_one.id)) "/settings" } { "Take it up again" } }
        } @else if !one_on_one.runs {
            div.ask { p.grow { strong { (them) " has another manager now." } " This page stays between the two of you; the new manager does not see it." }
                a.button href={ (super::place(one_on_one.id)) "/settings" } { "End it" } }
        }
    }
}

fn points(cx: &Cx, view: &View, refused: Option<&Form>) -> Markup {
    let next = view.next().map(|next| next.id);
    let shown: Vec<&Point> =
        view.points.iter().filter(|point| point.state == PointState::Open || point.meeting_id == next).collect();
    let form = match refused.filter(|form| form.has("body") && !form.has("version")) {
        Some(form) => form.clone(),
        None => Form::default(),
    };
    let place = super::place(view.one_on_one.id);
    html! {
        section.card #points {
            header { h2 { "To talk about" } span.right.small.muted { "Either of you can add, at any time" } }
            @if shown.is_empty() {
                div.body { p.muted { "Nothing yet. What you add here waits until it is talked about, whether or not the date moves." } }
            } @else {
                ul.list { @for point in shown { (parts::point(cx, view, point)) } }
            }
            @if view.one_on_one.ended_at.is_none() {
                div.body.stack.tight {
                    form.form.wide method="post" action={ (place) "/points" } data-guard {
                        (token(cx))
                        div.field {
                            label for="point-body" { "Add a talking point" }
                            textarea id="point-body" name="body" rows="2" { (form.value("body")) }
                            @if let Some(sentence) = form.flaw("body") { p.error { (sentence) } }
                        }
                        div.buttons {
                            button.button.primary data-key="mod+enter" { "Add" }
                            a.button.quiet href={ (place) "/questions" } { "Question bank" }
                        }
                    }
                    details.fold { summary { "Begin with a template" } div.body { (templates::choices(cx, &view.one_on_one)) } }
                }
            }
        }
    }
}

fn meetings(cx: &Cx, view: &View) -> Markup {
    let place = super::place(view.one_on_one.id);
    html! {
        section.card #meetings {
            header { h2 { "When you talked" } a.right.small href={ (place) "/past" } { "Rhythm and notes" } }
            ul.list.plain {
                @for meeting in view.meetings.iter().filter(|meeting| meeting.state != MeetingState::Open).take(4) {
                    li { div.what {
                        p { a href={ (place) "/past#meeting-" (meeting.id) } { (ui::date(meeting.at().date(&cx.viewer.zone), cx.today())) } }
                        p.small.muted { (parts::how(meeting)) }
                    } }
                }
                @if view.meetings.len() < 2 { li { div.what { p.muted { "Not yet." } } } }
            }
            @if view.one_on_one.ended_at.is_none() {
                footer.stack.tight {
                    form method="post" action={ (place) "/held" } {
                        (token(cx))
                        div.row.wrap {
                            button.button.small name="how" value="called" { "We talked" }
                            button.button.small name="how" value="written" { "Done in writing" }
                            button.button.small.quiet name="how" value="skipped" { "Skip" }
                        }
                    }
                }
            }
        }
    }
}
