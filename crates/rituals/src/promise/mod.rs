//! Promises: what one of two said they would do. They come back until they are kept or released.
mod change;
mod document;
mod make;
mod settle;

pub use change::{KeepPromise, ReleasePromise, ReopenPromise};
pub use document::RECORD;
pub use make::MakePromise;
pub(crate) use settle::{declined, done, reopened, withdrawn};

use crate::{
    clock::evening,
    one_on_one::{OneOnOne, View, place},
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Due, Error, Id, NewAsk, Person, Reference, Result, Silence, Time, Tx, Verb, args, columns, sql, words};
use schemars::JsonSchema;
use serde::Serialize;
use ui::{Cx, Form, Markup, Pages, ago, chip, face, html, icon, token};

words! {
    pub enum PromiseState {
        Open = "open",
        Kept = "kept",
        Released = "released",
    }
}

/// Something that one of the two promised the other.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Promise {
    pub id: Id<Promise>,
    pub one_on_one_id: Id<OneOnOne>,
    pub owner_id: Id<Person>,
    pub other_id: Id<Person>,
    pub body: String,
    pub due_on: Option<Date>,
    pub made_at: Time,
    pub state: PromiseState,
    /// Why it was released.
    pub reason: String,
    pub ended_at: Option<Time>,
    /// An ask about it is open, in the owner's inbox.
    pub asked: bool,
}
columns!(Promise { id, one_on_one_id, owner_id, other_id, body, due_on, made_at, state, reason, ended_at, asked });

const SELECT: &str =
    "select id, one_on_one_id, owner_id, other_id, body, due_on, made_at, state, reason, ended_at, asked
       from promises ";

impl Promise {
    /// The promise and the one-on-one that it is in, if the actor is one of the two.
    async fn visible(tx: &mut Tx<'_>, id: Id<Promise>) -> Result<(OneOnOne, Promise)> {
        let select = sql!(SELECT, "where workspace_id = $1 and id = $2");
        let promise: Promise = tx.one(select, args![tx.workspace(), id]).await?;
        Ok((OneOnOne::visible(tx, promise.one_on_one_id).await?, promise))
    }

    fn record(&self) -> Reference {
        Reference::to("promise", self.id)
    }
}

/// Those of a one-on-one: the open ones, then so many of the latest that ended.
pub(crate) async fn of(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>) -> Result<Vec<Promise>> {
    let select = sql!(
        SELECT,
        "where workspace_id = $1 and one_on_one_id = $2
          order by case when state = 'open' then 0 else 1 end, coalesce(ended_at, 0) desc, made_at, id limit 60"
    );
    tx.all(select, args![tx.workspace(), one_on_one]).await
}

/// Puts the promise into its owner's inbox. It is due at the end of its day where the owner is, or with the next one.
async fn ask(tx: &mut Tx<'_>, one_on_one: &OneOnOne, promise: &Promise, next_at: Option<Time>) -> Result<()> {
    let owner = one_on_one.party(promise.owner_id);
    let to = one_on_one.party(promise.other_id).first_name();
    let day = promise.due_on.and_then(|day| evening(day, owner.zone));
    let later = |at: &Time| *at > tx.now();
    let due = day.filter(later).or(next_at.filter(later)).map_or(Due::Days(5), Due::Moment);
    tx.ask(&NewAsk {
        to: vec![owner.id],
        from: Some(promise.other_id),
        verb: Verb::Answer,
        subject: format!("Promise to {to}: {}", promise.body),
        about: Some(promise.record()),
        due: Some(due),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })?;
    let update = sql!("update promises set asked = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), promise.id, true]).await?;
    Ok(())
}

/// The open promises that are in nobody's inbox any more are asked for again, until the next one.
pub(crate) async fn come_back(tx: &mut Tx<'_>, one_on_one: &OneOnOne, next_at: Option<Time>) -> Result<()> {
    for promise in of(tx, one_on_one.id).await? {
        if promise.state == PromiseState::Open && !promise.asked {
            ask(tx, one_on_one, &Promise { due_on: None, ..promise }, next_at).await?;
        }
    }
    Ok(())
}

fn refuse_past(tx: &Tx<'_>, due_on: Option<Date>, zone: &str) -> Result<()> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    match due_on {
        Some(day) if day < tx.now().date(&zone) => {
            Err(Error::invalid("due_on", "This day is over; choose a later one."))
        }
        _ => Ok(()),
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .post("/one-on-ones/{one_on_one}/promises", make::save)
        .get("/promises/{promise}", document::show)
        .post("/promises/{promise}/kept", change::keep)
        .post("/promises/{promise}/released", change::release)
        .post("/promises/{promise}/reopened", change::reopen)
}

/// The promises on the page of a one-on-one.
pub(crate) fn card(cx: &Cx, view: &View, refused: Option<&Form>) -> Markup {
    let last = view.last().and_then(|last| last.ended_at);
    let recent = |promise: &&Promise| {
        promise.state == PromiseState::Open || last.is_none_or(|last| promise.ended_at.is_some_and(|at| at >= last))
    };
    let shown: Vec<&Promise> = view.promises.iter().filter(recent).collect();
    html! {
        section.card #promises {
            header { h2 { "Promises" } }
            @if shown.is_empty() {
                div.body { p.muted { "None open. A promise stays here, and in its owner's inbox, until it is kept or released." } }
            } @else {
                ul.list { @for promise in shown { (line(cx, view, promise)) } }
            }
            @if view.one_on_one.ended_at.is_none() {
                div.body { details.fold open[refused.is_some()] { summary { "Write down a promise" } div.body { (form(cx, view, refused)) } } }
            }
        }
    }
}

fn line(cx: &Cx, view: &View, promise: &Promise) -> Markup {
    let owner = view.one_on_one.party(promise.owner_id);
    let open = promise.state == PromiseState::Open;
    html! {
        li id={ "promise-" (promise.id) } {
            (face(&owner.id, owner.name, owner.photo, ""))
            div.what.wrap {
                p { @if open { (promise.body) } @else { s { (promise.body) } } }
                p.small.muted { (standing(cx, promise)) }
                @if open && view.one_on_one.ended_at.is_none() { (release(cx, promise)) }
            }
            @if view.one_on_one.ended_at.is_none() { (button(cx, promise)) }
        }
    }
}

fn standing(cx: &Cx, promise: &Promise) -> Markup {
    let since = ago(promise.made_at, cx.now(), &cx.viewer.zone);
    match (promise.state, promise.due_on) {
        (PromiseState::Kept, _) => html! { "Kept" },
        (PromiseState::Released, _) if promise.reason.is_empty() => html! { "Released" },
        (PromiseState::Released, _) => html! { "Released: " (promise.reason) },
        (PromiseState::Open, Some(day)) if day < cx.today() => {
            html! { (chip("warn", &format!("Was due {}", ui::date(day, cx.today())))) }
        }
        (PromiseState::Open, Some(day)) => html! { "By " (ui::date(day, cx.today())) },
        (PromiseState::Open, None) => html! { "Since " (since) },
    }
}

fn release(cx: &Cx, promise: &Promise) -> Markup {
    let field = format!("release-{}", promise.id);
    html! {
        details.fold { summary { "Release" } div.body {
            form.form.wide method="post" action={ "/promises/" (promise.id) "/released" } {
                (token(cx))
                div.field { label for=(field) { "Why" } input id=(field) name="reason" type="text" required; }
                div.buttons { button.button.small { "Release it" } }
            }
        } }
    }
}

fn button(cx: &Cx, promise: &Promise) -> Markup {
    let (action, label, sign) = match promise.state {
        PromiseState::Open => ("kept", "Kept", "check"),
        _ => ("reopened", "Open again", "undo"),
    };
    html! {
        form method="post" action={ "/promises/" (promise.id) "/" (action) } {
            (token(cx))
            button.button.quiet.icon-only aria-label=(label) title=(label) { (icon(sign)) }
        }
    }
}

fn form(cx: &Cx, view: &View, refused: Option<&Form>) -> Markup {
    let (me, them) = (cx.actor().person, view.one_on_one.facing(cx.actor().person));
    let form = refused.cloned().unwrap_or_else(|| Form::of([("owner", me.to_string())]));
    let owners = [(me.to_string(), "You".to_owned()), (them.id.to_string(), them.first_name().to_owned())];
    html! {
        form.form.wide method="post" action={ (place(view.one_on_one.id)) "/promises" } data-guard {
            (token(cx))
            (form.text("body", "What", ""))
            (form.select("owner", "Who", "", None, &owners))
            (form.input("date", "due_on", "By", "", true))
            div.buttons { button.button.primary { "Promise" } }
        }
    }
}
