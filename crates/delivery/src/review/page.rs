use super::{Awake, ReviewNumbers, Reviews, ShowReviews, StageChange};
use crate::{
    code::{FEWEST, Span},
    keys::span,
};
use measures::{CycleEnd, Figure, ReviewEnd, pull_presets};
use people::team::ShowTeam;
use ui::{Answer, Cx, Head, Markup, html};

/// `GET /teams/{team}/reviews`
pub async fn show(cx: Cx) -> Answer {
    let reviews = cx.read_here::<ShowReviews>().await?;
    let view = cx.read(ShowTeam { team: cx.text("team").parse()? }).await?;
    let page = format!("/teams/{}", view.team.id);
    let title = headline(&reviews, &view.team.name);
    let lead = "From what the code host told of pull requests. Of the team, never of a person.";
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name)];
    let body = html! {
        (Head { crumbs, title: &title, lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, view.team.id))
        (content(&cx, &reviews, &view.team.id.to_string()))
    };
    Ok(cx.live_page(&title, &["repository", "identity"], body))
}

fn headline(reviews: &Reviews, team: &str) -> String {
    match reviews.numbers.as_ref().and_then(|numbers| numbers.pickup.value) {
        Some(pickup) if reviews.definition == "cairn" => {
            format!("Half of the pull requests of {team} are answered within {}", length(pickup))
        }
        Some(pickup) => format!("Pull requests of {team} wait {} for an answer, by {}", length(pickup), reviews.title),
        None => format!("How pull requests of {team} are reviewed"),
    }
}

/// The pages about reviews.
pub(super) fn views(team: &str, current: &str) -> Markup {
    let all =
        [("overview", "Stages", ""), ("load", "Who reviews", "/load"), ("definitions", "Definitions", "/definitions")];
    html! { nav.segments aria-label="Views of reviews" { @for (name, label, path) in all {
        a href={ "/teams/" (team) "/reviews" (path) } aria-current=[(name == current).then_some("true")] { (label) }
    } } }
}

fn chooser(cx: &Cx, reviews: &Reviews) -> Markup {
    html! {
        div.row.wrap {
            nav.segments aria-label="How far back" { @for one in Span::ALL {
                a href={ (cx.path) "?span=" (one.word()) "&definition=" (reviews.definition) } aria-current=[(*one == reviews.span).then_some("true")] { (one.label()) }
            } }
            nav.segments aria-label="Definition" { @for one in pull_presets() {
                a href={ (cx.path) "?span=" (reviews.span.word()) "&definition=" (one.name) } aria-current=[(one.name == reviews.definition).then_some("true")] { (one.title) }
            } }
        }
    }
}

fn content(cx: &Cx, reviews: &Reviews, team: &str) -> Markup {
    let few = "Not enough data: numbers are shown where at least";
    let people = crate::code::people(reviews.contributors);
    html! {
        div.stack {
            (views(team, "overview"))
            (chooser(cx, reviews))
            @match &reviews.numbers {
                Some(numbers) => { (stages(reviews, numbers)) (waits(numbers)) (now(numbers)) (rows(cx, numbers)) }
                None if reviews.known == 0 => (ui::empty("No pull request is known of this team's repositories yet. Run cairn import github or cairn import gitlab with files of the code host.", Some(("/repositories", "Repositories")))),
                None => (ui::empty(&format!("{few} {FEWEST} people merged pull requests, and in this span it was {people}."), None)),
            }
        }
    }
}

fn stages(reviews: &Reviews, numbers: &ReviewNumbers) -> Markup {
    let definition = pull_presets().into_iter().find(|one| one.name == reviews.definition);
    let options = definition.map(|one| one.options).unwrap_or_default();
    let choices = options.choices();
    let all = [
        ("Coding", "coding", &numbers.coding, "From the first commit to the opening."),
        ("Pickup", "pickup", &numbers.pickup, "From then to the first answer of somebody else."),
        (
            "Review",
            "review",
            &numbers.review,
            "From then to the end of the review, or to the merge if nobody approved.",
        ),
        ("Merge wait", "merge", &numbers.merge, "From the end of the review to the merge."),
        ("Deploy", "deploy", &numbers.deploy, "From the merge to the first deployment that has it."),
        (
            "Whole",
            "cycle",
            &numbers.cycle,
            "All stages together. Where the first commit is not known it begins with the opening.",
        ),
    ];
    let is_defined = |name: &str| match name {
        "Merge wait" => options.review_ends != ReviewEnd::Merge || numbers.merge.of > 0,
        "Deploy" => options.cycle_ends == CycleEnd::Deployment,
        _ => true,
    };
    let all = all.into_iter().filter(|(name, ..)| is_defined(name));
    let average = choices.iter().find(|(about, _)| *about == "Average").map_or("average", |(_, word)| word);
    let before = |word: &str| reviews.changes.iter().find(|change| change.stage == word);
    html! {
        section.card #stages {
            header { h2 { "Stages by " (reviews.title) } span.right.small.muted { (numbers.merged) " merged pull requests" } }
            table.data.listed {
                caption.vh { "Stages of merged pull requests" }
                thead { tr { th scope="col" { "Stage" } th.n scope="col" { (sentence(average)) } th.n scope="col" { "Rests on" } @if !reviews.changes.is_empty() { th scope="col" { "Time before" } } th scope="col" { "What it is" } } }
                tbody { @for (name, word, figure, words) in all { tr {
                    td { (name) }
                    td.n data-label=(sentence(average)) { (shown(figure)) }
                    td.n data-label="Rests on" { (figure.of) " of " (figure.of + figure.missing) }
                    @if !reviews.changes.is_empty() { td data-label="Time before" { @if let Some(change) = before(word) { (against(change)) } } }
                    td.small.muted data-label="What it is" { (words) }
                } } }
            }
            div.body { div.stack {
                p.muted {
                    "A stage that is not known is left out and not taken for nothing. "
                    (numbers.self_merged) " were merged by their authors without an approval. "
                    @if numbers.by_bots > 0 { (numbers.by_bots) " of programs are in no number." }
                }
                details.fold { summary { "How this is made" } div.body {
                    p { (reviews.title) ", version " (reviews.version) ": " (reviews.source) }
                    dl.facts { @for (about, choice) in &choices { div { dt { (about) } dd { (choice) } } } }
                } }
            } }
        }
    }
}

/// How a stage compares with the span before, where that can be told from chance.
fn against(change: &StageChange) -> Markup {
    let (Some(now), Some(before)) = (change.now.value, change.before.value) else {
        return html! { span.muted { "Not enough data" } };
    };
    match (change.now.differs(&change.before), now > before) {
        (false, _) => ui::chip("", "Steady"),
        (true, true) => ui::chip("bad", &format!("Up from {}", span(before))),
        (true, false) => ui::chip("good", &format!("Down from {}", span(before))),
    }
}

/// With a capital.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn shown(figure: &Figure) -> String {
    figure.value.map_or_else(|| "Not known".to_owned(), length)
}

/// Microseconds in words.
pub(super) fn length(microseconds: i64) -> String {
    let minutes = microseconds / 60_000_000;
    match minutes {
        ..2 => "a minute".to_owned(),
        2..120 => format!("{minutes} minutes"),
        120..2_880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

fn waits(numbers: &ReviewNumbers) -> Markup {
    html! {
        section.card #awake {
            header { h2 { "Who could have acted" } span.right.small.muted { "Pickup and review together" } }
            div.body { @match &numbers.awake {
                Some(awake) => (split(awake)),
                None => p.muted { "Nobody is in this team, so it cannot be said who was at work." },
            } }
        }
    }
}

fn split(awake: &Awake) -> Markup {
    let total = awake.nobody + awake.someone + awake.author;
    let share =
        |part: i64| html! { ((100 * i128::from(part) + i128::from(total / 2)) / i128::from(total.max(1))) " %" };
    html! { div.stack {
        (ui::facts(&[
            ("Nobody who may review was at work", share(awake.nobody)),
            ("Somebody was, and did not pick it up", share(awake.someone)),
            ("It was the author's turn", share(awake.author)),
        ]))
        p.muted { "Of the waiting of " (awake.pull_requests) " pull requests, by the working hours, holidays and leave of those who are in the team today; the author of each is not counted among those who may review." }
    } }
}

fn now(numbers: &ReviewNumbers) -> Markup {
    html! {
        section.card #open {
            header { h2 { "What is open, and how large it is" } }
            div.body { (ui::facts(&[
                ("Open now", html! { (numbers.open) }),
                ("Drafts among them", html! { (numbers.drafts) }),
                ("Not changed for fourteen days", html! { (numbers.stale) }),
                ("Median size when merged", html! {
                    @match numbers.size.value {
                        Some(lines) => { (lines) " lines, of " (numbers.size.of) " whose size is known" },
                        None => "Not known",
                    }
                }),
            ])) }
        }
    }
}

fn rows(cx: &Cx, numbers: &ReviewNumbers) -> Markup {
    let cell = |value: Option<i64>| value.map_or_else(|| "Not known".to_owned(), length);
    html! {
        section.card #pulls {
            header { h2 { "The pull requests behind it" } span.right.small.muted { "The newest " (numbers.pulls.len()) } }
            table.data.listed {
                caption.vh { "Merged pull requests" }
                thead { tr {
                    th scope="col" { "Pull request" } th scope="col" { "Merged" } th.n scope="col" { "Coding" }
                    th.n scope="col" { "Pickup" } th.n scope="col" { "Review" } th.n scope="col" { "Merge wait" }
                } }
                tbody { @for one in &numbers.pulls { tr {
                    td { a href={ "/repositories/" (one.repository_id) } { (one.repository) " " (one.number) } " " (one.title) }
                    td data-label="Merged" { (ui::ago(one.merged_at, cx.now(), &cx.viewer.zone)) }
                    td.n data-label="Coding" { (cell(one.stages.coding)) }
                    td.n data-label="Pickup" { (cell(one.stages.pickup)) }
                    td.n data-label="Review" { (cell(one.stages.review)) }
                    td.n data-label="Merge wait" { (cell(one.stages.merge)) }
                } } }
            }
        }
    }
}
