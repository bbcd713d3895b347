//! `/teams/{team}/agreements`
use super::{Agreements, EndAgreement, Exception, Replay, SetAgreement, SetNudges, ShowAgreements, TeamAgreement};
use crate::code::FEWEST;
use measures::Agreement;
use people::team::ShowTeam;
use ui::{
    Answer, Cx, Flash, Head, Markup, Pages, Submitted,
    chart::{Figure, columns},
    html,
};

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/agreements", show)
        .post("/teams/{team}/agreements/{kind}", set)
        .post("/teams/{team}/agreements/{kind}/end", end)
        .post("/teams/{team}/review-nudges", nudge)
}

async fn show(cx: Cx) -> Answer {
    let input: ShowAgreements = cx.input()?;
    let tried = input.kind.filter(|_| input.most.is_some());
    let all = cx.read(input).await?;
    let view = cx.read(ShowTeam { team: all.team }).await?;
    let page = format!("/teams/{}", view.team.id);
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name)];
    let title = headline(&all, &view.team.name);
    let lead = "What the team agreed on about its work, and how it was kept in the last thirteen weeks. Pull requests are looked at, people are not.";
    let (made, open): (Vec<&TeamAgreement>, Vec<&TeamAgreement>) =
        all.agreements.iter().partition(|one| one.agreed_on.is_some());
    let body = html! {
        (Head { crumbs, title: &title, lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, all.team))
        div.stack {
            @if all.contributors < FEWEST {
                (ui::empty(&format!("Not enough data: how an agreement is kept is shown where at least {FEWEST} people merged pull requests, and in this time it was {}.", crate::code::people(all.contributors)), Some(("/repositories", "Repositories"))))
            }
            @for one in made { (agreed(&cx, &all, one, tried == Some(one.kind))) }
            section.card #proposals {
                header { h2 { "What could be agreed on" } }
                @if open.is_empty() { div.body { p { "All that can be counted here is agreed on." } } }
                @for one in open { (proposal(&cx, &all, one, tried == Some(one.kind))) }
                footer.small.muted { "A limit that nobody chose is the one that four in five of the last thirteen weeks kept. Nothing is sent to anybody when an agreement is not kept, but reminders of reviews where a team switched them on; it is something to talk about." }
            }
        }
    };
    Ok(cx.live_page(&title, &["repository", "team"], body))
}

fn headline(all: &Agreements, team: &str) -> String {
    let made = || all.agreements.iter().filter(|one| one.agreed_on.is_some());
    let share = |one: &TeamAgreement| one.replay.as_ref().filter(|replay| replay.of > 0).map(share);
    let weakest = made().filter_map(|one| Some((share(one)?, one))).min_by_key(|(share, _)| *share);
    match (made().count(), weakest) {
        (0, _) => format!("{team} has no working agreement yet"),
        (1, Some((share, _))) => format!("The agreement of {team} was kept in {share} % of the cases"),
        (some, Some((share, _))) => format!("{team} keeps {some} agreements, the hardest in {share} % of the cases"),
        (1, None) => format!("{team} has one working agreement"),
        (some, None) => format!("{team} has {some} working agreements"),
    }
}

/// `71 % of 84 pull requests`
fn in_words(kind: Agreement, replay: &Replay) -> String {
    let what = if kind.is_of_builds() { "builds" } else { "pull requests" };
    match replay.of {
        0 => format!("none of the {what} tells"),
        of => format!("{} % of {of} {what}", share(replay)),
    }
}

/// Percent of the cases that kept it, of which there is one at least; 100 only if all did.
fn share(replay: &Replay) -> usize {
    let rounded = (replay.kept * 100 + replay.of / 2) / replay.of;
    if replay.kept < replay.of { rounded.min(99) } else { rounded }
}

fn agreed(cx: &Cx, all: &Agreements, one: &TeamAgreement, tried: bool) -> Markup {
    let since = one.agreed_on.map(|date| format!("Agreed on {}", ui::date_long(date))).unwrap_or_default();
    html! {
        @match &one.replay {
            Some(replay) => (chart(cx, one, replay, &since)),
            None => section.card id=(one.kind.word()) { header { h2 { (one.sentence) } span.right.small.muted { (since) } } div.body { p.muted { "Not enough data." } } },
        }
        @if all.may_set { (controls(cx, all, one, tried)) }
        @if one.kind == Agreement::ReviewWithin { (nudges(cx, all, one)) }
        @if let Some(replay) = &one.replay { @if !replay.exceptions.is_empty() { (exceptions(cx, one, replay)) } }
    }
}

fn chart(cx: &Cx, one: &TeamAgreement, replay: &Replay, since: &str) -> Markup {
    let day = |at: kernel::Time| at.in_zone(&cx.viewer.zone).strftime("%-d %b").to_string();
    let names: Vec<String> = replay.weeks.iter().map(|week| day(week.from)).collect();
    let kept = replay.weeks.iter().map(|week| week.kept as f64).collect();
    let broken = replay.weeks.iter().map(|week| (week.of - week.kept) as f64).collect();
    let mut sentence = format!("Kept in {}.", in_words(one.kind, replay));
    if replay.unknown > 0 {
        sentence.push_str(&format!(" Of {} more it is not known.", replay.unknown));
    }
    Figure {
        id: one.kind.word(),
        title: &one.sentence,
        sample: since,
        sentence: &sentence,
        definition: definition(one.kind),
        picture: columns(&format!("{}, by week", one.sentence), &names, &[("kept", kept), ("not kept", broken)]),
        heads: &["Week from", "Kept", "Not kept"],
        rows: replay
            .weeks
            .iter()
            .zip(&names)
            .map(|(week, name)| vec![name.clone(), week.kept.to_string(), (week.of - week.kept).to_string()])
            .collect(),
    }
    .show()
}

fn definition(kind: Agreement) -> &'static str {
    match kind {
        Agreement::ReviewWithin => {
            "Merged pull requests. Only the hours count in which somebody of the team but the author was at work, until the first review or comment of somebody else; time as a draft does not. One that was merged without an answer did not keep it."
        }
        Agreement::Size => "Merged pull requests, by lines added and deleted as the code host counts them.",
        Agreement::InProgress => {
            "Merged pull requests, by how many of the team's were open at the instant when each was opened, itself among them. Those that were opened before the thirteen weeks are not known."
        }
        Agreement::LinkedIssue => {
            "Merged pull requests whose title, text or branch names an issue: #12, PAY-7, or the address of one."
        }
        Agreement::NoSelfMerge => {
            "Merged pull requests. One that its author merged did not keep it, unless somebody else had approved it."
        }
        Agreement::TestsChange => {
            "Merged pull requests that change code, by the names of the changed files: those in folders for tests, or named as tests are. Pull requests without code are left out, and so are those of which not all commits are known."
        }
        Agreement::BuildsWithin => "Builds that succeeded or failed, from their start to their end.",
    }
}

fn exceptions(cx: &Cx, one: &TeamAgreement, replay: &Replay) -> Markup {
    let broken = replay.of - replay.kept;
    html! {
        section.card id={ (one.kind.word()) "-exceptions" } {
            header { h2 { "To talk about in the next retrospective" } span.right.small.muted {
                @if broken > replay.exceptions.len() { "The newest " (replay.exceptions.len()) " of " (broken) } @else { (broken) }
            } }
            (rows(cx, one, &replay.exceptions))
        }
    }
}

fn rows(cx: &Cx, one: &TeamAgreement, all: &[Exception]) -> Markup {
    let what = if one.kind.is_of_builds() { "Build" } else { "Pull request" };
    html! {
        table.data.listed {
            caption.vh { "What did not keep it: " (one.sentence) }
            thead { tr { th scope="col" { (what) } th scope="col" { "When" } th scope="col" { "What happened" } } }
            tbody { @for row in all { tr {
                td { (subject(row)) }
                td data-label="When" { (ui::ago(row.at, cx.now(), &cx.viewer.zone)) }
                td data-label="What happened" { (row.what) }
            } } }
        }
    }
}

fn subject(row: &Exception) -> Markup {
    let web = row.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        @match (row.repository_id, web) {
            (Some(repository), _) => { a href={ "/repositories/" (repository) } { (row.name) } }
            (None, Some(url)) => { a href=(url) rel="noreferrer" { (row.name) } }
            (None, None) => (row.name),
        }
        " " (row.title)
    }
}

/// What could be agreed on, with how it would have been kept.
fn proposal(cx: &Cx, all: &Agreements, one: &TeamAgreement, tried: bool) -> Markup {
    html! {
        div.body id=(one.kind.word()) {
            h3 { @if one.most.is_none() && one.unit.is_some() { (without_limit(one.kind)) } @else { (one.sentence) } }
            @match &one.replay {
                Some(replay) if replay.of > 0 => { p {
                    "In the last 13 weeks it would have been kept in " (in_words(one.kind, replay)) "."
                    @if replay.unknown > 0 { " Of " (replay.unknown) " more it is not known." }
                    @if tried { " " (ui::chip("", "Tried")) }
                } }
                _ => p.muted { "Nothing of the last 13 weeks tells how it would have been kept." },
            }
            @if let Some(replay) = &one.replay { @if !replay.exceptions.is_empty() {
                details.fold open[tried] { summary { "What would not have kept it" } div.body { (rows(cx, one, &replay.exceptions)) } }
            } }
            @if all.may_set { (controls(cx, all, one, tried)) }
        }
    }
}

fn without_limit(kind: Agreement) -> &'static str {
    match kind {
        Agreement::ReviewWithin => "A pull request is answered in time",
        Agreement::Size => "Pull requests stay small",
        Agreement::InProgress => "Few pull requests are open at once",
        _ => "Builds end in time",
    }
}

/// Try another limit, agree, end.
fn controls(cx: &Cx, all: &Agreements, one: &TeamAgreement, tried: bool) -> Markup {
    let (path, word) = (format!("/teams/{}/agreements", all.team), one.kind.word());
    let made = one.agreed_on.is_some();
    html! {
        div.buttons {
            @if let Some(unit) = &one.unit {
                form.row.wrap method="get" action=(path) {
                    input type="hidden" name="kind" value=(word);
                    label.small for={ "most-" (word) } { "At most" }
                    div.field.w-xs { input id={ "most-" (word) } name="most" type="number" min="1" max="100000" required value=(one.most.map(|most| most.to_string()).unwrap_or_default()); }
                    span.small { (unit) }
                    button.button.small { "Try" }
                }
            }
            @if (!made || tried) && (one.most.is_some() || one.unit.is_none()) {
                form method="post" action={ (path) "/" (word) } {
                    (ui::token(cx))
                    @if let Some(most) = one.most { input type="hidden" name="most" value=(most); }
                    button.button.small.primary { @if made { "Change to this" } @else { "Agree" } }
                }
            }
            @if made {
                form method="post" action={ (path) "/" (word) "/end" } { (ui::token(cx)) button.button.small.quiet { "End this agreement" } }
            }
        }
    }
}

/// Whether reviewers are reminded, and the way to change that.
fn nudges(cx: &Cx, all: &Agreements, one: &TeamAgreement) -> Markup {
    let on = one.nudged_since.is_some();
    html! {
        div.buttons #nudges {
            @if all.may_set { form method="post" action={ "/teams/" (all.team) "/review-nudges" } {
                (ui::token(cx))
                input type="hidden" name="on" value=(!on);
                button.button.small { @if on { "Stop reminding reviewers" } @else { "Remind reviewers" } }
            } }
            span.small.muted {
                @if on { "Whoever was asked for the review of a pull request that waits longer is reminded of it on their own Today while they are at work, and once in their digest. Nobody else is told." }
                @else { "Nobody is reminded of a pull request that waits longer." }
            }
        }
    }
}

async fn nudge(form: Submitted) -> Answer {
    let back = format!("/teams/{}/agreements", form.text("team"));
    form.submit::<SetNudges>().await?;
    Ok(form.go(&back, Flash::says("It is set.")))
}

async fn set(form: Submitted) -> Answer {
    let back = format!("/teams/{}/agreements", form.text("team"));
    match form.submit::<SetAgreement>().await {
        Ok(()) => Ok(form.go(&back, Flash::says("It is agreed."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = html! {
                (Head { title: "This limit does not work", ..Head::default() }.show())
                (state.summary())
                p { a.button href=(back) { "Back to the agreements" } }
            };
            Ok(form.again("This limit does not work", body))
        }
    }
}

async fn end(form: Submitted) -> Answer {
    let back = format!("/teams/{}/agreements", form.text("team"));
    form.submit::<EndAgreement>().await?;
    Ok(form.go(&back, Flash::says("The agreement has ended.")))
}
