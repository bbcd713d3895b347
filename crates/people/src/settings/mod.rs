//! A person's own settings: when they work, how they sign in, and what acts for them.
mod factor;
mod profile;
mod security;
mod tokens;

use ui::{Cx, Head, Markup, Pages, html};

pub fn pages() -> Pages {
    Pages::new()
        .get("/me", profile::show)
        .post("/me", profile::save)
        .post("/me/theme", profile::set_theme)
        .get("/me/sign-in", security::show)
        .post("/me/password", security::save_password)
        .post("/me/sessions/others/end", security::end_others)
        .post("/me/sessions/{session}/end", security::end)
        .post("/me/second-factor", factor::begin)
        .get("/me/second-factor/new", factor::new)
        .post("/me/second-factor/confirmation", factor::confirm)
        .post("/me/second-factor/recovery-codes", factor::renew)
        .post("/me/second-factor/removal", factor::remove)
        .get("/me/tokens", tokens::list)
        .get("/me/tokens/new", tokens::new)
        .post("/me/tokens", tokens::create)
        .post("/me/tokens/{token}/revocation", tokens::revoke)
}

const TABS: [(&str, &str); 3] = [("/me", "You"), ("/me/sign-in", "Sign-in"), ("/me/tokens", "Tokens")];

/// The head of all settings, and the tab that is open.
fn around(cx: &Cx, tab: &str, body: Markup) -> Markup {
    let sign_out = html! {
        a.button href={ "/people/" (cx.actor().person) } { "Your profile" }
        form method="post" action="/sign-out" { (ui::token(cx)) button.button { "Sign out" } }
    };
    let head = Head { title: "Your settings", actions: Some(sign_out), ..Head::default() };
    html! {
        (head.show())
        nav.tabs aria-label="Settings" {
            @for (href, label) in TABS { a href=(href) aria-current=[(href == tab).then_some("page")] { (label) } }
        }
        (body)
    }
}
