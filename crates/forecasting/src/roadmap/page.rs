//! The pages of the forecasts of projects and milestones.
use super::{AskInitiative, AskMilestone, AskProject, PlanForecast};
use crate::{
    answer::{figures, percent},
    item::page::{STEPS, fan, question, teams},
};
use kernel::{Error, Flaw, Operation, Result};
use ui::{Answer, Cx, Form, Head, Markup, chip, date_long, html};

/// `GET /projects/{project}/forecast`
pub async fn of_project(cx: Cx) -> Answer {
    let input: AskProject = cx.input()?;
    let plain = AskProject { by: None, focus: None, ..input.clone() };
    let (found, flaws) = asked(&cx, input, plain).await?;
    page(&cx, &found, flaws)
}

/// `GET /milestones/{milestone}/forecast`
pub async fn of_milestone(cx: Cx) -> Answer {
    let input: AskMilestone = cx.input()?;
    let plain = AskMilestone { by: None, focus: None, ..input.clone() };
    let (found, flaws) = asked(&cx, input, plain).await?;
    page(&cx, &found, flaws)
}

/// `GET /initiatives/{initiative}/forecast`
pub async fn of_initiative(cx: Cx) -> Answer {
    let input: AskInitiative = cx.input()?;
    let plain = AskInitiative { by: None, focus: None, ..input.clone() };
    let (found, flaws) = asked(&cx, input, plain).await?;
    page(&cx, &found, flaws)
}

/// The answer, or that of the question without what is wrong about it.
async fn asked<O: Operation<Output = PlanForecast>>(cx: &Cx, input: O, plain: O) -> Result<(PlanForecast, Vec<Flaw>)> {
    match cx.read(input).await {
        Err(Error::Invalid(flaws)) => Ok((cx.read(plain).await?, flaws)),
        found => Ok((found?, Vec::new())),
    }
}

fn page(cx: &Cx, found: &PlanForecast, flaws: Vec<Flaw>) -> Answer {
    let refused = !flaws.is_empty();
    let mut texts = cx.texts.clone();
    if cx.text("by").is_empty() {
        texts.retain(|(name, _)| name != "by");
        texts.push(("by".to_owned(), found.by.to_string()));
    }
    let form = Form::refused(texts, flaws);
    let initiative = found.initiative_id.as_ref().map(|id| format!("/initiatives/{id}"));
    let project = found.project_id.map(|id| format!("/projects/{id}"));
    let milestone = found.milestone_id.map(|id| format!("/milestones/{id}"));
    let places =
        [(&initiative, &found.initiative_name), (&project, &found.project_name), (&milestone, &found.milestone_name)];
    let places = places.into_iter().filter_map(|(page, name)| Some((page.as_deref()?, name.as_deref()?)));
    let first = if initiative.is_some() { ("/initiatives", "Initiatives") } else { ("/projects", "Projects") };
    let crumbs: Vec<(&str, &str)> = std::iter::once(first).chain(places).collect();
    let (back, name) = crumbs[crumbs.len() - 1];
    let (title, lead) = (format!("When {name} is done"), lead(found, cx));
    let body = html! {
        (Head { crumbs, title: &title, lead: &lead, ..Head::default() }.show())
        @match &found.refused {
            Some(sentence) => (ui::empty(sentence, Some((back, "Back")))),
            None => div.cols {
                div.stack { (says(found)) (fan(found.course.as_ref(), found.below.as_ref())) (figures::dates(&found.weeks, found.likely[2], name)) }
                div.stack { (question(cx, &form, true)) @if let Some(below) = &found.below { (teams(below)) } }
            },
        }
    };
    let id = found.project_id.map(|id| id.to_string()).or(found.initiative_id.clone()).unwrap_or_default();
    let mut response = cx.live_page(&title, &[&id, "project", "issue", "leave"], body);
    if refused {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn lead(found: &PlanForecast, cx: &Cx) -> String {
    match found.target_on {
        None => "It has no target.".to_owned(),
        Some(target) if target < cx.today() => format!("Its target was {}.", date_long(target)),
        Some(target) => format!("Its target is {}.", date_long(target)),
    }
}

fn says(found: &PlanForecast) -> Markup {
    let source = match (found.milestone_id, found.project_id) {
        (Some(id), _) => format!("milestone:{id}"),
        (None, Some(id)) => format!("project:{id}"),
        (None, None) => format!("initiative:{}", found.initiative_id.as_deref().unwrap_or_default()),
    };
    html! {
        section.card #answer {
            header { h2 { "In words" } @if let Some(chance) = found.chance { span.right { (chip(crate::commitment::state(chance), &format!("{} %", percent(chance)))) } } }
            div.body.stack.tight { @for sentence in &found.says { p { (sentence) } } }
            footer { a.button.quiet.small href={ "/commitments/new?counted_from=" (source) "&by=" (found.by) } { "Promise it" } }
            div.body { details.fold { summary { "How this is made" } div.body {
                p { "Each open issue in it, and each that has to be done before one of those, is " (STEPS) " Nothing is taken to be added." }
            } } }
        }
    }
}
