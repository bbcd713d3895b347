//! The page that lists projects by their scores, with what goes into them.
use super::{Factor, ListPriorities, Method, Priorities, Prioritised, number};
use crate::{initiative::ListInitiatives, project::State};
use kernel::Result;
use people::person::choices::teams;
use ui::{Answer, Cx, Form, Head, Markup, chip, date_long, empty, html};

/// `GET /priorities`
pub async fn show(cx: Cx) -> Answer {
    let found = cx.read_here::<ListPriorities>().await?;
    let body = html! {
        (head(&cx))
        div.stack {
            (segments(&cx, Some(found.method)))
            (filter(&cx, Some(found.method)).await?)
            @if found.projects.is_empty() { (nothing(&cx)) }
            @else if found.factors.is_empty() {
                (empty("There are no weights yet. Name the criteria that count for you, and how much each does.", Some(("/weights", "Set weights"))))
            } @else { (card(&cx, &found)) }
        }
    };
    Ok(cx.live_page("Priorities", TOPICS, body))
}

pub(super) const TOPICS: &[&str] = &["project", "weighting"];

pub(super) fn head(cx: &Cx) -> Markup {
    let actions = html! {
        a.button href="/weights" { "Weights" }
        a.button.primary href="/projects/new?state=idea" data-key="c" data-key-label="New idea" { "New idea" kbd { "C" } }
    };
    let lead = "Projects and ideas for them by what they bring for what they cost. A score is a beginning of a talk, not its end.";
    html! {
        (Head { title: "Priorities", lead, actions: Some(actions), ..Head::default() }.show())
        (crate::tabs(cx))
    }
}

const FILTERS: [&str; 3] = ["team", "initiative", "state"];

/// The methods, and all of them side by side.
pub(super) fn segments(cx: &Cx, now: Option<Method>) -> Markup {
    let kept = || FILTERS.into_iter().map(|name| (name, cx.text(name))).filter(|(_, text)| !text.is_empty());
    let query = |method: Option<Method>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(method.map(|method| ("method", method.word())));
        query.extend_pairs(kept()).finish()
    };
    html! {
        nav.segments aria-label="Method" {
            @for method in Method::ALL {
                a href={ "/priorities?" (query(Some(*method))) } aria-current=[(now == Some(*method)).then_some("true")] { (method.title()) }
            }
            a href={ "/priorities/comparison?" (query(None)) } aria-current=[now.is_none().then_some("true")] { "Side by side" }
        }
    }
}

pub(super) async fn filter(cx: &Cx, method: Option<Method>) -> Result<Markup> {
    let form = Form::refused(cx.texts.clone(), Vec::new());
    let teams = teams(cx).await?;
    let initiatives = cx.read(ListInitiatives::default()).await?;
    let initiatives: Vec<(String, String)> =
        initiatives.into_iter().map(|one| (one.initiative.id.to_string(), one.initiative.name)).collect();
    let open = State::ALL.iter().filter(|state| !state.is_over());
    let states: Vec<(String, String)> = open.map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    Ok(html! {
        auto-submit { form.roadmap-filter method="get" action=(cx.path) {
            @if let Some(method) = method { input type="hidden" name="method" value=(method.word()); }
            (form.combo("team", "Team", "", Some("All teams"), &teams))
            @if !initiatives.is_empty() { (form.combo("initiative", "Initiative", "", Some("All"), &initiatives)) }
            (form.select("state", "State", "", Some("All that go on"), &states))
            button.button.no-script { "Filter" }
        } }
    })
}

pub(super) fn nothing(cx: &Cx) -> Markup {
    match FILTERS.iter().any(|name| !cx.text(name).is_empty()) {
        true => empty("No project that goes on fits.", Some((&cx.path, "Show all"))),
        false => empty("There is no project and no idea for one.", Some(("/projects/new?state=idea", "New idea"))),
    }
}

fn card(cx: &Cx, found: &Priorities) -> Markup {
    let whose = match &found.weighting {
        Some(weighting) if found.method == Method::Weights => match &weighting.team_name {
            Some(team) => format!("By the weights of {team}"),
            None => "By the weights of the workspace".to_owned(),
        },
        _ => String::new(),
    };
    html! {
        section.card #priorities {
            header { h2 { (found.method.title()) } @if !whose.is_empty() { span.right.small.muted { (whose) } } }
            div.priority-view { (table(cx, found)) }
            footer {
                p.small.muted { (found.formula) }
                @if found.more { p.small.muted { "More projects fit than can be shown here. These are the first 500 by their names." } }
            }
        }
    }
}

fn table(cx: &Cx, found: &Priorities) -> Markup {
    html! {
        table.data.listed {
            caption.vh { "Projects by their scores" }
            thead { tr {
                th.w-full scope="col" { "Project" } th.n scope="col" { "Place" }
                @for factor in &found.factors { th.n scope="col" { (heading(factor)) } }
                th.n scope="col" { "Score" }
            } }
            tbody { @for one in &found.projects { (row(cx, found, one)) } }
        }
    }
}

/// `Merchant pain × 5`
fn heading(factor: &Factor) -> String {
    factor.weight.map_or(factor.name.clone(), |weight| format!("{} × {weight}", factor.name))
}

fn row(cx: &Cx, found: &Priorities, one: &Prioritised) -> Markup {
    let score = one.score(found.method);
    let inputs = format!("/projects/{}/judgements", one.project.id);
    html! {
        tr id={ "priority-" (one.project.id) } {
            td data-label="Project" { (project(one)) }
            td.n data-label="Place" { @match score.and_then(|score| score.place) { Some(place) => (place), None => span.muted { "–" } } }
            @for factor in &found.factors {
                td.n data-label=(heading(factor)) { @match one.value(factor) {
                    Some(input) => span title={ (input.why) " " (input.by_name) ", " (date_long(input.at.date(&cx.viewer.zone))) } { (number(input.value)) },
                    None => (chip("line", "Missing")),
                } }
            }
            td.n.nowrap data-label="Score" { a.link href=(inputs) title="What goes into it" {
                @match score.and_then(|score| score.score) { Some(score) => strong { (number(score)) }, None => "None yet" }
            } }
        }
    }
}

pub(super) fn project(one: &Prioritised) -> Markup {
    let names: Vec<&str> = one.teams.iter().map(|team| team.name.as_str()).collect();
    html! {
        a href=(one.project.href()) { (one.project.name) }
        p.small.muted { (one.project.state.title()) @if !names.is_empty() { ", " (names.join(", ")) } }
    }
}
