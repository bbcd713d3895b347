use super::{around, factor};
use crate::account::{
    change_password, cookies,
    session::{EndOtherSessions, EndSession, ListSessions, Session},
    visitor::Visitor,
};
use kernel::Result;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, ago, chip, html, icon, token};

const TITLE: &str = "Your sign-in";

/// `GET /me/sign-in`
pub async fn show(cx: Cx) -> Answer {
    let sessions = cx.read(ListSessions {}).await?;
    let body = view(&cx, &sessions, &Form::default()).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /me/password`
pub async fn save_password(visitor: Visitor, form: Submitted) -> Answer {
    let (cx, current, new) = (&form.cx, form.text("password"), form.text("new_password"));
    match change_password(&cx.site.app, cx.actor(), current, new, &visitor).await {
        Ok(signed_in) => {
            let mut response =
                form.go("/me/sign-in", Flash::says("You have a new password. All other sessions have ended."));
            cookies::keep(&mut response, cx.site.workspace, &signed_in);
            Ok(response)
        }
        Err(error) => {
            let state = form.refused(error)?;
            let sessions = cx.read(ListSessions {}).await?;
            let body = view(cx, &sessions, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

/// `POST /me/sessions/{session}/end`
pub async fn end(form: Submitted) -> Answer {
    form.submit::<EndSession>().await?;
    Ok(form.go("/me/sign-in", Flash::says("That session has ended.")))
}

/// `POST /me/sessions/others/end`
pub async fn end_others(form: Submitted) -> Answer {
    form.change(EndOtherSessions {}).await?;
    Ok(form.go("/me/sign-in", Flash::says("All other sessions have ended.")))
}

async fn view(cx: &Cx, sessions: &[Session], form: &Form) -> Result<Markup> {
    let factor = factor::card(cx).await?;
    let body = around(
        cx,
        "/me/sign-in",
        html! {
            div.cols {
                div.stack { (sessions_card(cx, sessions)) }
                div.stack { (factor) (password_card(cx, form)) }
            }
        },
    );
    Ok(body)
}

fn sessions_card(cx: &Cx, sessions: &[Session]) -> Markup {
    html! {
        section.card #sessions {
            header { h2 { "Where you are signed in" } }
            @if sessions.is_empty() { div.body { p.muted { "Nowhere. Sessions appear here when you sign in with a password." } } }
            ul.list { @for session in sessions { (session_row(cx, session)) } }
            @if sessions.len() > 1 {
                footer {
                    form method="post" action="/me/sessions/others/end" {
                        (token(cx)) button.button.small { "End all others" }
                    }
                }
            }
        }
    }
}

fn session_row(cx: &Cx, session: &Session) -> Markup {
    let (now, zone) = (cx.now(), &cx.viewer.zone);
    html! {
        li id={ "session-" (session.id) } {
            (icon("monitor"))
            div.what {
                p { (session.device) }
                p.small.muted { "Signed in " (ago(session.created_at, now, zone)) ", last used " (ago(session.seen_at, now, zone)) }
            }
            @if session.here { (chip("info", "This one")) } @else {
                form method="post" action={ "/me/sessions/" (session.id) "/end" } {
                    (token(cx)) button.button.small { "End" }
                }
            }
        }
    }
}

fn password_card(cx: &Cx, form: &Form) -> Markup {
    html! {
        section.card #password-card { header { h2 { "Password" } } div.body {
            form.form method="post" action="/me/password" {
                (form.summary())
                (token(cx))
                (form.input("password", "password", "Current password", "", false))
                (form.input("password", "new_password", "New password", "At least 12 characters. A sentence is good.", false))
                p.hint { "All your other sessions and your tokens end." }
                footer.form-foot { button.button.primary { "Change it" } }
            }
        } }
    }
}
