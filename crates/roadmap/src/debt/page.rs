//! The pages of the register and of one debt.
use super::{Debt, DebtView, Debts, ListDebts, ShowDebt, Standing, show::Known};
use crate::priority::number;
use kernel::Result;
use people::person::choices::teams;
use ui::{Answer, Cx, Form, Head, Markup, ago, chip, empty, facts, html, person_link, prose};

/// `GET /debts`
pub async fn list(cx: Cx) -> Answer {
    let found = cx.read_here::<ListDebts>().await?;
    let actions = html! {
        a.button.primary href="/debts/new" data-key="c" data-key-label="Note a debt" { "Note a debt" kbd { "C" } }
    };
    let body = html! {
        (Head { title: "Technical debt", lead: &lead(&found), actions: Some(actions), ..Head::default() }.show())
        (crate::tabs(&cx))
        div.stack {
            (filter(&cx).await?)
            @if found.debts.is_empty() { (nothing(&cx)) } @else { (table(&found)) }
        }
    };
    Ok(cx.live_page("Technical debt", &["debt"], body))
}

fn lead(found: &Debts) -> String {
    let unknown = match found.unknown {
        0 => String::new(),
        1 => " One does not say what it costs.".to_owned(),
        n => format!(" {n} do not say what they cost."),
    };
    match found.debts.len() {
        0 => "What makes work slower as long as it stays, and what repaying costs.".to_owned(),
        _ => format!("These cost {} hours a week.{unknown}", number(found.hours_a_week)),
    }
}

async fn filter(cx: &Cx) -> Result<Markup> {
    let form = Form::refused(cx.texts.clone(), Vec::new());
    let teams = teams(cx).await?;
    Ok(html! {
        auto-submit { form.roadmap-filter method="get" action="/debts" {
            (form.combo("team", "Team", "", Some("All teams"), &teams))
            (form.select("standing", "State", "", Some("Open or being repaid"), &standings()))
            button.button.no-script { "Filter" }
        } }
    })
}

pub(super) fn standings() -> Vec<(String, String)> {
    Standing::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect()
}

fn nothing(cx: &Cx) -> Markup {
    match ["team", "standing"].iter().any(|name| !cx.text(name).is_empty()) {
        true => empty("No debt fits.", Some(("/debts", "Show all that is open"))),
        false => empty(
            "No debt is noted. A name is enough; what it costs can come later.",
            Some(("/debts/new", "Note a debt")),
        ),
    }
}

fn table(found: &Debts) -> Markup {
    html! {
        section.card {
            table.data.listed {
                caption.vh { "Technical debt" }
                thead { tr {
                    th.w-full scope="col" { "Debt" } th scope="col" { "State" } th scope="col" { "Owner" } th.n scope="col" { "Costs" }
                    th.n scope="col" { "Repaying costs" } th.n scope="col" { "Paid back after" }
                } }
                tbody { @for debt in &found.debts { tr id={ "debt-" (debt.id) } {
                    td data-label="Debt" { a href=(debt.href()) { (debt.name) } p.small.muted { (debt.team_name) } }
                    td.nowrap data-label="State" { (chip(debt.standing.look(), debt.standing.title())) }
                    td.nowrap data-label="Owner" { @match &debt.owner_name { Some(name) => (name), None => span.muted { "Nobody" } } }
                    td.n.nowrap data-label="Costs" { (weekly(debt.hours_a_week)) }
                    td.n.nowrap data-label="Repaying costs" { (once(debt.hours_to_repay)) }
                    td.n.nowrap data-label="Paid back after" { (payback(debt)) }
                } } }
            }
            footer {
                p.small.muted { "Hours are of all together, as people estimate them. Paid back after: the hours that repaying costs, divided by the hours a week that the debt costs." }
                @if found.more { p.small.muted { "More debts fit than can be shown here. These are the first 500 by their names." } }
            }
        }
    }
}

fn weekly(hours: Option<f64>) -> Markup {
    html! { @match hours { Some(hours) => { (number(hours)) " h a week" }, None => span.muted { "Not known" } } }
}

fn once(hours: Option<f64>) -> Markup {
    html! { @match hours { Some(hours) => { (number(hours)) " h" }, None => span.muted { "Not known" } } }
}

fn payback(debt: &Debt) -> Markup {
    html! { @match debt.payback_weeks {
        Some(weeks) => { (number(weeks)) @if number(weeks) == "1" { " week" } @else { " weeks" } },
        None if debt.hours_a_week == Some(0.0) => span.muted { "Never" },
        None => span.muted { "Not known" },
    } }
}

/// `GET /debts/{debt}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowDebt>().await?;
    let debt = &view.debt;
    let actions = html! { @if view.may_change {
        a.button.primary href={ (debt.href()) "/edit" } data-key="e" data-key-label="Edit the debt" { "Edit" kbd { "E" } }
    } };
    let conversation = cx.conversation("debt", debt.id).await?;
    let body = html! {
        (Head { crumbs: vec![("/debts", "Technical debt")], title: &debt.name, actions: Some(actions), ..Head::default() }.show())
        div.cols {
            div.stack {
                section.card #about { div.body {
                    @if view.about.is_empty() { p.muted { "Nobody has written yet what it is and how one notices it." } }
                    @else { div.prose.compact { (prose(&view.about)) } }
                } }
                (issues(&view))
                (places(&view))
                (conversation)
            }
            div.stack { (state(&view)) (ui::asides(&view.asides)) (versions(&cx, &view)) }
        }
    };
    let id = debt.id.to_string();
    Ok(cx.live_page(&debt.name, &[&id, "issue"], body))
}

fn state(view: &DebtView) -> Markup {
    let debt = &view.debt;
    let owner = match (&debt.owner_id, &debt.owner_name) {
        (Some(id), Some(name)) => person_link(id, name),
        _ => html! { span.muted { "Nobody" } },
    };
    let pairs = [
        ("State", chip(debt.standing.look(), debt.standing.title())),
        ("Team", html! { a.link href={ "/teams/" (debt.team_id) } { (debt.team_name) } }),
        ("Owner", owner),
        ("It costs", weekly(debt.hours_a_week)),
        ("Repaying", once(debt.hours_to_repay)),
        ("Paid back after", payback(debt)),
    ];
    html! { section.card #state { header { h2 { "What it costs" } } div.body { (facts(&pairs)) } } }
}

fn issues(view: &DebtView) -> Markup {
    html! { @if !view.issues.is_empty() { section.card #issues {
        header { h2 { "Issues about it" } }
        ul.list.plain { @for one in &view.issues { li {
            div.what { p { a href={ "/issues/" (one.key) } { span.muted { (one.key) } " " (one.title) } } }
            (chip(if one.finished { "good" } else { "" }, &one.state_name))
        } } }
    } } }
}

fn places(view: &DebtView) -> Markup {
    html! { @if !view.places.is_empty() { section.card #places {
        header { h2 { "Where it lies" } }
        ul.list.plain.wrapped { @for one in &view.places { li { div.what { p { (one.repository_name) ": " code { (one.path) } } } } } }
    } } }
}

fn versions(cx: &Cx, view: &DebtView) -> Markup {
    let last = view.versions.iter().find(|one| one.undone_at.is_none()).map(|one| one.id);
    let others = view.versions.iter().filter(|one| one.undone_at.is_none()).count() > 1;
    html! { section.card #versions {
        header { h2 { "What was known when" } }
        div.body { ol.timeline.activity { @for one in &view.versions { li id={ "version-" (one.id) } { div.what {
            p { (known(one)) @if one.undone_at.is_some() { " " (chip("line", "Taken back")) } }
            p.small.muted { (person_link(&one.by_id, &one.by_name)) " " (ago(one.at, cx.now(), &cx.viewer.zone)) }
            @if view.may_change && others && last == Some(one.id) {
                form method="post" action={ "/debt-versions/" (one.id) "/undoing" } { (ui::token(cx)) button.button.small { "Take it back" } }
            }
        } } } } }
    } }
}

fn known(one: &Known) -> Markup {
    html! { (one.standing.title()) ", costs " (weekly(one.hours_a_week)) ", repaying " (once(one.hours_to_repay)) }
}
