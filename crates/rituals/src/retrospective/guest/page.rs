//! The pages of a guest. The secret of a link is exchanged for a cookie at once, so that it stands in no page, and one that
//! opens no board any more looks like one that never did.
use super::{
    AddGuestCard, DropGuestCard, EnterBoard, FindDoor, GuestBoard, RemarkAsGuest, ShowGuestBoard, VoteAsGuest, remark,
};
use crate::retrospective::{Board, Card, Column, Phase, Retrospective, ShowBoard, Topic, board_page::cards_of};
use axum::{
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Door, Error, Id, Json, Operation, Result, Time, json, parse};
use people::account::visitor::Visitor;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, chip, cookie, html, icon, prose, token};

/// `GET /guests/{secret}`
pub async fn arrive(headers: HeaderMap, cx: Cx) -> Answer {
    let secret = cx.text("secret").to_owned();
    let door = match cx.site.app.call(&stranger(&cx), FindDoor { secret: secret.clone() }).await {
        Ok(door) => door,
        Err(Error::NotFound) => return Ok(over(&cx)),
        Err(error) => return Err(error.into()),
    };
    let board = door.retrospective;
    if cx.actor().belongs() && cx.may(ShowBoard { retrospective: board.id }).await? {
        return Ok(Redirect::to(&board.place()).into_response());
    }
    let mut response = Redirect::to(&place(board.id)).into_response();
    if !has_come_in(&headers, &cx, board.id).await? {
        keep(&cx, &mut response, board.id, &Pass::Link(secret), door.ends_at);
    }
    Ok(response)
}

/// Whether this browser is a guest of the board already: who opens the link again stays the same guest.
async fn has_come_in(headers: &HeaderMap, cx: &Cx, board: Id<Retrospective>) -> Result<bool> {
    let Some(Pass::Guest(secret)) = Pass::read(headers, &board.to_string()) else { return Ok(false) };
    match cx.site.app.call(&stranger(cx), ShowGuestBoard { retrospective: board, secret }).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What a guest's browser shows of itself at a board: before they have come in, and from then on.
enum Pass {
    Link(String),
    Guest(String),
}

impl Pass {
    fn read(headers: &HeaderMap, board: &str) -> Option<Pass> {
        let (kind, secret) = cookie::read(headers, &format!("guest-{board}"))?.split_once('.')?;
        match kind {
            "link" => Some(Pass::Link(secret.to_owned())),
            "guest" => Some(Pass::Guest(secret.to_owned())),
            _ => None,
        }
    }
}

/// What the browser of a guest shows of itself at a board, once they have come in.
pub fn secret(headers: &HeaderMap, board: Id<Retrospective>) -> Option<String> {
    match Pass::read(headers, &board.to_string()) {
        Some(Pass::Guest(secret)) => Some(secret),
        _ => None,
    }
}

fn keep(cx: &Cx, response: &mut Response, board: Id<Retrospective>, pass: &Pass, ends_at: Time) {
    let seconds = ((ends_at.0 - cx.now().0) / 1_000_000).max(0).unsigned_abs();
    let value = match pass {
        Pass::Link(secret) => format!("link.{secret}"),
        Pass::Guest(secret) => format!("guest.{secret}"),
    };
    response.headers_mut().append(SET_COOKIE, cookie::set(&format!("guest-{board}"), &value, seconds));
}

/// A guest is nobody's account, also in a browser in which somebody is signed in.
fn stranger(cx: &Cx) -> Actor {
    Actor::stranger(cx.site.workspace, Door::Page)
}

fn place(board: Id<Retrospective>) -> String {
    format!("/guest-boards/{board}")
}

/// `GET /guest-boards/{retrospective}`
pub async fn show(headers: HeaderMap, cx: Cx) -> Answer {
    match Pass::read(&headers, cx.text("retrospective")) {
        Some(Pass::Link(secret)) => door(&cx, secret, &Form::default(), StatusCode::OK).await,
        Some(Pass::Guest(secret)) => board(&cx, secret, &Form::default(), StatusCode::OK).await,
        None => Ok(over(&cx)),
    }
}

/// `POST /guest-boards/{retrospective}/name`
pub async fn enter(headers: HeaderMap, visitor: Visitor, form: Submitted) -> Answer {
    let Some(Pass::Link(secret)) = Pass::read(&headers, form.cx.text("retrospective")) else {
        return Ok(over(&form.cx));
    };
    let given = json!({ "secret": secret, "name": form.text("name"), "address": visitor.address });
    let entered = async { form.cx.site.app.call(&stranger(&form.cx), parse::<EnterBoard>(given)?).await };
    match entered.await {
        Ok(arrived) => {
            let board = board_of(&form)?;
            let mut response = form.go(&place(board), Flash::says("Welcome."));
            keep(&form.cx, &mut response, board, &Pass::Guest(arrived.secret), arrived.ends_at);
            Ok(response)
        }
        Err(Error::NotFound) => Ok(over(&form.cx)),
        Err(error) => {
            let state = form.refused(error)?;
            door(&form.cx, secret, &state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn board_of(form: &Submitted) -> Result<Id<Retrospective>> {
    form.cx.text("retrospective").parse().map_err(|_| Error::NotFound)
}

/// `POST /guest-boards/{retrospective}/cards`
pub async fn add(headers: HeaderMap, form: Submitted) -> Answer {
    let given = json!({ "column": form.text("column"), "body": form.text("body") });
    done::<AddGuestCard>(&headers, &form, given, "Your card is on the board. Others see it when this phase ends.").await
}

/// `POST /guest-boards/{retrospective}/cards/{card}/removal`
pub async fn remove(headers: HeaderMap, form: Submitted) -> Answer {
    done::<DropGuestCard>(&headers, &form, json!({ "card": form.cx.text("card") }), "Taken back.").await
}

/// `POST /guest-boards/{retrospective}/topics/{topic}/votes`
pub async fn vote(headers: HeaderMap, form: Submitted) -> Answer {
    let votes = form.text("votes").parse::<i64>().unwrap_or(-1);
    let given = json!({ "topic": form.cx.text("topic"), "votes": votes });
    done::<VoteAsGuest>(&headers, &form, given, "Your votes are counted.").await
}

/// `POST /guest-boards/{retrospective}/topics/{topic}/remarks`
pub async fn remark(headers: HeaderMap, form: Submitted) -> Answer {
    let given = json!({ "topic": form.cx.text("topic"), "body": form.text("body") });
    done::<RemarkAsGuest>(&headers, &form, given, "Said.").await
}

/// Does what a guest wants, and shows the board again.
async fn done<O: Operation>(headers: &HeaderMap, form: &Submitted, mut given: Json, words: &str) -> Answer {
    let Some(Pass::Guest(secret)) = Pass::read(headers, form.cx.text("retrospective")) else {
        return Ok(over(&form.cx));
    };
    given["retrospective"] = json!(board_of(form)?);
    given["secret"] = json!(secret);
    let wanted = async { form.cx.site.app.call(&stranger(&form.cx), parse::<O>(given)?).await };
    match wanted.await {
        Ok(_) => Ok(form.go(&place(board_of(form)?), Flash::says(words))),
        Err(Error::NotFound) => Ok(over(&form.cx)),
        Err(error) => {
            let state = form.refused(error)?;
            board(&form.cx, secret, &state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The same for a link that has ended and one that never was.
fn over(cx: &Cx) -> Response {
    let body = html! {
        h1 { "This link does not work" }
        p.lead { "It has ended, or it was not copied whole. Ask whoever gave it to you for another one." }
    };
    alone(cx, StatusCode::NOT_FOUND, "This link does not work", body)
}

fn alone(cx: &Cx, status: StatusCode, title: &str, body: Markup) -> Response {
    (status, ui::alone(title, "", cx.viewer.theme, body)).into_response()
}

async fn door(cx: &Cx, secret: String, form: &Form, status: StatusCode) -> Answer {
    let door = match cx.site.app.call(&stranger(cx), FindDoor { secret }).await {
        Ok(door) => door,
        Err(Error::NotFound) => return Ok(over(cx)),
        Err(error) => return Err(error.into()),
    };
    let board = &door.retrospective;
    let body = html! {
        h1 { (board.name) }
        p.lead { "The team " (board.team_name) " looks back, and you are invited to take part." @if !board.about.is_empty() { " " (board.about) } }
        form.form method="post" action={ (place(board.id)) "/name" } {
            (form.summary()) (token(cx))
            @if board.anonymous { p { "No card has a name on this board, and you need none. What you write is not stored with anything that is yours." } }
            @else { (form.text("name", "Your name", "The others see it with what you write.")) }
            div.buttons { button.button.primary { "Take part" } }
        }
        p.small.muted { "You see this board alone. A cookie keeps your place in this browser until " (ui::day_and_time(door.ends_at, &cx.viewer.zone)) " " (cx.viewer.zone_name) "." }
    };
    Ok(alone(cx, status, &board.name, body))
}

async fn board(cx: &Cx, secret: String, form: &Form, status: StatusCode) -> Answer {
    let Ok(retrospective) = cx.text("retrospective").parse() else { return Ok(over(cx)) };
    match cx.site.app.call(&stranger(cx), ShowGuestBoard { retrospective, secret }).await {
        Ok(view) => {
            let (title, live) = (&view.board.retrospective.name, format!("{}/live", place(retrospective)));
            Ok((status, ui::alone_and_live(title, cx.viewer.theme, &live, page(cx, &view, form))).into_response())
        }
        Err(Error::NotFound) => Ok(over(cx)),
        Err(error) => Err(error.into()),
    }
}

fn page(cx: &Cx, view: &GuestBoard, form: &Form) -> Markup {
    let board = &view.board.retrospective;
    html! {
        div.stack.broad {
            header { h1 { (board.name) }
                p.lead { (board.team_name) ". " (board.format.title()) "." @if !board.about.is_empty() { " " (board.about) } } }
            @if let Some(flash) = &cx.flash {
                div.flashes data-turbo-temporary { flash-message.flash.good { p role="status" { (flash.sentence) } } }
            }
            (form.summary())
            (steps(cx, view))
            @match board.phase {
                Phase::Collect => { @for column in &view.board.columns { (collect(cx, &view.board, column, form)) } },
                Phase::Vote => { (voting(cx, &view.board)) },
                Phase::Group | Phase::Discuss | Phase::Done => { @for topic in &view.board.topics { (one_topic(cx, view, topic)) } },
            }
            p.no-script { a.button href=(place(board.id)) { "See what is new" } }
        }
    }
}

fn steps(cx: &Cx, view: &GuestBoard) -> Markup {
    let board = &view.board.retrospective;
    let what = match board.phase {
        Phase::Collect => "Write cards. Nobody sees those of others before this phase ends.",
        Phase::Group => "The team puts cards together that say the same.",
        Phase::Vote => "Vote for what is worth talking about.",
        Phase::Discuss => "Say what you think of the topics. Guests and the team read it.",
        Phase::Done => "The board is done. This is what came of it.",
    };
    html! {
        div.steps { @for phase in Phase::ALL.iter().filter(|phase| **phase != Phase::Done) {
            div.done[*phase < board.phase] aria-current=[(*phase == board.phase).then_some("step")] { (phase.title())
                @if *phase == board.phase && let Some(at) = board.phase_ends_at { span { "until " (ui::day_and_time(at, &cx.viewer.zone)) } } }
        } }
        p { (what) }
        p.small.muted { @if view.name.is_empty() { "No card has a name here. It is not stored either." } @else { "You are here as " (view.name) "." } }
    }
}

fn collect(cx: &Cx, view: &Board, column: &Column, form: &Form) -> Markup {
    let here = place(view.retrospective.id);
    let field = format!("card-{}", column.id);
    let typed = if form.holds("column", &column.id.to_string()) { form.value("body") } else { "" };
    html! {
        section.card { header { h2 { (column.title) } }
            div.body.stack.tight {
                @if !column.hint.is_empty() { p.muted { (column.hint) } }
                @for card in view.cards.iter().filter(|card| card.column_id == column.id) {
                    div.ask id={ "card-" (card.id) } { div.grow.prose.compact { (prose(&card.body)) }
                        form method="post" action={ (here) "/cards/" (card.id) "/removal" } { (token(cx))
                            button.button.quiet.icon-only aria-label="Take this card back" title="Take it back" { (icon("x")) } } }
                }
                form.form.wide method="post" action={ (here) "/cards" } autocomplete="off" data-guard {
                    (token(cx)) input type="hidden" name="column" value=(column.id);
                    div.field { label.vh for=(field) { "A card for " (column.title) } textarea id=(field) name="body" rows="2" { (typed) } }
                    div.buttons { button.button.small { "Add the card" } }
                }
            } }
    }
}

fn voting(cx: &Cx, view: &Board) -> Markup {
    let board = &view.retrospective;
    let left = board.votes_each - view.votes.iter().map(|one| one.own).sum::<i64>();
    html! {
        p { strong { (left) } " of your " (board.votes_each) " votes are left. The sums show when this phase ends." }
        section.card #votes { ul.list.plain { @for topic in &view.topics {
            @let own = view.votes_of(topic).map_or(0, |one| one.own);
            li id={ "topic-" (topic.id) } {
                div.what.wrap { @for card in cards_of(view, topic) { (one_card(card)) } }
                div.row {
                    @if own > 0 { (chip("info", &votes(own))) }
                    (ballot(cx, topic, own - 1, "Take one back from", "chevron-down", own > 0))
                    (ballot(cx, topic, own + 1, "Vote for", "chevron-up", left > 0))
                }
            }
        } } }
    }
}

fn ballot(cx: &Cx, topic: &Topic, votes: i64, what: &str, sign: &str, open: bool) -> Markup {
    html! {
        form method="post" action={ (place(topic.retrospective_id)) "/topics/" (topic.id) "/votes" } {
            (token(cx)) input type="hidden" name="votes" value=(votes);
            button.button.icon-only disabled[!open] aria-label={ (what) " this topic" } title=(what) { (icon(sign)) }
        }
    }
}

fn votes(count: i64) -> String {
    if count == 1 { "1 vote".into() } else { format!("{count} votes") }
}

fn one_card(card: &Card) -> Markup {
    html! { div.prose.compact { (prose(&card.body)) } @if let Some(name) = &card.author_name { p.small.muted { (name) } } }
}

fn one_topic(cx: &Cx, view: &GuestBoard, topic: &Topic) -> Markup {
    let board = &view.board.retrospective;
    let all = view.board.votes_of(topic).and_then(|one| one.all).filter(|all| *all > 0);
    html! {
        section.card id={ "topic-" (topic.id) } {
            header { h2 { (view.board.title(topic)) } @if let Some(all) = all { span.right { (chip("info", &votes(all))) } } }
            div.body.stack.tight {
                @for card in cards_of(&view.board, topic) { (one_card(card)) }
                @if !topic.outcome.is_empty() { h3 { "What was decided" } div.prose { (prose(&topic.outcome)) } }
            }
            @if board.phase != Phase::Group { (remark::said(cx, &view.remarks, topic.id)) }
            @if board.phase == Phase::Discuss { (saying(cx, topic)) }
        }
    }
}

fn saying(cx: &Cx, topic: &Topic) -> Markup {
    let field = format!("remark-{}", topic.id);
    html! {
        div.body { form.form.wide method="post" action={ (place(topic.retrospective_id)) "/topics/" (topic.id) "/remarks" } data-guard {
            (token(cx))
            div.field { label.vh for=(field) { "Say something about this topic" } textarea id=(field) name="body" rows="2" {} }
            div.buttons { button.button.small { "Say it" } }
        } }
    }
}
