//! The page of a sprint's forecast.
use super::{AskSprint, SprintForecast};
use crate::{
    answer::{percent, stated},
    course,
};
use ui::{Answer, Cx, Form, Head, Markup, chart::Figure, chip, date_long, html};

/// `GET /sprints/{sprint}/forecast`
pub async fn show(cx: Cx) -> Answer {
    let input: AskSprint = cx.input()?;
    let plain = AskSprint { focus: None, ..input.clone() };
    let (found, flaws) = match cx.read(input).await {
        Err(kernel::Error::Invalid(flaws)) => (cx.read(plain).await?, flaws),
        found => (found?, Vec::new()),
    };
    let refused = !flaws.is_empty();
    let form = Form::refused(cx.texts.clone(), flaws);
    let (home, page) = (format!("/teams/{}", found.team), format!("/sprints/{}", found.id));
    let all = format!("{home}/sprints");
    let crumbs = vec![(home.as_str(), found.team_name.as_str()), (&all, "Sprints"), (&page, &found.name)];
    let title = format!("What of {} will be done", found.name);
    let lead = match found.chance {
        None => "Its last day is over, and it is not closed.".to_owned(),
        Some(_) => format!("Its last day is {}.", date_long(found.last_on)),
    };
    let lead = if found.refused.is_some() { String::new() } else { lead };
    let body = html! {
        (Head { crumbs, title: &title, lead: &lead, ..Head::default() }.show())
        @match &found.refused {
            Some(sentence) => (ui::empty(sentence, Some((&page, "Back to the sprint")))),
            None => div.cols {
                div.stack { (says(&cx, &found)) (picture(&found)) }
                div.stack { (question(&cx, &form)) }
            },
        }
    };
    let issues = format!("issues-{}", found.team);
    let mut response = cx.live_page(&title, &[&found.id, &issues, "leave"], body);
    if refused {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn says(cx: &Cx, found: &SprintForecast) -> Markup {
    html! {
        section.card #answer {
            header { h2 { "In words" } @if let Some(chance) = found.chance { span.right { (chip(crate::commitment::state(chance), &format!("{} %", percent(chance)))) } } }
            div.body.stack.tight { @for sentence in &found.says { p { (sentence) } } }
            div.body { p.small.muted { (found.record) " " a.link href={ "/teams/" (found.team) "/forecast/record#sprints" } { "Track record" } } }
            div.body { details.fold { summary { "How this is made" } div.body {
                p { "From the issues that the team finished day by day, and its capacity until the last day of the sprint. What is open now is counted; nothing is taken to be added. An issue with others below it stands for those. Before the first day the team works on something else." }
            } } }
            footer { (act(cx, found)) }
        }
    }
}

/// To issue the forecast as Cairn makes it by itself, or to promise the sprint.
fn act(cx: &Cx, found: &SprintForecast) -> Markup {
    let promise = format!(
        "/commitments/new?team={}&counted_from=sprint:{}&by={}&focus={}",
        found.team, found.id, found.last_on, found.focus
    );
    html! {
        form.row.wrap method="post" action={ "/sprints/" (found.id) "/forecasts" } {
            (ui::token(cx))
            @let may_issue = found.chance.is_some() && cx.text("focus").is_empty();
            @if may_issue { button.button.small { "Issue this forecast" } }
            a.button.quiet.small href=(promise) { "Promise it" }
            @if may_issue { span.small.muted { "What is issued stays in the log as it is, and is scored when the sprint is closed." } }
        }
    }
}

fn picture(found: &SprintForecast) -> Markup {
    let Some(reach) = &found.course else { return html! {} };
    let last = date_long(found.last_on);
    let sentence = match found.at_least {
        None => format!("Its last day was {last}; this is how it goes on."),
        Some([half, _, likely, _]) => {
            let (open, likely_words, half_words) = (found.open, stated(85), stated(50));
            format!("By {last} at least {likely} of the {open} are {likely_words}, and {half} are {half_words}.")
        }
    };
    Figure {
        id: "fan",
        title: "How much by when",
        sample: &format!("{} done, {}", found.done, course::open(found.open)),
        sentence: &sentence,
        definition: "The line is the median of what the team finishes of the sprint from now on. The inner band holds 70 % of what may come, the outer one 90 %.",
        picture: ui::course(reach),
        heads: &course::HEADS,
        rows: course::rows(reach),
    }
    .show()
}

fn question(cx: &Cx, form: &Form) -> Markup {
    html! {
        section.card #question {
            header { h2 { "Ask" } }
            div.body { form.form method="get" action=(cx.path) {
                (form.summary())
                (form.input("number", "focus", "Share of the team in percent", "Of what it finishes, how much is of the sprint. Left empty, as in the sprints before.", true))
                footer.form-foot { button.button.primary { "Ask" } a.button.quiet href=(cx.path) { "Clear" } }
            } }
        }
    }
}
