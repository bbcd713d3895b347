//! `/teams/{team}/reviews/load`
use super::{Depth, LoadNumbers, OwnReviews, ReviewLoad, ShowReviewLoad, page::views};
use crate::code::{FEWEST, FEWEST_FOR_HABITS, Span};
use measures::{Flow, Spread};
use people::team::ShowTeam;
use ui::{
    Answer, Cx, Head, Markup,
    chart::{Figure, columns},
    html,
};

pub async fn show(cx: Cx) -> Answer {
    let load = cx.read_here::<ShowReviewLoad>().await?;
    let view = cx.read(ShowTeam { team: cx.text("team").parse()? }).await?;
    let (page, reviews) = (format!("/teams/{}", view.team.id), format!("/teams/{}/reviews", view.team.id));
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name), (&*reviews, "Reviews")];
    let title = headline(&load, &view.team.name);
    let lead = "How reviewing is spread. Nobody is named, to nobody.";
    let body = html! {
        (Head { crumbs, title: &title, lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, view.team.id))
        div.stack {
            (views(&view.team.id.to_string(), "load"))
            nav.segments aria-label="How far back" { @for span in Span::ALL {
                a href={ (cx.path) "?span=" (span.word()) } aria-current=[(*span == load.span).then_some("true")] { (span.label()) }
            } }
            @match &load.numbers {
                Some(numbers) => { (spread(numbers)) (between(&numbers.between)) (depth(&numbers.depth)) }
                None => (ui::empty(&format!("Not enough data: this is shown where at least {FEWEST} people merged pull requests and {FEWEST} reviewed them. In this span it was {} and {}.", load.authors, load.reviewers), None)),
            }
            @if let Some(own) = load.own { (yours(own)) }
        }
    };
    Ok(cx.live_page(&title, &["repository", "identity"], body))
}

fn headline(load: &ReviewLoad, team: &str) -> String {
    match load.numbers.as_ref().and_then(|numbers| numbers.spread) {
        Some(Spread { half: 1, people, .. }) => format!("One of {people} people does half of the reviews of {team}"),
        Some(Spread { half, people, .. }) => format!("{half} of {people} people do half of the reviews of {team}"),
        None => format!("How reviews of {team} are spread"),
    }
}

fn spread(numbers: &LoadNumbers) -> Markup {
    let share = |part: usize| format!("{} %", (100 * part + numbers.merged / 2) / numbers.merged.max(1));
    html! {
        section.card #spread {
            header { h2 { "How reviews are spread" } span.right.small.muted { (numbers.reviews) " reviews" } }
            div.body { div.stack {
                @match numbers.spread {
                    Some(spread) => (ui::facts(&[
                        ("People who reviewed", html! { (spread.people) }),
                        ("Together did half of it", html! { (people(spread.half)) }),
                        ("Together did four fifths", html! { (people(spread.most)) }),
                        ("Merged without an answer", html! { (numbers.unanswered) " of " (numbers.merged) ", " (share(numbers.unanswered)) }),
                    ])),
                    None => p.muted { "Fewer than " (FEWEST_FOR_HABITS) " people reviewed, so how it is spread is not shown." },
                }
                p.muted { "A review is one person answering one pull request of somebody else, however often. Programs are left out. When few people do most of it, others cannot learn the code, and their leave is felt by all." }
            } }
        }
    }
}

fn people(count: usize) -> String {
    if count == 1 { "one person".to_owned() } else { format!("{count} people") }
}

/// Two groups, what the first reviewed for the second, and back.
fn pairs(flows: &[Flow]) -> Vec<(&Option<String>, &Option<String>, usize, usize)> {
    let count = |by: &Option<String>, of: &Option<String>| {
        flows.iter().find(|one| one.by == *by && one.of == *of).map_or(0, |one| one.count)
    };
    let mut groups: Vec<&Option<String>> = flows.iter().flat_map(|one| [&one.by, &one.of]).collect();
    // Those without a team come last.
    groups.sort_by_key(|group| (group.is_none(), *group));
    groups.dedup();
    let mut found = Vec::new();
    for (place, one) in groups.iter().enumerate() {
        found.extend(groups[place..].iter().map(|other| (*one, *other, count(one, other), count(other, one))));
    }
    found.retain(|(_, _, there, back)| there + back > 0);
    found
}

fn between(flows: &[Flow]) -> Markup {
    let name = |group: &Option<String>| group.clone().unwrap_or_else(|| "Others".to_owned());
    html! {
        section.card #between {
            header { h2 { "Who reviews for whom" } span.right.small.muted { "By team, never by person" } }
            @if flows.is_empty() { div.body { p { "Teams are shown where at least " (FEWEST) " of their people wrote or reviewed." } } }
            @else {
                table.data.listed {
                    caption.vh { "Reviews within and between teams" }
                    thead { tr { th scope="col" { "Teams" } th.n scope="col" { "Reviews" } th.n scope="col" { "In return" } } }
                    tbody { @for (one, other, there, back) in pairs(flows) { tr {
                        td { @if one == other { "Within " (name(one)) } @else { (name(one)) " for " (name(other)) } }
                        td.n data-label="Reviews" { (there) }
                        td.n data-label="In return" { @if one == other { "–" } @else { (back) } }
                    } } }
                }
                footer.small.muted { "Everybody counts in one team: this one or one below it first. Teams with fewer than " (FEWEST) " people here, and people of no team, are the others." }
            }
        }
    }
}

fn depth(all: &[Depth]) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    let names: Vec<String> = all
        .iter()
        .map(|one| match one.to {
            Some(to) => format!("{}–{to}", one.from),
            None => format!("{} +", one.from),
        })
        .collect();
    let pulls: usize = all.iter().map(|one| one.pulls).sum();
    let (first, last) = (all.first().map_or(0.0, |one| one.comments), all.last().map_or(0.0, |one| one.comments));
    let sentence = match all.len() {
        1 => format!("{first:.1} comments for each hundred lines changed."),
        _ => format!("The smallest changes get {first:.1} comments for each hundred lines, the largest {last:.1}."),
    };
    Figure {
        id: "depth",
        title: "How closely changes are read",
        sample: &format!("{pulls} pull requests"),
        sentence: &sentence,
        definition: "Comments of others for each hundred lines added or deleted, by the size of the pull request. Sizes with fewer than five pull requests, or of fewer than three authors, are left out. A comment that only approves is none.",
        picture: columns("Comments for each hundred lines, by size", &names, &[("comments", all.iter().map(|one| one.comments).collect())]),
        heads: &["Lines changed", "Pull requests", "Comments per 100 lines", "Without a comment"],
        rows: all
            .iter()
            .zip(&names)
            .map(|(one, name)| vec![name.clone(), one.pulls.to_string(), format!("{:.1}", one.comments), one.silent.to_string()])
            .collect(),
    }
    .show()
}

fn yours(own: OwnReviews) -> Markup {
    html! {
        section.card #yours {
            header { h2 { "Your own part" } span.right.small.muted { "Only you see this" } }
            div.body { p { "You answered " (own.reviewed) " pull requests of others, and " (own.merged) " of yours were merged." } }
        }
    }
}
