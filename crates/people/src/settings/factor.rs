//! The second factor of one's own account: added with a picture for the app, kept with codes on paper, removed.
use super::around;
use crate::account::{
    ask_for_password,
    factor::{
        BeginFactor, RemoveFactor, RenewRecoveryCodes, ShowFactor,
        set_up::{ConfirmFactor, FactorState, Pending, ShowPending},
    },
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, ago, chip, html, icon, token};

const HOME: &str = "/me/sign-in";
const NEW: &str = "/me/second-factor/new";
const TITLE: &str = "Add a second factor";

/// `POST /me/second-factor`
pub async fn begin(form: Submitted) -> Answer {
    match form.change(BeginFactor {}).await {
        Ok(()) => Ok(Redirect::to(NEW).into_response()),
        Err(Error::Unproven) => Ok(ask_for_password(HOME)),
        Err(error) => Err(error.into()),
    }
}

/// `GET /me/second-factor/new`
pub async fn new(cx: Cx) -> Answer {
    match cx.read(ShowPending {}).await {
        Ok(pending) => Ok(cx.page(TITLE, add(&cx, &pending, &Form::default())?)),
        Err(Error::Unproven) => Ok(ask_for_password(NEW)),
        Err(Error::NotFound) => Ok(Redirect::to(HOME).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// `POST /me/second-factor/confirmation`
pub async fn confirm(form: Submitted) -> Answer {
    match form.change(ConfirmFactor { code: form.text("code").to_owned() }).await {
        Ok(codes) => Ok(hand_over(&form.cx, &codes)),
        Err(Error::Unproven) => Ok(ask_for_password(NEW)),
        Err(error) => {
            let state = form.refused(error)?;
            let pending = form.cx.read(ShowPending {}).await?;
            let body = add(&form.cx, &pending, &state)?;
            Ok(form.again(TITLE, body))
        }
    }
}

/// `POST /me/second-factor/recovery-codes`
pub async fn renew(form: Submitted) -> Answer {
    match form.change(RenewRecoveryCodes {}).await {
        Ok(codes) => Ok(hand_over(&form.cx, &codes)),
        Err(Error::Unproven) => Ok(ask_for_password(HOME)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /me/second-factor/removal`
pub async fn remove(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Remove your second factor?", "Remove");
    }
    match form.change(RemoveFactor {}).await {
        Ok(()) => Ok(form.go(HOME, Flash::says("Your password alone lets you in. All other sessions have ended."))),
        Err(Error::Unproven) => Ok(ask_for_password(HOME)),
        Err(error) => Err(error.into()),
    }
}

/// The card among the settings of the sign-in.
pub(super) async fn card(cx: &Cx) -> Result<Markup> {
    let state = cx.read(ShowFactor {}).await?;
    Ok(html! {
        section.card #second-factor {
            header { h2 { "Second factor" } span.right { (if state.since.is_some() { chip("good", "On") } else { chip("", "Off") }) } }
            div.body { div.stack { (about(cx, &state)) } }
        }
    })
}

fn about(cx: &Cx, state: &FactorState) -> Markup {
    let Some(since) = state.since else {
        return html! {
            p { "With an app that shows codes, a stolen password is not enough to sign in as you." }
            form method="post" action="/me/second-factor" { (token(cx)) button.button { "Add an app" } }
        };
    };
    html! {
        p { "Added " (ago(since, cx.now(), &cx.viewer.zone)) ". You have " (state.recovery_codes_left) " recovery codes left." }
        div.buttons {
            form method="post" action="/me/second-factor/recovery-codes" { (token(cx)) button.button { "Make new recovery codes" } }
            form method="post" action="/me/second-factor/removal"
                data-confirm="Remove your second factor?" data-confirm-button="Remove" {
                (token(cx)) button.button.quiet { "Remove" }
            }
        }
    }
}

fn add(cx: &Cx, pending: &Pending, form: &Form) -> Result<Markup> {
    let letters: Vec<char> = pending.secret.chars().collect();
    let spaced = letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    let body = html! {
        section.card { header { h2 { (TITLE) } } div.body { div.stack {
            p { "Scan this picture with an app that shows codes, such as the one of your password manager." }
            (picture(&pending.address)?)
            p { "If you cannot scan it, enter this key: " code { (spaced) } }
            form.form method="post" action="/me/second-factor/confirmation" {
                (form.summary())
                (token(cx))
                (form.input("text", "code", "Code", "The six digits that the app shows now.", false))
                p.hint { "All your other sessions and your tokens end." }
                footer.form-foot { button.button.primary { "Add it" } a.button.quiet href=(HOME) { "Cancel" } }
            }
        } } }
    };
    Ok(around(cx, HOME, body))
}

/// A QR code as one path, dark on light in every theme, with the quiet zone of four modules that scanners need.
fn picture(text: &str) -> Result<Markup> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
    let (width, colors) = (code.width(), code.to_colors());
    let dark = colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
    let path: String = dark.map(|(i, _)| format!("M{} {}h1v1h-1z", i % width + QUIET, i / width + QUIET)).collect();
    let size = width + 2 * QUIET;
    Ok(html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (size) " " (size) } width="232" height="232"
            role="img" aria-label="The key as a QR code" shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

/// The one time that the codes are shown. Turbo takes a page as the answer to a form if it is not a plain 200.
fn hand_over(cx: &Cx, codes: &[String]) -> Response {
    let list = codes.join("\n");
    let body = html! {
        section.card { header { h2 { "Your recovery codes" } } div.body { div.stack {
            p { "Each of them lets you in once in place of the app. Print them or keep them in your password manager: Cairn does not show them again." }
            pre.code { code { (list) } }
            div.buttons {
                copy-button data-text=(list) { button.button type="button" { (icon("copy")) "Copy" } }
                a.button.quiet href=(HOME) { "I have kept them" }
            }
        } } }
    };
    let mut response = cx.page("Your recovery codes", around(cx, HOME, body));
    *response.status_mut() = StatusCode::CREATED;
    response
}
