//! `/connections`: what is connected, how far it is, and what somebody has to do.
use super::{
    AddConnection, Connection, ListConnections, RemoveConnection, Scope, Service, SetConnectionToken, StartConnection,
    State, StopConnection, server,
};
use crate::repository::ListRepositories;
use kernel::{Error, Result};
use people::team::ListTeams;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted, ago, chip, facts, html};

pub fn pages() -> Pages {
    Pages::new()
        .get("/connections", list)
        .get("/connections/new", new)
        .post("/connections", add)
        .get("/connections/{connection}/token", token)
        .post("/connections/{connection}/token", set_token)
        .post("/connections/{connection}/start", start)
        .post("/connections/{connection}/stop", stop)
        .post("/connections/{connection}/remove", remove)
}

const CRUMBS: (&str, &str) = ("/repositories", "Repositories");

async fn list(cx: Cx) -> Answer {
    let connections = cx.read_here::<ListConnections>().await?;
    let lead = "Cairn reads pull requests, reviews, comments, builds, tests and deployments from these servers, and looks again \
                each night. It only ever reads.";
    let actions = html! {
        a.button href="/webhooks" { "Webhooks" }
        a.button.primary href="/connections/new" { "New connection" }
    };
    let body = html! {
        (Head { crumbs: vec![CRUMBS], title: "Connections", lead, actions: Some(actions), ..Head::default() }.show())
        @if connections.is_empty() {
            (ui::empty(
                "Nothing is connected yet. With a token that may read, Cairn fetches what GitHub or GitLab knows of your pull \
                 requests, and CircleCI or Jenkins of your builds.",
                Some(("/connections/new", "New connection")),
            ))
        }
        div.stack { @for one in &connections { (card(&cx, one)) } }
    };
    Ok(cx.live_page("Connections", &["connection"], body))
}

fn card(cx: &Cx, one: &Connection) -> Markup {
    html! {
        section.card id={ "connection-" (one.id) } {
            header {
                h2 { (title(one)) }
                span.small.muted { (one.system.title()) " at " (server::host(&one.server)) }
                span.right { (state(cx, one)) }
            }
            div.body { div.stack {
                (progress(cx, one))
                (facts(&numbers(cx, one)))
                @if one.left_in_all > 0 { (left(one)) }
                (buttons(cx, one))
            } }
        }
    }
}

fn title(one: &Connection) -> &str {
    if one.path == server::ALL { "All jobs" } else { &one.path }
}

fn state(cx: &Cx, one: &Connection) -> Markup {
    match one.state {
        State::Reading if waits(cx, one) => chip("warn", "Waits"),
        State::Reading => chip("info", "Reading"),
        State::Done if one.left_in_all > 0 => chip("warn", "Read in part"),
        State::Done => chip("good", "Up to date"),
        State::Stopped => chip("", "Stopped"),
        State::Failed => chip("bad", "Needs you"),
    }
}

fn waits(cx: &Cx, one: &Connection) -> bool {
    one.wait_until.is_some_and(|until| until > cx.now())
}

fn progress(cx: &Cx, one: &Connection) -> Markup {
    let zone = &cx.viewer.zone;
    html! {
        @if one.state == State::Reading || one.state == State::Stopped { (bar(one)) }
        @match one.state {
            State::Reading => p {
                @if let Some(until) = one.wait_until.filter(|until| *until > cx.now()) {
                    (one.problem) " It goes on at " (ui::day_and_time(until, zone)) " by itself."
                } @else if one.counting {
                    "It is still finding out how much there is."
                } @else if let Some(seconds) = one.seconds_left {
                    "About " (ui::minutes(seconds / 60 + 1)) " to go."
                }
            },
            State::Done => p {
                @match one.known_until {
                    Some(until) => { "Everything is read that changed until " (ago(until, cx.now(), zone)) "." },
                    None => "It is read as far as the server let it.",
                }
                " It looks again within a day."
            },
            State::Stopped => p { "Somebody stopped it. It goes on where it was when you let it." },
            State::Failed => p.strong { (one.problem) },
        }
    }
}

fn bar(one: &Connection) -> Markup {
    let (id, all) = (format!("done-{}", one.id), one.done + one.waiting);
    let words = format!("{} of {}{all} requests", one.done, if one.counting { "at least " } else { "" });
    html! {
        div.progress {
            label.vh for=(id) { "Requests made for " (title(one)) }
            progress id=(id) max=(all.max(1)) value=(one.done) { (words) }
            span.num { (words) }
        }
    }
}

fn numbers(cx: &Cx, one: &Connection) -> Vec<(&'static str, Markup)> {
    let zone = &cx.viewer.zone;
    let mut all = vec![
        ("Back to", html! { (ui::date_long(one.since.date(&jiff::tz::TimeZone::UTC))) }),
        ("Last look", html! { (ago(one.began_at, cx.now(), zone)) }),
        ("Requests", html! { (one.requests) @if one.unchanged > 0 { ", " (one.unchanged) " of them without news" } }),
        ("Records", html! { (one.records) }),
    ];
    if let Some(name) = &one.team_name {
        all.insert(0, ("Team", html! { (name) }));
    }
    if !one.app.is_empty() {
        all.insert(0, ("Asks as", html! { "App " (one.app) }));
    }
    if let (Some(id), Some(name)) = (one.repository, &one.repository_name) {
        all.insert(0, ("Repository", html! { a href={ "/repositories/" (id) } { (name) } }));
    }
    if let (Some(left), Some(of)) = (one.quota_left, one.quota_of) {
        let until = one.quota_until.filter(|until| *until > cx.now());
        all.push((
            "Allowed",
            html! { (left) " more of " (of) @if let Some(until) = until { " until " (ui::time_of_day(until, zone)) } },
        ));
    }
    all
}

fn left(one: &Connection) -> Markup {
    html! {
        details.fold {
            summary { @match one.left_in_all { 1 => "1 request was left out", many => { (many) " requests were left out" } } }
            div.body { table.data.listed {
                caption.vh { "Requests that the server did not answer" }
                thead { tr { th scope="col" { "What" } th scope="col" { "Why" } } }
                tbody { @for left in &one.left { tr {
                    td { code { (left.address.split('?').next().unwrap_or_default()) } }
                    td data-label="Why" { (left.note) }
                } } }
            } }
        }
    }
}

fn buttons(cx: &Cx, one: &Connection) -> Markup {
    let path = format!("/connections/{}", one.id);
    let (act, label) = match one.state {
        State::Reading if waits(cx, one) => ("start", "Go on now"),
        State::Reading => ("stop", "Stop"),
        State::Done => ("start", "Look now"),
        State::Stopped => ("start", "Go on"),
        State::Failed => ("start", "Try again"),
    };
    let question = format!("End the connection to {}? What it brought stays.", title(one));
    html! {
        div.buttons {
            @if one.state == State::Failed { a.button.small.primary href={ (path) "/token" } { "Give another token" } }
            form method="post" action={ (path) "/" (act) } { (ui::token(cx)) button.button.small { (label) } }
            @if one.state != State::Failed { a.button.small href={ (path) "/token" } { "Change the token" } }
            form method="post" action={ (path) "/remove" } data-confirm=(question) data-confirm-button="Remove" {
                (ui::token(cx)) button.button.small.quiet { "Remove" }
            }
        }
    }
}

async fn new(cx: Cx) -> Answer {
    cx.read_here::<ListConnections>().await?;
    let body = view(&cx, &Form::default()).await?;
    Ok(cx.page("New connection", body))
}

async fn add(form: Submitted) -> Answer {
    match form.submit::<AddConnection>().await {
        Ok(_) => Ok(form.go("/connections", Flash::says("It is connected. The first reading has begun."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again("New connection", body))
        }
    }
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let systems: Vec<(String, String)> =
        Service::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let scopes = [
        (Scope::Repository.word().to_owned(), "One repository, project, job or folder".to_owned()),
        (Scope::Group.word().to_owned(), "All of an organisation, group or server".to_owned()),
    ];
    let teams = cx.read(ListTeams {}).await?;
    let teams: Vec<(String, String)> = teams.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let repositories = cx.read(ListRepositories { team: None }).await?;
    let repositories: Vec<(String, String)> =
        repositories.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let crumbs = vec![CRUMBS, ("/connections", "Connections")];
    Ok(html! {
        (Head { crumbs, title: "New connection", ..Head::default() }.show())
        form.form method="post" action="/connections" {
            (form.summary()) (ui::token(cx))
            (form.select("system", "System", "", None, &systems))
            (form.select("scope", "What", "", None, &scopes))
            (form.text("path", "Name", "As in owner/name, group/project, folder/job or the name of an organisation; or the address of its page."))
            (form.optional("address", "Server", "Only for a server of your own, as in https://git.example.com."))
            (form.optional("login", "User", "Only for Jenkins: the one whose token it is."))
            (form.input("password", "token", "Token", NEEDED, false))
            (form.optional("app", "GitHub App", "Only if an app asks: its id. The token is then its private key, the file that ends in .pem."))
            (form.optional("installation", "Installation", "Of that app: the number at the end of the address of its page."))
            (form.combo("team", "Team", "Of a code host: it gets the repositories that belong to no team yet.", Some("None"), &teams))
            (form.combo("repository", "Repository", "Of CircleCI or Jenkins: all builds belong to it. Else each says what it built.", Some("None"), &repositories))
            (form.input("date", "since", "Back to", "What has not changed since then is left out. A year, if you leave it empty.", true))
            footer.form-foot { button.button.primary { "Connect" } a.button.quiet href="/connections" { "Cancel" } }
        }
    })
}

const NEEDED: &str = "One that may only read. At GitHub a fine-grained token with read access to pull requests, issues, contents, \
                      actions and deployments; at GitLab one with the scope read_api; at CircleCI a personal token; at Jenkins an \
                      API token of a user who may see the jobs. It is sealed and never shown again.";

async fn token(cx: Cx) -> Answer {
    let body = token_view(&cx, &Form::default()).await?;
    Ok(cx.page("Another token", body))
}

async fn set_token(form: Submitted) -> Answer {
    match form.submit::<SetConnectionToken>().await {
        Ok(()) => Ok(form.go("/connections", Flash::says("It goes on with the new token."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = token_view(&form.cx, &state).await?;
            Ok(form.again("Another token", body))
        }
    }
}

async fn token_view(cx: &Cx, form: &Form) -> Result<Markup> {
    let wanted = cx.text("connection");
    let all = cx.read(ListConnections {}).await?;
    let one = all.into_iter().find(|one| one.id.to_string() == wanted).ok_or(Error::NotFound)?;
    let crumbs = vec![CRUMBS, ("/connections", "Connections")];
    let lead = format!("For {} at {}. The token before it is forgotten.", title(&one), server::host(&one.server));
    Ok(html! {
        (Head { crumbs, title: "Another token", lead: &lead, ..Head::default() }.show())
        form.form method="post" action={ "/connections/" (one.id) "/token" } {
            (form.summary()) (ui::token(cx))
            (form.input("password", "token", "Token", NEEDED, false))
            footer.form-foot { button.button.primary { "Save" } a.button.quiet href="/connections" { "Cancel" } }
        }
    })
}

async fn start(form: Submitted) -> Answer {
    form.submit::<StartConnection>().await?;
    Ok(form.go("/connections", Flash::says("It goes on.")))
}

async fn stop(form: Submitted) -> Answer {
    form.submit::<StopConnection>().await?;
    Ok(form.go("/connections", Flash::says("It asks nothing any more.")))
}

async fn remove(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("End this connection? What it brought stays.", "Remove");
    }
    form.submit::<RemoveConnection>().await?;
    Ok(form.go("/connections", Flash::says("The connection and its token are gone.")))
}
