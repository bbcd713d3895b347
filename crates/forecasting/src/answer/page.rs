use super::{Answer, AskForecast, Ground, figures, percent};
use crate::commitment::state;
use ui::{Cx, Form, Head, Markup, date_long, html};

/// `GET /teams/{team}/forecast`
pub async fn show(cx: Cx) -> ui::Answer {
    let input: AskForecast = cx.input()?;
    let by = input.by;
    let answer = match cx.read(input.clone()).await {
        Ok(answer) => answer,
        Err(kernel::Error::Invalid(flaws)) => return refused(&cx, &input, flaws).await,
        Err(error) => return Err(error.into()),
    };
    let body = html! {
        (head(&cx, &answer))
        @match (&answer.refused, &answer.known) {
            (None, Some(ground)) => {
                div.cols {
                    div.stack {
                        (says(&cx, &answer, &input))
                        (figures::fan("fan", &answer, ground, by))
                        @if let Some(done) = &answer.done { (figures::dates(&done.weeks, done.by[2], &ground.kind.count(done.items.into()))) }
                    }
                    div.stack {
                        (question(&cx, &Form::refused(cx.texts.clone(), Vec::new())))
                        (capacity(ground)) (promised(&answer))
                    }
                }
            }
            (sentence, _) => (ui::empty(sentence.as_deref().unwrap_or_default(), Some((&format!("/teams/{}/forecast/history", answer.team), "Import finish dates")))),
        }
    };
    let title = format!("What {} will finish", answer.team_name);
    Ok(cx.live_page(&title, &["history", "leave", "repository"], body))
}

/// The question again, with what is wrong about it.
async fn refused(cx: &Cx, input: &AskForecast, flaws: Vec<kernel::Flaw>) -> ui::Answer {
    let answer = cx.read(AskForecast::about(input.team)).await?;
    let body = html! { (head(cx, &answer)) (question(cx, &Form::refused(cx.texts.clone(), flaws))) };
    let mut response = cx.page("Forecast", body);
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

fn head(cx: &Cx, answer: &Answer) -> Markup {
    let team = format!("/teams/{}", answer.team);
    let title = format!("What {} will finish", answer.team_name);
    let actions = html! {
        a.button href={ (team) "/forecast/what-if" } { "What if" }
        a.button href={ (team) "/forecast/ageing" } { "Ageing" }
        a.button href={ (team) "/forecast/history" } { "History" }
    };
    let crumbs = vec![("/teams", "Teams"), (&*team, &*answer.team_name)];
    html! {
        (Head { crumbs, title: &title, lead: &answer.record.says, actions: Some(actions), ..Head::default() }.show())
        (ui::team_tabs(cx, answer.team))
    }
}

fn says(cx: &Cx, answer: &Answer, input: &AskForecast) -> Markup {
    let team = format!("/teams/{}", answer.team);
    // What is logged is a number of finished items, whether or not more come.
    let growth = input.growth.filter(|growth| *growth == 0);
    let plain = AskForecast { items: input.items, by: input.by, growth, ..AskForecast::about(input.team) };
    let assumed = *input != plain;
    html! {
        section.card #answer {
            header { h2 { "In words" } a.link.right.small href={ (team) "/forecast/record" } { "Track record" } }
            div.body.stack.tight {
                @for sentence in &answer.says { p { (sentence) } }
                (growth_switch(answer, input))
            }
            @if !assumed && (input.items.is_some() || input.by.is_some()) { footer { (act(cx, answer, input)) } }
        }
    }
}

/// The same question with a scope that stays, or that grows as it did.
fn growth_switch(answer: &Answer, input: &AskForecast) -> Markup {
    let (Some(items), grown) = (input.items, answer.done.as_ref().and_then(|done| done.grown)) else { return html! {} };
    let by = input.by.map_or(String::new(), |by| format!("&by={by}"));
    let page = format!("/teams/{}/forecast?items={items}{by}", answer.team);
    html! { @match (grown, input.growth) {
        (Some(grown), None) if grown.learned => p.small { a href={ (page) "&growth=0" } { "Leave growth out" } },
        (None, Some(0)) => p.small { a href=(page) { "Let it grow as it did" } },
        _ => {},
    } }
}

/// To issue the forecast, or to promise it.
fn act(cx: &Cx, answer: &Answer, input: &AskForecast) -> Markup {
    let text = |value: Option<String>| value.unwrap_or_default();
    let (items, by) = (text(input.items.map(|n| n.to_string())), text(input.by.map(|date| date.to_string())));
    html! {
        form.row.wrap method="post" action={ "/teams/" (answer.team) "/forecasts" } {
            (ui::token(cx))
            input type="hidden" name="items" value=(items); input type="hidden" name="by" value=(by);
            button.button.small { "Issue this forecast" }
            a.button.quiet.small href={ "/commitments/new?team=" (answer.team) "&items=" (items) "&by=" (by) } { "Promise it" }
            span.small.muted { "What is issued stays in the log as it is, and is scored when its time has come." }
        }
    }
}

fn question(cx: &Cx, form: &Form) -> Markup {
    let assumes = ["growth", "focus", "hires", "fewer", "on_call"].iter().any(|name| !form.value(name).is_empty());
    html! {
        section.card #question {
            header { h2 { "Ask" } }
            div.body { form.form method="get" action=(cx.path) {
                (form.summary())
                (form.input("number", "items", "Items to finish", "", true))
                (form.input("date", "by", "By the end of", "", true))
                details.fold open[assumes] { summary { "Assume" } div.body.stack { (assumptions(form, "")) } }
                footer.form-foot { button.button.primary { "Ask" } a.button.quiet href=(cx.path) { "Clear" } }
            } }
        }
    }
}

/// The fields of what is assumed; their names begin with `prefix`.
pub fn assumptions(form: &Form, prefix: &str) -> Markup {
    let number =
        |name: &str, label: &str, hint: &str| form.input("number", &format!("{prefix}{name}"), label, hint, true);
    let day = |name: &str, label: &str| form.input("date", &format!("{prefix}{name}"), label, "", true);
    html! {
        (number("growth", "Items added each week", "Until it is done. Left empty, as many as came so far where issues are counted; 0 for a scope that stays."))
        (number("focus", "Share of the team in percent", "Of what it finishes, how much is of this."))
        div.field-row { (number("hires", "People who join", "")) (day("hire_on", "From")) (number("hire_chance", "Chance in percent", "")) }
        div.field-row { (number("fewer", "People fewer", "")) (day("fewer_from", "From")) (day("fewer_until", "Until")) }
        (number("on_call", "Lost to a shift on call, in percent", "Of the work of whoever has it; 50 if left empty."))
    }
}

fn capacity(ground: &Ground) -> Markup {
    let people = &ground.people;
    html! {
        section.card #capacity {
            header { h2 { "Who is there" } }
            div.body {
                @match people.members {
                    0 => p { "No member is entered, so the team is taken to be as it was." },
                    n => {
                        p { (n) " members. Over the next four weeks, " (format!("{:.1}", people.next)) " full-time people are there on an average day; the recent pace was made with " (format!("{:.1}", people.before)) "." }
                    }
                }
                details.fold { summary { "How this is made" } div.body {
                    p { "From everyone's working hours, leave, public holidays, shifts on call and time on the team; part-time counts in part. Somebody new to the company starts at a quarter and is up to speed after 90 days, somebody new to the team only at a half for 30. It is set against who was there over the past year, where later days count as much more as they do for the pace, so that a change of the team is counted once. Leave that is not entered yet is taken to be as usual from a fortnight ahead on. Why somebody is on leave plays no part. Whoever is on call is taken to lose half of the time to it, before and from now on alike; assume another share under Ask." }
                    p { "Known until " (date_long(ground.as_of)) ", from which day on it is forecast." }
                } }
            }
        }
    }
}

fn promised(answer: &Answer) -> Markup {
    html! {
        section.card #promises {
            header { h2 { "Promised" } a.link.right.small href={ "/commitments/new?team=" (answer.team) } { "Write one down" } }
            @if answer.promises.is_empty() { div.body { p.muted { "This team has promised nothing that is written down." } } }
            ul.list.plain { @for one in &answer.promises { li {
                div.what.wrap {
                    p { a href={ "/commitments/" (one.id) } { (one.name) } }
                    p.small.muted { "By " (date_long(one.promised_on)) }
                }
                @if let Some(chance) = one.chance { (ui::chip(state(chance), &format!("{} %", percent(chance)))) }
            } } }
        }
    }
}
