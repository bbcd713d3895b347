use super::{
    CommitmentView, CountedFrom, Moved, PartView, ShowCommitment,
    list::{ending_chip, state, what},
};
use crate::answer::percent;
use forecast::likelihood;
use ui::{Answer, Cx, Head, Markup, chart, date_long, html};

/// `GET /commitments/{commitment}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowCommitment>().await?;
    let one = &view.commitment;
    let id = one.id.to_string();
    let conversation = cx.conversation("commitment", &id).await?;
    let lead = match one.promised_to.as_str() {
        "" => format!("{} promised it by {}.", one.team_name, date_long(one.promised_on)),
        to => format!("{} promised it to {to} by {}.", one.team_name, date_long(one.promised_on)),
    };
    let actions = html! { @if view.may_change && one.ending.is_none() {
        a.button href={ "/commitments/" (id) "/edit" } data-key="e" data-key-label="Edit" { "Edit" kbd { "E" } }
    } };
    let crumbs = vec![("/commitments", "Commitments")];
    let body = html! {
        (Head { crumbs, title: &one.name, lead: &lead, actions: Some(actions), ..Head::default() }.show())
        div.cols {
            div.stack { (chance_card(&view)) (parts_card(&cx, &view)) (past_figure(&view)) (conversation) }
            div.stack {
                @if !one.note.is_empty() { section.card { header { h2 { "Note" } } div.body { div.prose.compact { (ui::prose(&one.note)) } } } }
                (moved_card(&view)) (end_card(&cx, &view))
            }
        }
    };
    let mut topics = vec![&*id, "history", "repository", "leave"];
    if view.parts.iter().any(|part| part.counted_from.is_some()) {
        topics.extend(["issue", "sprint", "project"]);
    }
    Ok(cx.live_page(&one.name, &topics, body))
}

fn chance_card(view: &CommitmentView) -> Markup {
    let one = &view.commitment;
    html! {
        section.card #chance {
            header { h2 { "Will it be kept" } @if one.ending.is_some() { span.right { (ending_chip(one.ending)) } } }
            div.body { @match (view.chance, &view.refused) {
                (Some(chance), _) => {
                    p { (ui::chip(state(chance), &format!("{} %", percent(chance)))) " It is " strong { (likelihood(chance)) } " that everything is done by " (date_long(one.promised_on)) "." }
                    @match view.likely_on {
                        Some(date) => p { "With 85 % it is done by " (date_long(date)) "." },
                        None if view.parts.iter().all(|part| part.left == Some(0)) => p { "Nothing is left to do. Say below that it was kept." },
                        None => p { "No date in the next three years makes it 85 %." },
                    }
                }
                (None, Some(sentence)) => p { "There is no forecast. " (sentence) },
                (None, None) => p { @if let Some(day) = one.ended_on { "It ended on " (date_long(day)) "." } },
            } }
            div.body { details.fold { summary { "How this is made" } div.body {
                p { "What is left of a part that is counted by hand is what was counted, less what its team finished since, by the share of its work that goes there. Of one that is counted from issues it is what is open now, with what has to be done before in other teams; an issue with others below it stands for those, and waits for what blocks it. The forecasts of the teams run through 4,000 futures: a part starts when all that it waits for is done, and everything is done with the last part. Dates of single parts are not added up. A quarter of what makes teams fast or slow is taken to be common to all of them, which is an assumption." }
            } } }
        }
    }
}

fn parts_card(cx: &Cx, view: &CommitmentView) -> Markup {
    let page = format!("/commitments/{}", view.commitment.id);
    let may = view.may_change && view.commitment.ending.is_none();
    html! {
        section.card #parts {
            header { h2 { "What is to be done" } @if may { a.right.link.small href={ (page) "/parts/new" } { "Add a part" } } }
            table.data.listed {
                caption.vh { "Parts" }
                thead { tr { th scope="col" { "Part" } th.n scope="col" { "Left" } th scope="col" { "Counted" } th.n scope="col" { "Share" } th scope="col" { "Waits for" } @if may { th scope="col" { span.vh { "Count again" } } } } }
                tbody { @for part in &view.parts { tr id={ "part-" (part.rank) } {
                    td { (whose(part)) }
                    td.n data-label="Left" { @match part.left { Some(left) => (left), None => span.muted { (open(part)) } } }
                    td data-label="Counted" { (counted(cx, part)) }
                    td.n data-label="Share" { (part.focus) " %" }
                    td data-label="Waits for" { (waits(view, part)) }
                    @if may { td { (change(cx, &page, part, view.parts.len() > 1)) } }
                } } }
            }
        }
    }
}

/// The team of a part, or what it is counted from.
fn whose(part: &PartView) -> Markup {
    html! {
        @match (&part.counted_from, part.team) {
            (Some(CountedFrom { href: Some(href), .. }), _) => a href=(href) { (part.title()) },
            (None, Some(team)) => a href={ "/teams/" (team) "/forecast" } { (part.team_name.as_deref().unwrap_or_default()) },
            _ => { (part.title()) }
        }
        @match &part.counted_from {
            Some(from) if part.name.is_empty() => p.small.muted { (from.kind.title()) },
            Some(from) => p.small.muted { (from.kind.title()) ": " (from.title()) },
            None if !part.name.is_empty() => p.small.muted { (part.name) },
            None => {},
        }
    }
}

fn open(part: &PartView) -> i64 {
    part.counted_from.as_ref().map_or(part.items.unwrap_or(0), |from| from.open)
}

fn counted(cx: &Cx, part: &PartView) -> Markup {
    html! { @match (&part.counted_from, part.counted_on) {
        (Some(from), _) => {
            (from.open) " open, " (from.done) " done"
            @if from.teams.len() > 1 { @for one in &from.teams { p.small.muted { (one.name) ": " (one.open) " open, " (one.done) " done" } } }
        }
        (None, Some(on)) => { (part.items.unwrap_or(0)) " on " (ui::date(on, cx.today())) }
        (None, None) => {},
    } }
}

fn waits(view: &CommitmentView, part: &PartView) -> String {
    let named = |rank: &i64| view.parts.iter().find(|other| other.rank == *rank).map(PartView::title);
    part.waits_for.iter().filter_map(named).collect::<Vec<_>>().join(", ")
}

fn change(cx: &Cx, page: &str, part: &PartView, several: bool) -> Markup {
    html! {
        div.row.wrap {
            @if part.counted_from.is_none() { (recount(cx, page, part)) }
            a.button.quiet.small href={ (page) "/parts/" (part.rank) "/edit" } { @if part.counted_from.is_some() { "Change" } @else { "Count from issues" } }
            @if several {
                form method="post" action={ (page) "/parts/" (part.rank) "/remove" } data-confirm={ "Take " (part.title()) " out of the commitment?" } data-confirm-button="Take it out" {
                    (ui::token(cx)) button.button.quiet.small { "Take out" }
                }
            }
        }
    }
}

fn recount(cx: &Cx, page: &str, part: &PartView) -> Markup {
    let (field, left) = (format!("items-{}", part.rank), part.left.unwrap_or(part.items.unwrap_or(0).unsigned_abs()));
    html! {
        form.row method="post" action={ (page) "/parts/" (part.rank) } {
            (ui::token(cx))
            div.field { label.vh for=(field) { "Items left of " (part.title()) }
            input.w-xs id=(field) name="items" type="number" min="0" value=(left); }
            button.button.small { "Count anew" }
        }
    }
}

fn moved_card(view: &CommitmentView) -> Markup {
    let newest = view.past.last().map(|(_, chance)| *chance);
    html! {
        section.card #moved {
            header { h2 { "What moved the chance" } }
            @match (&view.moved, newest) {
                (Some(moved), Some(chance)) => (moves(moved, chance)),
                _ => div.body { p.muted { "The chance is compared with that of a week before. This begins tomorrow." } },
            }
        }
    }
}

fn moves(moved: &Moved, chance: f64) -> Markup {
    let sum: i32 = moved.moves.iter().map(|one| one.tenths).sum();
    html! {
        div.body { p { "From " (percent(moved.from)) " to " (percent(chance)) " % since " (date_long(moved.since)) "." } }
        @if !moved.moves.is_empty() {
            table.data {
                caption.vh { "Percentage points by what moved it" }
                thead { tr { th scope="col" { "What" } th.n scope="col" { "Points" } } }
                tbody {
                    @for one in &moved.moves { tr { td { (what(one.what)) } td.n { (points(one.tenths)) } } }
                    tr { td { strong { "Together" } } td.n { strong { (points(sum)) } } }
                }
            }
        } @else { div.body { p.muted { "Nothing moved it." } } }
        div.body { details.fold { summary { "How this is made" } div.body {
            p { "Each factor gets its mean effect over all orders in which the factors could have changed (Shapley, 1953), so that the parts sum to the change exactly." }
        } } }
    }
}

fn points(tenths: i32) -> String {
    format!("{}{}.{}", if tenths < 0 { "−" } else { "+" }, tenths.abs() / 10, tenths.abs() % 10)
}

fn past_figure(view: &CommitmentView) -> Markup {
    let days = &view.past;
    let (Some((first, from)), Some((_, to))) = (days.first(), days.last()) else { return html! {} };
    if days.len() < 2 {
        return html! {};
    }
    let names: Vec<String> = days.iter().map(|(date, _)| date.strftime("%-d %b").to_string()).collect();
    let chances: Vec<f64> = days.iter().map(|(_, chance)| chance * 100.0).collect();
    let line =
        chart::Lines { label: "Chance by day", names: &names, series: &[("chance in percent", chances)], most: 100.0 };
    chart::Figure {
        id: "past",
        title: "How the chance went",
        sample: &format!("{} days", days.len()),
        sentence: &format!("Since {} it went from {} to {} %.", date_long(*first), percent(*from), percent(*to)),
        definition: "The chance as it was computed on each day, from what was known then.",
        picture: line.show(),
        heads: &["Day", "Chance"],
        rows: days.iter().map(|(date, chance)| vec![date.to_string(), format!("{} %", percent(*chance))]).collect(),
    }
    .show()
}

fn end_card(cx: &Cx, view: &CommitmentView) -> Markup {
    let page = format!("/commitments/{}", view.commitment.id);
    html! { @if view.may_change {
        section.card #end {
            header { h2 { @if view.commitment.ending.is_none() { "What became of it" } @else { "It has ended" } } }
            div.body.stack.tight {
                @if view.commitment.ending.is_none() {
                    p.small.muted { "What is said here is what the logged chances are scored by." }
                    form.row.wrap method="post" action={ (page) "/end" } {
                        (ui::token(cx))
                        button.button.small name="ending" value="kept" { "Kept" }
                        button.button.small name="ending" value="missed" { "Missed" }
                        button.button.quiet.small name="ending" value="dropped" { "Dropped" }
                    }
                } @else {
                    form method="post" action={ (page) "/reopen" } { (ui::token(cx)) button.button.small { "Take it up again" } }
                }
            }
        }
    } }
}
