//! The page of what the two have before them.
use super::{Away, OneOnOne, Preparation, PrepareOneOnOne, Side, place, rhythm_page::on};
use crate::checkin::Blocker;
use kernel::{Decided, Deed, Id, Person, Time};
use ui::{Answer, Cx, Head, Markup, date, date_range, face, html, prose};

const TITLE: &str = "Before you talk";

/// `GET /one-on-ones/{one_on_one}/preparation`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<PrepareOneOnOne>().await?;
    let (title, place) = (view.one_on_one.title(), place(view.one_on_one.id));
    let crumbs = vec![("/one-on-ones", "One-on-ones"), (place.as_str(), title.as_str())];
    let lead = lead(&cx, &view);
    let body = html! {
        (Head { crumbs, title: TITLE, lead: &lead, ..Head::default() }.show())
        div.stack {
            div.grid.g2 { @for side in &view.sides { (side_card(&cx, &view.one_on_one, side)) } }
            (from_last_time(&cx, &view, &place))
            (agreed(&cx, &view.agreed))
        }
    };
    let topic = view.one_on_one.id.to_string();
    Ok(cx.live_page(TITLE, &[&topic], body))
}

fn lead(cx: &Cx, view: &Preparation) -> String {
    let them = view.one_on_one.facing(cx.actor().person).first_name();
    let day = |at: Time| on(at.date(&cx.viewer.zone), cx.today());
    let since = match view.last_at {
        Some(last) if last == view.since => format!("You last talked {}; this is what came since.", day(last)),
        Some(last) => format!("You last talked {}; this is what came in the last eight weeks.", day(last)),
        None => "You have not talked here yet.".to_owned(),
    };
    let same = match view.one_on_one.follows_the_line() {
        true => "the same page",
        false => "the same, but for what you finished",
    };
    format!("{since} {them} finds {same}, and nobody else does.")
}

fn side_card(cx: &Cx, one_on_one: &OneOnOne, side: &Side) -> Markup {
    let party = one_on_one.party(side.person_id);
    let mine = side.person_id == cx.actor().person;
    let name = if mine { "You" } else { party.first_name() };
    let nothing = side.deeds.is_empty()
        && side.asks.is_empty()
        && side.promises.is_empty()
        && side.blockers.is_empty()
        && side.away.is_empty();
    html! {
        section.card id={ "side-" (side.person_id) } {
            header { (face(&party.id, party.name, party.photo, "s")) h2 { (name) } }
            @if nothing { div.body { p.muted { "Nothing since then, and nothing ahead." } } }
            (group(if mine { "Waits on you" } else { "Waits on them" }, waiting(cx, one_on_one, side)))
            (group("In the way", blockers(cx, side)))
            (group("Finished", side.deeds.iter().map(|one| deed(cx, one)).collect()))
            (group("Away", away(cx, side)))
        }
    }
}

/// Lines below a small heading; nothing where there are none.
fn group(title: &str, lines: Vec<Markup>) -> Markup {
    html! {
        @if !lines.is_empty() {
            div.body.stack.tight {
                h3 { (title) }
                @for line in &lines { div { (line) } }
            }
        }
    }
}

fn line(what: Markup, beside: &str) -> Markup {
    html! { p { (what) } @if !beside.is_empty() { p.small.muted { (beside) } } }
}

fn waiting(cx: &Cx, one_on_one: &OneOnOne, side: &Side) -> Vec<Markup> {
    let place = place(one_on_one.id);
    let day = |at: Time| date(at.date(&cx.viewer.zone), cx.today());
    let asked = side.asks.iter().map(|ask| {
        line(html! { a href={ "/asks/" (ask.id) } { (ask.subject) } }, &format!("Asked; due {}", day(ask.due_at)))
    });
    let promised = side.promises.iter().map(|promise| {
        let by = promise.due_on.map_or(String::new(), |by| format!(", by {}", date(by, cx.today())));
        let what = html! { a href={ (place) "#promise-" (promise.id) } { (promise.body) } };
        line(what, &format!("Promised {}{by}", on(promise.made_at.date(&cx.viewer.zone), cx.today())))
    });
    promised.chain(asked).collect()
}

fn blockers(cx: &Cx, side: &Side) -> Vec<Markup> {
    let one = |blocker: &Blocker| {
        let since = date(blocker.raised_at.date(&cx.viewer.zone), cx.today());
        let asked = blocker.asked_name.as_deref().map_or(String::new(), |name| format!(", {name} is asked"));
        let what = html! { a href={ "/blockers/" (blocker.id) } { (blocker.body) } };
        line(what, &format!("Since {since}{asked}"))
    };
    side.blockers.iter().map(one).collect()
}

fn deed(cx: &Cx, deed: &Deed) -> Markup {
    let on = date(deed.at.date(&cx.viewer.zone), cx.today());
    line(html! { a href=(deed.href) { (deed.title) } }, &format!("{} {on}", deed.verb))
}

fn away(cx: &Cx, side: &Side) -> Vec<Markup> {
    let one = |away: &Away| {
        let hours = away.hours.as_deref().filter(|hours| !hours.is_empty());
        line(html! { (date_range(away.first_on, away.last_on, cx.today())) }, hours.unwrap_or_default())
    };
    side.away.iter().map(one).collect()
}

fn from_last_time(cx: &Cx, view: &Preparation, place: &str) -> Markup {
    let author = |id: Id<Person>| view.one_on_one.party(id).first_name().to_owned();
    html! {
        section.card #open {
            header { h2 { "Still open from last time" } }
            @if view.carried_over.is_empty() && view.to_do.is_empty() {
                div.body { p.muted { "Nothing. What you left open, or marked as to be done in the notes, comes back here." } }
            }
            @if !view.carried_over.is_empty() { ul.list.plain {
                @for point in &view.carried_over {
                    li { div.what.wrap.stack.tight {
                        div.prose.compact { (prose(&point.body)) }
                        p.small.muted {
                            (author(point.author_id)) ", " (date(point.added_at.date(&cx.viewer.zone), cx.today())) ". "
                            a.link href={ (place) "#point-" (point.id) } { "Answer" }
                        }
                    } }
                }
            } }
            @if !view.to_do.is_empty() {
                div.body.stack.tight {
                    h3 { "From the notes" }
                    ul { @for text in &view.to_do { li { (text) } } }
                }
            }
        }
    }
}

fn agreed(cx: &Cx, agreed: &[Decided]) -> Markup {
    let told = |one: &Decided| {
        let on = date(one.at.date(&cx.viewer.zone), cx.today());
        line(html! { a href=(one.href) { (one.title) } ": " (one.outcome) }, &format!("{}, {on}", one.by_name))
    };
    html! {
        section.card #agreed {
            header { h2 { "Decided and promised where you both take part" } }
            @if agreed.is_empty() { div.body { p.muted { "Nothing since then." } } }
            @if !agreed.is_empty() { ul.list.plain { @for one in agreed { li { div.what.wrap { (told(one)) } } } } }
        }
    }
}
