//! The post that a round leaves: what is in the way, what was said under each goal, and the rest by person.
use super::{Blocker, Entry, EntryState, RollUp, ShowRollUp};
use ui::{Answer, Cx, Head, Markup, chip, face, html, icon, prose, token};

/// `GET /check-ins/rounds/{round}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowRollUp>().await?;
    let (checkin, round) = (&view.checkin, &view.round);
    let title = format!("{}, {}", checkin.name, ui::date_long(round.on_date));
    let lead = match round.closed_at {
        Some(_) => format!("What {} said.", checkin.team_name),
        None => format!("Open still; the last one has until {}.", ui::day_and_time(round.closes_at, &cx.viewer.zone)),
    };
    let place = format!("/check-ins/{}", checkin.id);
    let own = view.entries.iter().find(|entry| entry.person_id == cx.actor().person);
    let actions = own.filter(|own| matches!(own.state, EntryState::Open | EntryState::Answered)).map(|own| {
        html! { a.button href=(own.place()) { @if own.state == EntryState::Open { "Answer" } @else { "Change your answer" } } }
    });
    let body = html! {
        (Head { crumbs: vec![("/check-ins", "Check-ins"), (&place, &checkin.name)], title: &title, lead: &lead, actions, ..Head::default() }.show())
        div.stack #roll-up {
            (blockers(&cx, &view))
            @for goal in view.goals() { (under(&cx, &view, goal, goal)) }
            @if view.under("").next().is_some() { (people(&cx, &view)) }
            (others(&view))
        }
    };
    Ok(cx.live_page(&title, &[&round.id.to_string()], body))
}

fn blockers(cx: &Cx, view: &RollUp) -> Markup {
    html! {
        @if !view.blockers.is_empty() {
            section.card #blockers { header { h2 { "In the way" } }
                ul.list { @for blocker in &view.blockers { (blocker_line(cx, view, blocker)) } } }
        }
    }
}

fn blocker_line(cx: &Cx, view: &RollUp, blocker: &Blocker) -> Markup {
    let photo =
        view.entries.iter().find(|entry| entry.id == blocker.entry_id).and_then(|entry| entry.person_photo.as_deref());
    html! {
        li id={ "blocker-" (blocker.id) } {
            (face(&blocker.person_id, &blocker.person_name, photo, ""))
            div.what {
                p { @if blocker.solved_at.is_some() { s { (blocker.body) } } @else { (blocker.body) } }
                p.small.muted { (blocker.person_name) ", "
                    @match &blocker.asked_name { Some(name) => { (name) " was asked" }, None => { "nobody was asked yet" } } }
            }
            @if blocker.solved_at.is_some() { (chip("good", "Out of the way")) } @else {
                form method="post" action={ "/blockers/" (blocker.id) "/solved" } {
                    (token(cx)) input type="hidden" name="back" value=(view.round.id);
                    button.button.quiet.icon-only aria-label={ "Out of the way: " (blocker.body) } title="Out of the way" { (icon("check")) }
                }
            }
        }
    }
}

fn under(cx: &Cx, view: &RollUp, goal: &str, title: &str) -> Markup {
    html! {
        section.card { header { h2 { (title) } }
            ul.list { @for (entry, _, answer) in view.under(goal) {
                li { (face(&entry.person_id, &entry.person_name, entry.person_photo.as_deref(), ""))
                    div.what.wrap { p { strong { (entry.person_name) } (late(cx, view, entry)) } div.prose.compact { (prose(&answer.body)) } } }
            } } }
    }
}

fn people(cx: &Cx, view: &RollUp) -> Markup {
    let said: Vec<&Entry> =
        view.entries.iter().filter(|entry| view.under("").any(|(of, ..)| of.id == entry.id)).collect();
    html! {
        section.card { header { h2 { "By person" } }
            ul.list { @for entry in said {
                li { (face(&entry.person_id, &entry.person_name, entry.person_photo.as_deref(), ""))
                    div.what.wrap.stack.tight {
                        p { strong { (entry.person_name) } (late(cx, view, entry)) }
                        @for (_, question, answer) in view.under("").filter(|(of, ..)| of.id == entry.id) {
                            div { p.small.muted { (question.words) } div.prose.compact { (prose(&answer.body)) } }
                        }
                    } }
            } } }
    }
}

/// That an answer came when the roll-up had gone out: for those who have read it already.
fn late(cx: &Cx, view: &RollUp, entry: &Entry) -> Markup {
    match entry.answered_at.filter(|at| view.round.closed_at.is_some_and(|closed| *at > closed)) {
        Some(at) => html! { " " span.small.muted { "came " (ui::day_and_time(at, &cx.viewer.zone)) } },
        None => html! {},
    }
}

/// Those of whom nothing is here, in one line and without a judgement.
fn others(view: &RollUp) -> Markup {
    let silent: Vec<(&str, Vec<&str>)> = [EntryState::Open, EntryState::Waiting, EntryState::Away]
        .into_iter()
        .map(|state| {
            let names = view.entries.iter().filter(|entry| entry.state == state);
            (state.title(), names.map(|entry| entry.person_name.as_str()).collect::<Vec<_>>())
        })
        .filter(|(_, names)| !names.is_empty())
        .collect();
    html! {
        @if view.answers.is_empty() && view.blockers.is_empty() { section.card.empty { p { "Nobody has answered yet." } } }
        @for (title, names) in silent { p.small.muted { (title) ": " (names.join(", ")) } }
    }
}
