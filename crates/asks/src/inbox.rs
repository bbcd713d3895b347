//! The inbox: the piles that everyone has, and what one can do about what lies on them.
use crate::ask::{Ask, AskPage, ListAsks, Pile, ShowAsk, State, due_chip, panel, what};
use jiff::Span;
use kernel::{Error, Id, Person, Result};
use people::person::choices::Picker;
use ui::{Answer, Cx, Form, Head, Markup, Pages, Submitted, avatar, chip, empty, html};

pub fn pages() -> Pages {
    Pages::new().get("/inbox", inbox)
}

/// So many asks are in the page at first; the rest comes while one scrolls.
const AT_FIRST: i64 = 100;

/// `GET /inbox`
async fn inbox(cx: Cx) -> Answer {
    page(&cx, &Form::default()).await
}

async fn page(cx: &Cx, state: &Form) -> Answer {
    let pile = pile(cx)?;
    let list = ListAsks { pile: Some(pile), after: cx.text("after").to_owned(), limit: Some(AT_FIRST) };
    let list = cx.read(list).await?;
    if cx.text("part") == "rows" {
        return Ok(cx.page("Inbox", more(cx, pile, &list)));
    }
    let body = html! {
        (Head { title: "Inbox", lead: "Everything that waits for an answer, in working hours.", actions: Some(actions()), ..Head::default() }.show())
        (tabs(pile, &list))
        (state.summary())
        div.cols.panel {
            div.stack { (lists(cx, pile, &list)) }
            turbo-frame #panel target="_top" data-turbo-action="replace" { (selected(cx, pile).await?) }
        }
    };
    Ok(cx.live_page("Inbox", &[&topic(cx)], body))
}

/// The topic to which a page with the reader's asks listens.
pub fn topic(cx: &Cx) -> String {
    crate::ask::inbox_topic(cx.actor().person)
}

fn pile(cx: &Cx) -> Result<Pile> {
    match cx.text("pile") {
        "" => Ok(Pile::Owe),
        word => word.parse().map_err(|_| Error::NotFound),
    }
}

/// The page once more, with what was wrong about a form of it.
pub(crate) async fn again(form: Submitted, error: Error) -> Answer {
    let state = form.refused(error)?;
    let mut answer = page(&form.cx, &state).await?;
    *answer.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

fn actions() -> Markup {
    html! {
        a.button href="/me/delivery" { "How I hear of asks" }
        a.button.primary href="/asks/new" data-key="c" data-key-label="Ask somebody" { "Ask" kbd { "C" } }
    }
}

fn tabs(now: Pile, list: &AskPage) -> Markup {
    let counts = &list.counts;
    let tabs = [
        (Pile::Owe, "I owe", Some(counts.owe)),
        (Pile::Owed, "I am owed", Some(counts.owed)),
        (Pile::Read, "To read", Some(counts.read)),
        (Pile::Snoozed, "Out of sight", Some(counts.snoozed).filter(|count| *count > 0)),
        (Pile::Ended, "Done", None),
        (Pile::Answers, "Answers", None),
    ];
    html! {
        nav.tabs aria-label="Piles" { @for (pile, words, count) in tabs {
            a href={ "/inbox?pile=" (pile.word()) } aria-current=[(pile == now).then_some("page")] {
                (words) @if let Some(count) = count { " " span.count { (count) } }
            }
        } }
    }
}

fn lists(cx: &Cx, pile: Pile, list: &AskPage) -> Markup {
    if list.asks.is_empty() && cx.text("after").is_empty() {
        return nothing(pile);
    }
    let triage = matches!(pile, Pile::Owe | Pile::Read | Pile::Snoozed);
    html! {
        @if triage {
            triage-list { form #triage method="post" action="/asks/done" {
                // Enter in one of the fields below presses the first button of the form: this one, which does nothing.
                button disabled hidden {}
                (ui::token(cx))
                input type="hidden" name="back" value={ "/inbox?pile=" (pile.word()) };
                (more(cx, pile, list))
                (tools(pile))
            } }
        } @else {
            (more(cx, pile, list))
        }
    }
}

/// The asks of this page, and the place into which the next ones come, so that all are lines of one form.
fn more(cx: &Cx, pile: Pile, list: &AskPage) -> Markup {
    html! {
        turbo-frame.stack id={ "rows-" (cx.text("after")) } target="_top" refresh="morph" {
            (groups(cx, pile, list))
            @if let Some(next) = &list.next {
                @let href = format!("/inbox?pile={}&after={next}", pile.word());
                turbo-frame id={ "rows-" (next) } src={ (href) "&part=rows" } loading="lazy" refresh="morph" target="_top" {
                    div.pages { a.button rel="next" href=(href) { "Show more" } }
                }
            }
        }
    }
}

fn nothing(pile: Pile) -> Markup {
    match pile {
        Pile::Owe => empty("Nothing waits on you. What others ask of you appears here, by its due time.", None),
        Pile::Owed => empty(
            "You have asked nobody for anything. What you ask shows here until it is answered.",
            Some(("/asks/new", "Ask somebody")),
        ),
        Pile::Read => empty("Nothing to read. What others want you to know appears here.", None),
        Pile::Snoozed => empty("Nothing is out of sight. What you put off until a morning of yours waits here.", None),
        Pile::Ended => empty("Nothing has ended yet. What you have answered shows here.", None),
        Pile::Answers => empty("No answers yet. How the asks that you raised ended shows here.", None),
    }
}

/// The open asks by when they are due on the reader's own calendar, the others in one list.
fn groups(cx: &Cx, pile: Pile, list: &AskPage) -> Markup {
    let order = ["Overdue", "Before the end of today", "Within a week", "Later", "The latest first"];
    let group = |ask: &Ask| match pile {
        Pile::Ended | Pile::Answers => 4,
        Pile::Owe | Pile::Owed | Pile::Read | Pile::Snoozed => when(cx, ask),
    };
    let whole = list.next.is_none() && cx.text("after").is_empty();
    html! { @for (i, title) in order.iter().enumerate() {
        @let asks: Vec<&Ask> = list.asks.iter().filter(|ask| group(ask) == i).collect();
        @if !asks.is_empty() {
            section.card { header { h2 { (title) } @if whole { span.right.small.muted { (asks.len()) } } }
                ul.list.triage { @for ask in asks { (line(cx, pile, ask)) } }
            }
        }
    } }
}

fn when(cx: &Cx, ask: &Ask) -> usize {
    let today = cx.today();
    let day = ask.due_at.date(&cx.viewer.zone);
    match () {
        () if ask.is_overdue(cx.now()) => 0,
        () if day <= today => 1,
        () if day <= today.saturating_add(Span::new().days(7)) => 2,
        () => 3,
    }
}

/// The other one of the two, as the reader sees it.
fn other<'a>(cx: &Cx, ask: &'a Ask) -> (Id<Person>, &'a str) {
    let mine = ask.receiver_id == cx.actor().person;
    match (&ask.asker_id, &ask.asker_name) {
        (Some(id), Some(name)) if mine => (*id, name.as_str()),
        _ if mine => (ask.receiver_id, "Cairn"),
        _ => (ask.receiver_id, ask.receiver_name.as_str()),
    }
}

/// A line of the start page, which leads to the page of the ask.
fn brief(cx: &Cx, ask: &Ask) -> Markup {
    let (who, name) = other(cx, ask);
    html! {
        li id={ "ask-" (ask.id) } {
            (avatar(&who, name))
            (what(ask, &format!("/asks/{}", ask.id), name, None))
            span.row { @if ask.urgent { (chip("bad", "Urgent")) } (due_chip(cx, ask)) }
        }
    }
}

fn line(cx: &Cx, pile: Pile, ask: &Ask) -> Markup {
    let mine = ask.receiver_id == cx.actor().person;
    let (who, name) = other(cx, ask);
    let here = cx.text("ask") == ask.id.as_str();
    let href = format!("/inbox?pile={}&ask={}", pile.word(), ask.id);
    let ticked = mine && ask.state == State::Open;
    html! {
        li id={ "ask-" (ask.id) } aria-current=[here.then_some("true")] {
            span.row {
                @if ticked { input type="checkbox" name="asks" value=(ask.id) aria-label={ "Choose " (ask.subject) }; }
                (avatar(&who, name))
            }
            (what(ask, &href, name, Some("panel")))
            span.row { @if ask.urgent && ask.is_open() { (chip("bad", "Urgent")) } (due_chip(cx, ask)) }
        }
    }
}

/// What can be done with all chosen lines at once, or with the current one.
fn tools(pile: Pile) -> Markup {
    html! {
        div.triage-tools role="group" aria-label="With the chosen asks" {
            button.button.small data-key="e" data-key-label="Done" formaction="/asks/done" { (if pile == Pile::Read { "Read" } else { "Done" }) kbd { "E" } }
            @if pile == Pile::Snoozed {
                button.button.small data-key="s" data-key-label="Back into sight" formaction="/asks/reopened" { "Back into sight" kbd { "S" } }
            } @else {
                button.button.small data-key="s" data-key-label="Out of sight until my next morning" formaction="/asks/snoozed" { "Tomorrow morning" kbd { "S" } }
            }
            span.row {
                label.vh for="bulk-to" { "Hand on to" }
                span.control { input #bulk-to name="to" placeholder="Name" data-key="h" data-key-label="Hand on" autocomplete="off"; }
                button.button.small formaction="/asks/handed-on" { "Hand on" kbd { "H" } }
            }
            span.row {
                label.vh for="bulk-reason" { "Why you decline" }
                span.control { input #bulk-reason name="reason" placeholder="Why" data-key="d" data-key-label="Decline" autocomplete="off"; }
                button.button.small formaction="/asks/declined" { "Decline" kbd { "D" } }
            }
            p.small.muted.script-only { kbd { "J" } " " kbd { "K" } " move " kbd { "X" } " choose " kbd { "Enter" } " open " kbd { "R" } " answer " kbd { "Z" } " undo" }
        }
    }
}

/// The ask that is open beside the list.
async fn selected(cx: &Cx, pile: Pile) -> Result<Markup> {
    let Ok(ask) = cx.text("ask").parse() else { return Ok(html! {}) };
    let view = match cx.read(ShowAsk { ask }).await {
        Ok(view) => view,
        Err(Error::NotFound) => return Ok(html! {}),
        Err(error) => return Err(error),
    };
    let picker = Picker::load(cx, "").await?;
    Ok(panel(cx, &view, &picker, &format!("/inbox?pile={}", pile.word())))
}

/// What waits on the reader, for the start page: how many asks, and the first of them.
pub async fn waiting(cx: &Cx) -> Result<(i64, Markup)> {
    const FIRST: i64 = 8;
    let list = cx.read(ListAsks { pile: Some(Pile::Owe), limit: Some(FIRST), ..ListAsks::default() }).await?;
    let (count, read) = (list.counts.owe, list.counts.read);
    let card = html! {
        section.card #waiting {
            header { h2 { "Waiting on you" } span.right.small.muted { "Due times are in your working hours" } }
            @if list.asks.is_empty() {
                div.body { p.muted { "Nothing waits on you. What others ask of you appears here, by its due time." } }
            } @else {
                ul.list { @for ask in &list.asks { (brief(cx, ask)) } }
            }
            @if count > FIRST || read > 0 {
                footer.small {
                    @if count > FIRST { a.link href="/inbox" { "All " (count) } }
                    @if count > FIRST && read > 0 { " · " }
                    @if read > 0 { a.link href="/inbox?pile=read" { (read) " to read" } }
                }
            }
        }
    };
    Ok((count, card))
}

/// How the reader's own asks ended lately, for the start page.
pub async fn answers(cx: &Cx) -> Result<Markup> {
    const LATELY: i64 = 5;
    let list = cx.read(ListAsks { pile: Some(Pile::Answers), limit: Some(LATELY), ..ListAsks::default() }).await?;
    Ok(html! {
        section.card #answers {
            header { h2 { "Answers to what you asked" } a.link.right.small href="/inbox?pile=answers" { "All" } }
            @if list.asks.is_empty() {
                div.body { p.muted { "No answers yet. What you ask of others shows here once it is answered." } }
            } @else {
                ul.list.wrapped { @for ask in &list.asks { (brief(cx, ask)) } }
            }
        }
    })
}
