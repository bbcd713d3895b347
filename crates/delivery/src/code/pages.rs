use super::{Code, FEWEST, Own, ShowCode, Span, figures};
use crate::repository::{Repository, may_keep};
use people::team::ShowTeam;
use ui::{Answer, Cx, Head, Markup, Pages, html};

pub fn pages() -> Pages {
    Pages::new().get("/repositories/{repository}", of_repository).get("/teams/{team}/code", of_team)
}

/// `GET /repositories/{repository}`
async fn of_repository(cx: Cx) -> Answer {
    let code = cx.read_here::<ShowCode>().await?;
    let Some(repository) = code.repositories.first() else { return Err(kernel::Error::NotFound.into()) };
    let may_edit = may_keep(cx.actor());
    let actions = html! { @if may_edit { a.button href={ "/repositories/" (repository.id) "/edit" } data-key="e" data-key-label="Edit" { "Edit" kbd { "E" } } } };
    let crumbs = vec![("/repositories", "Repositories")];
    let head = Head { crumbs, title: &repository.name, lead: &lead(&code), actions: Some(actions), face: None };
    let body = html! { (head.show()) (state(&cx, repository)) (content(&cx, &code)) };
    let id = repository.id.to_string();
    Ok(cx.live_page(&repository.name, &[&id, "identity"], body))
}

/// `GET /teams/{team}/code`
async fn of_team(cx: Cx) -> Answer {
    let code = cx.read_here::<ShowCode>().await?;
    let view = cx.read(ShowTeam { team: cx.text("team").parse()? }).await?;
    let page = format!("/teams/{}", view.team.id);
    let title = format!("How the code of {} changes", view.team.name);
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name)];
    let body = html! {
        (Head { crumbs, title: &title, lead: &lead(&code), ..Head::default() }.show())
        (ui::team_tabs(&cx, view.team.id))
        @if code.repositories.is_empty() {
            (ui::empty("No repository belongs to this team yet. Import one with cairn import git, or choose this team on the page of a repository.", Some(("/repositories", "Repositories"))))
        } @else {
            p { "Of " @for (place, one) in code.repositories.iter().enumerate() {
                @if place > 0 { ", " } a href={ "/repositories/" (one.id) } { (one.name) }
            } "." }
            (content(&cx, &code))
        }
    };
    Ok(cx.live_page(&title, &["repository", "identity"], body))
}

fn lead(code: &Code) -> String {
    let bots = match code.bot_commits {
        0 => String::new(),
        n => format!(" Bots made {n} commits, which are counted apart."),
    };
    let span = code.span.title();
    format!(
        "From the history alone, over {span}: {}.{bots}",
        match code.contributors {
            0 => "nobody committed".to_owned(),
            n => format!("{} behind the numbers", figures::people(n)),
        }
    )
}

fn state(cx: &Cx, repository: &Repository) -> Markup {
    html! {
        @match repository.imported_at {
            Some(at) => p.muted {
                (repository.commits) " commits, read " (ui::ago(at, cx.now(), &cx.viewer.zone)) " from " (repository.location) "."
                @if repository.lost_tips > 0 { " Since the time before, " (repository.lost_tips) " branches were rewritten or removed." }
            },
            None => p.muted { "The import has not finished. Run it again, and it begins where it ended." },
        }
        @for sentence in repository.missing() { p.muted { (sentence) } }
    }
}

fn content(cx: &Cx, code: &Code) -> Markup {
    html! {
        div.stack {
            nav.segments aria-label="How far back" { @for span in Span::ALL {
                a href={ (cx.path) "?span=" (span.word()) } aria-current=[(*span == code.span).then_some("true")] { (span.label()) }
            } }
            @if let Some(own) = &code.own { (own_card(own)) }
            @match &code.numbers {
                Some(numbers) => {
                    (figures::throughput(numbers)) (figures::sizes(numbers)) (figures::hot_spots(code, numbers))
                    (figures::rhythm(numbers)) (figures::folders(code, numbers))
                }
                None => (ui::empty(&format!("Not enough data: numbers are shown where at least {FEWEST} people committed, and in this span it was {}.", figures::people(code.contributors)), None)),
            }
        }
    }
}

fn own_card(own: &Own) -> Markup {
    html! {
        section.card #own {
            header { h2 { "Your own part" } span.right.small.muted { "Only you see this" } }
            div.body { (ui::facts(&[
                ("Commits", html! { (own.commits) }),
                ("Inferred pull requests", html! { (own.pull_requests) }),
                ("Files touched", html! { (own.files) }),
                ("Weeks with a commit", html! { (own.weeks) }),
            ])) }
        }
    }
}
