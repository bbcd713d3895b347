use super::{AgeingItem, AgeingView, AskIssue, Below, IssueForecast, ShowAgeing, ask::in_days};
use crate::{
    answer::{figures, percent},
    course,
};
use kernel::Course;
use ui::{
    Answer, Cx, Form, Head, Markup,
    chart::{Aged, Ageing, Figure},
    chip, date_long, html,
};

/// `GET /teams/{team}/forecast/ageing`
pub async fn ageing(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowAgeing>().await?;
    let (home, page) = (format!("/teams/{}", view.team), format!("/teams/{}/forecast", view.team));
    let crumbs = vec![("/teams", "Teams"), (&*home, &*view.team_name), (&*page, "Forecast")];
    let lead = lead(&view);
    let title = format!("What {} has begun", view.team_name);
    let body = html! {
        (Head { crumbs, title: &title, lead: &lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, view.team))
        @match (&view.refused, view.items.is_empty()) {
            (Some(sentence), _) => (ui::empty(sentence, None)),
            (None, true) => (ui::empty("Nothing is in progress. An issue is from the moment on which it comes to a state that means so.", Some((&format!("{home}/issues"), "Issues of the team")))),
            (None, false) => div.stack { (picture(&view)) (table(&cx, &view)) },
        }
    };
    let issues = format!("issues-{}", view.team);
    Ok(cx.live_page(&title, &[&issues, "team"], body))
}

fn lead(view: &AgeingView) -> String {
    let Some([_, _, usual, _]) = view.percentiles else { return "How long issues have been in progress.".to_owned() };
    match view.items.iter().filter(|item| item.days > usual).count() {
        0 => format!("Nothing is older than the {} within which 85 % were done.", in_days(usual)),
        1 => format!("One issue is older than the {} within which 85 % were done.", in_days(usual)),
        n => format!("{n} issues are older than the {} within which 85 % were done.", in_days(usual)),
    }
}

fn picture(view: &AgeingView) -> Markup {
    let mut states: Vec<&str> = Vec::new();
    for item in &view.items {
        if !states.contains(&item.state_name.as_str()) {
            states.push(&item.state_name);
        }
    }
    let points: Vec<Aged<'_>> = view.items.iter().map(|item| point(view, &states, item)).collect();
    let words = ["50 %", "70 %", "85 %", "95 %"];
    let bands = view.percentiles.iter().flat_map(|found| found.iter().map(|days| f64::from(*days)).zip(words));
    let bands: Vec<(f64, &str)> = bands.collect();
    let sentence = match view.percentiles {
        None => format!("Only {} were finished in the past year; it takes ten to say what is usual.", view.finished),
        Some([half, _, usual, _]) => format!(
            "Of what was finished in the past year, half took no longer than {} and 85 % no longer than {}. What stands above the bands takes longer than nearly all did.",
            in_days(half),
            in_days(usual)
        ),
    };
    let days = |place: usize| view.percentiles.map_or("–".to_owned(), |found| found[place].to_string());
    Figure {
        id: "ages",
        title: "In progress, by state",
        sample: &format!("{} finished", view.finished),
        sentence: &sentence,
        definition: "Each point is an issue; its height is how many days ago it was begun, whatever state it is in now. The bands are percentiles of the same time for the issues of the team that were done in the past year. Issues with others below them are left out, as those stand for them. Who works on an issue plays no part.",
        picture: Ageing { label: "Days in progress of each open issue", states: &states, points: &points, bands: &bands }.show(),
        heads: &["Share of the finished ones", "Done within days"],
        rows: words.iter().enumerate().map(|(place, word)| vec![(*word).to_owned(), days(place)]).collect(),
    }
    .show()
}

fn point<'a>(view: &AgeingView, states: &[&str], item: &'a AgeingItem) -> Aged<'a> {
    Aged {
        state: states.iter().position(|state| *state == item.state_name).unwrap_or(0),
        days: f64::from(item.days),
        words: format!("{} in progress", in_days(item.days)),
        href: format!("/issues/{}", item.key),
        old: view.percentiles.is_some_and(|found| item.days > found[2]),
        name: &item.key,
    }
}

fn table(cx: &Cx, view: &AgeingView) -> Markup {
    html! {
        section.card #items {
            header { h2 { "The oldest first" } span.right.small.muted { (view.items.len()) " in progress" } }
            table.data.listed {
                caption.vh { "Issues in progress" }
                thead { tr { th scope="col" { "Issue" } th scope="col" { "State" } th.n scope="col" { "Days" } th scope="col" { "Since" } th scope="col" { "Done within a week" } } }
                tbody { @for item in &view.items { tr id={ "item-" (item.id) } {
                    td { a href={ "/issues/" (item.key) } { span.muted { (item.key) } " " (item.title) } }
                    td data-label="State" { (item.state_name) }
                    td.n data-label="Days" { (item.days) }
                    td data-label="Since" { (ui::date(item.started_on, cx.today())) }
                    td data-label="Done within a week" { @match item.in_a_week {
                        Some(chance) => a href={ "/issues/" (item.key) "/forecast" } { (percent(chance)) " %" },
                        None => span.muted { "Too few took as long" },
                    } }
                } } }
            }
        }
    }
}

/// `GET /issues/{issue}/forecast`
pub async fn of_issue(cx: Cx) -> Answer {
    let input: AskIssue = cx.input()?;
    let plain = AskIssue { by: None, focus: None, ..input.clone() };
    let (found, flaws) = match cx.read(input).await {
        Err(kernel::Error::Invalid(flaws)) => (cx.read(plain).await?, flaws),
        found => (found?, Vec::new()),
    };
    let refused = !flaws.is_empty();
    let mut texts = cx.texts.clone();
    if cx.text("by").is_empty() {
        texts.retain(|(name, _)| name != "by");
        texts.push(("by".to_owned(), found.by.to_string()));
    }
    let form = Form::refused(texts, flaws);
    let page = format!("/issues/{}", found.key);
    let crumbs = vec![("/issues", "All issues"), (&*page, &*found.key)];
    let title = format!("When {} is done", found.key);
    let body = html! {
        (Head { crumbs, title: &title, lead: &found.title, ..Head::default() }.show())
        @match &found.refused {
            Some(sentence) => (ui::empty(sentence, Some((&page, "Back to the issue")))),
            None => div.cols {
                div.stack { (says(&found)) (fan(found.course.as_ref(), found.below.as_ref())) (figures::dates(&found.weeks, found.likely[2], &found.key)) }
                div.stack { (question(&cx, &form, found.below.is_some())) @if let Some(below) = &found.below { (teams(below)) } }
            },
        }
    };
    let mut response = cx.live_page(&title, &[&found.id, "leave"], body);
    if refused {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn says(found: &IssueForecast) -> Markup {
    html! {
        section.card #answer {
            header { h2 { "In words" } @if let Some(chance) = found.chance { span.right { (chip(crate::commitment::state(chance), &format!("{} %", percent(chance)))) } } }
            div.body.stack.tight { @for sentence in &found.says { p { (sentence) } } }
            @if found.below.is_some() { footer { a.button.quiet.small href={ "/commitments/new?below=" (found.key) "&by=" (found.by) } { "Promise it" } } }
            div.body { details.fold { summary { "How this is made" } div.body {
                @if found.below.is_some() {
                    p { "Each open issue below it, and each that has to be done before one of those, is " (STEPS) }
                } @else {
                    p { "From the ages at which the issues of the team were finished in the past year, and those of the open ones, which count as at least so long (the estimate of Kaplan and Meier). Only those that took longer than this one has taken so far say anything about it. Who works on it plays no part." }
                }
            } } }
        }
    }
}

pub(crate) const STEPS: &str = "a step of its team, which takes as long as the team's own finished issues and its capacity say. A step begins when all that it waits for is done. The end is the latest over all paths in 3,000 futures; dates of single teams are not added up. A quarter of what makes teams fast or slow is taken to be common to all of them, which is an assumption.";

pub(crate) fn fan(found: Option<&Course>, below: Option<&Below>) -> Markup {
    let (Some(reach), Some(below)) = (found, below) else { return html! {} };
    Figure {
        id: "fan",
        title: "How much by when",
        sample: &course::open(below.open as u64),
        sentence: "The line is as likely too low as too high.",
        definition: "The number of issues that are done in the same futures, all teams together. The inner band holds 70 % of the futures, the outer one 90 %; the line is the median.",
        picture: ui::course(reach),
        heads: &course::HEADS,
        rows: course::rows(reach),
    }
    .show()
}

pub(crate) fn question(cx: &Cx, form: &Form, shared: bool) -> Markup {
    html! {
        section.card #question {
            header { h2 { "Ask" } }
            div.body { form.form method="get" action=(cx.path) {
                (form.summary())
                (form.input("date", "by", "By the end of", "", true))
                @if shared { (form.input("number", "focus", "Share of the teams in percent", "Of what they finish, how much is of this; 100 if left empty.", true)) }
                footer.form-foot { button.button.primary { "Ask" } a.button.quiet href=(cx.path) { "Clear" } }
            } }
        }
    }
}

pub(crate) fn teams(below: &Below) -> Markup {
    html! {
        section.card #teams {
            header { h2 { "What is left" } span.right.small.muted { "The last to end first" } }
            table.data.listed {
                caption.vh { "Teams" }
                thead { tr { th scope="col" { "Team" } th.n scope="col" { "Issues" } th scope="col" { "85 % by" } } }
                tbody { @for one in &below.teams { tr {
                    td { a href={ "/teams/" (one.team) "/forecast" } { (one.name) } }
                    td.n data-label="Issues" { (one.open) }
                    td data-label="85 % by" { @match one.likely_on { Some(date) => (date_long(date)), None => span.muted { "Not within three years" } } }
                } } }
            }
        }
    }
}
