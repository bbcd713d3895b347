//! The methods side by side: where a project stands by each, and where they disagree.
use super::{
    ListPriorities, Method, Priorities, Prioritised, number,
    page::{TOPICS, filter, head, nothing, project, segments},
};
use ui::{Answer, Cx, Markup, chip, html};

/// `GET /priorities/comparison`
pub async fn show(cx: Cx) -> Answer {
    let found = cx.read_here::<ListPriorities>().await?;
    let body = html! {
        (head(&cx))
        div.stack {
            (segments(&cx, None))
            (filter(&cx, None).await?)
            @if found.projects.is_empty() { (nothing(&cx)) } @else { (card(&found)) }
        }
    };
    Ok(cx.live_page("Priorities side by side", TOPICS, body))
}

fn card(found: &Priorities) -> Markup {
    let methods: Vec<Method> =
        Method::ALL.iter().copied().filter(|method| *method != Method::Weights || found.weighting.is_some()).collect();
    html! {
        section.card #comparison {
            header { h2 { "Side by side" } span.right.small.muted { "By their place under RICE" } }
            div.priority-view { table.data.listed {
                caption.vh { "Places and scores by each method" }
                thead { tr {
                    th.w-full scope="col" { "Project" }
                    @for method in &methods { th.n scope="col" { (method.title()) } }
                    th scope="col" { "They agree" }
                } }
                tbody { @for one in &found.projects { tr id={ "compared-" (one.project.id) } {
                    td data-label="Project" { (project(one)) }
                    @for method in &methods { td.n.nowrap data-label=(method.title()) { (standing(one, *method)) } }
                    td data-label="They agree" { (agreement(one)) }
                } } }
            } }
            footer { p.small.muted {
                "A place is among the projects of this list that have all inputs of the method, so that lists of different length lie beside each other. Scores of different methods have no common unit."
            } }
        }
    }
}

fn standing(one: &Prioritised, method: Method) -> Markup {
    match one.score(method).map(|score| (score.place, score.score, score.missing.as_slice())) {
        Some((Some(place), Some(score), _)) => html! { strong { (place) } p.small.muted { (number(score)) } },
        Some((_, _, missing)) if !missing.is_empty() => {
            html! { span.muted { "–" } p.small.muted { (missing.len()) " missing" } }
        }
        _ => html! { span.muted { "–" } },
    }
}

/// How far its places are apart.
fn apart(one: &Prioritised) -> Option<usize> {
    let places: Vec<usize> = one.scores.iter().filter_map(|score| score.place).collect();
    (places.len() > 1).then(|| places.iter().max().zip(places.iter().min()).map_or(0, |(most, least)| most - least))
}

fn agreement(one: &Prioritised) -> Markup {
    match apart(one) {
        None => html! { span.muted { "Not known" } },
        Some(0) => chip("good", "Same place"),
        Some(1) => chip("", "1 place apart"),
        Some(apart) => chip("warn", &format!("{apart} places apart")),
    }
}
