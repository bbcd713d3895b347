//! The document around every page.
use crate::{
    Cx, DOCTYPE, Markup, NavItem, NavPlace, Theme, asset_url,
    components::{avatar_small, icon},
    form, html, time_of_day,
};

/// A page within the sidebar and its bars.
pub fn document(cx: &Cx, title: &str, topics: &[&str], head_end: Markup, body: Markup) -> Markup {
    let viewer = &*cx.viewer;
    let live = viewer.secret.as_deref().filter(|_| !topics.is_empty()).map(|secret| {
        let topics = topics.join(",");
        format!("/live?topics={topics}&proof={}", form::derive("live", secret, &topics))
    });
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[theme_word(viewer.theme)] {
            head {
                (head(&format!("{title} · {}", viewer.workspace_name)))
                @if let Some(secret) = &viewer.secret { meta name="csrf-token" content=(form::derive("form", secret, "")); }
                @if let Some(live) = live { meta name="cairn-live" content=(live); }
                (head_end)
            }
            body {
                a.skip href="#main" { "Skip to the page" }
                (demonstration(cx))
                @if viewer.lacks_factor {
                    div.bar.warn role="region" aria-label="Second factor" {
                        p { "Your roles ask for a second factor and do not count until you have one. " a href="/me/sign-in" { "Add it now" } }
                    }
                }
                offline-banner.bar.warn hidden { p { "You are offline. What you see may have changed." } }
                div.app {
                    (top(&viewer.workspace_name))
                    (side(cx))
                    main.main #main tabindex="-1" { (body) }
                }
                (flashes(cx))
                command-palette data-src="/palette.json" {}
                keyboard-map {}
            }
        }
    }
}

/// A page without the shell: signing in, the first run, an error.
pub fn alone(title: &str, workspace: &str, theme: Theme, body: Markup) -> Markup {
    without_shell(title, workspace, theme, None, body)
}

/// A page without the shell that fetches itself again when the stream at this address says that something changed.
pub fn alone_and_live(title: &str, theme: Theme, live: &str, body: Markup) -> Markup {
    without_shell(title, "", theme, Some(live), body)
}

fn without_shell(title: &str, workspace: &str, theme: Theme, live: Option<&str>, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[theme_word(theme)] {
            head {
                (head(&if workspace.is_empty() { title.to_owned() } else { format!("{title} · {workspace}") }))
                @if let Some(live) = live { meta name="cairn-live" content=(live); }
            }
            body.alone { main.narrow #main { (mark(if workspace.is_empty() { "Cairn" } else { workspace })) (body) } }
        }
    }
}

fn theme_word(theme: Theme) -> Option<&'static str> {
    (theme != Theme::System).then(|| theme.word())
}

fn head(title: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        title { (title) }
        meta name="color-scheme" content="light dark";
        meta name="turbo-refresh-method" content="morph";
        meta name="turbo-refresh-scroll" content="preserve";
        link rel="icon" href=(asset_url("favicon.svg")) type="image/svg+xml";
        link rel="preload" href=(asset_url("inter-latin.woff2")) as="font" type="font/woff2" crossorigin;
        link rel="stylesheet" href=(asset_url("main.css")) data-turbo-track="reload";
        script type="module" src=(asset_url("main.js")) data-turbo-track="reload" {}
    }
}

fn mark(workspace: &str) -> Markup {
    html! {
        a.mark href="/" {
            svg.logo aria-hidden="true" { use href={ (asset_url("icons.svg")) "#mark" } {} }
            (workspace)
        }
    }
}

/// The bar that a phone shows in place of the sidebar.
fn top(workspace: &str) -> Markup {
    html! {
        header.top {
            button.button.quiet.icon-only type="button" popovertarget="side" aria-label="Menu" { (icon("menu")) }
            (mark(workspace))
            a.button.quiet.icon-only.find-button href="/search" aria-label="Search" { (icon("search")) }
        }
    }
}

fn side(cx: &Cx) -> Markup {
    let viewer = &*cx.viewer;
    html! {
        nav.side #side popover aria-label="Main" {
            (mark(&viewer.workspace_name))
            a.find href="/search" { "Search or jump to" kbd { "⌘K" } }
            (section(cx, None, NavPlace::Mine))
            @if let Some((id, name)) = &viewer.team {
                div.nav { h2 { (name) }
                    (line(cx, &format!("/teams/{id}"), "Team", "users", "g m"))
                    @for item in cx.site.nav.iter().filter(|item| item.place == NavPlace::Team && (item.shown)(cx.actor())) {
                        @if let Some(href) = item.address(Some(id)) { (line(cx, &href, item.label, item.icon, item.key)) }
                    }
                }
            }
            (section(cx, Some("Across teams"), NavPlace::Across))
            (section(cx, Some("Workspace"), NavPlace::Run))
            div.nav.foot {
                a href="/me" data-key="g s" data-key-label="Go to my settings" aria-current=[(cx.path == "/me").then_some("page")] {
                    (avatar_small(&viewer.actor.person, &viewer.name)) (viewer.name)
                    span.count { (time_of_day(viewer.now, &viewer.zone)) }
                }
            }
        }
    }
}

fn section(cx: &Cx, title: Option<&str>, place: NavPlace) -> Markup {
    let items: Vec<&NavItem> =
        cx.site.nav.iter().filter(|item| item.place == place && (item.shown)(cx.actor())).collect();
    html! {
        @if !items.is_empty() {
            div.nav {
                @if let Some(title) = title { h2 { (title) } }
                @for item in items { (line(cx, item.href, item.label, item.icon, item.key)) }
            }
        }
    }
}

fn line(cx: &Cx, href: &str, label: &str, sign: &str, key: &str) -> Markup {
    let longer = cx.site.nav.iter().any(|item| {
        let other = item.address(cx.viewer.team.as_ref().map(|(id, _)| id));
        other.is_some_and(|other| other.len() > href.len() && cx.path.starts_with(&other))
    });
    let here = cx.path == href || (!longer && cx.path.starts_with(&format!("{href}/")));
    let waiting = cx.viewer.badges.iter().find(|(of, count)| *of == href && *count > 0).map(|(_, count)| *count);
    html! {
        a href=(href) aria-current=[here.then_some("page")] data-key=[Some(key).filter(|key| !key.is_empty())] data-key-label={ "Go to " (label.to_lowercase()) } {
            (icon(sign)) (label)
            @if let Some(count) = waiting { span.count.due { (count) } }
        }
    }
}

fn flashes(cx: &Cx) -> Markup {
    html! {
        div.flashes #flashes data-turbo-temporary {
            @if let Some(flash) = &cx.flash {
                flash-message.flash.good {
                    p role="status" { (flash.sentence) }
                    @if let Some(undo) = &flash.undo {
                        form method="post" action=(undo) { (form::token(cx)) button.button.small data-key="z" data-key-label="Undo" { "Undo" } }
                    }
                }
            }
        }
    }
}

/// In a demonstration, the choice of whose eyes to look through.
fn demonstration(cx: &Cx) -> Markup {
    let viewer = &*cx.viewer;
    html! {
        @if cx.site.demonstration {
            div.bar role="region" aria-label="Demonstration" {
                p { "You look through the eyes of " strong { (viewer.name) } "." }
                form method="post" action="/demonstration/eyes" {
                    (form::token(cx))
                    label.vh for="eyes" { "Whose eyes" }
                    select #eyes name="person" {
                        @for (id, name, title) in viewer.personas.iter() {
                            option value=(id) selected[*id == viewer.actor.person] { (name) ", " (title) }
                        }
                    }
                    button.button.small { "Look" }
                }
            }
        }
    }
}
