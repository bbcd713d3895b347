use super::around;
use crate::account::{
    ask_for_password,
    session::IsProven,
    token::{CreateToken, Created, ListTokens, RevokeToken, Token},
};
use axum::{http::StatusCode, response::Response};
use kernel::Error;
use std::collections::BTreeSet;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, ago, date, date_long, html, icon, token};

const NEW: &str = "/me/tokens/new";

/// `GET /me/tokens`
pub async fn list(cx: Cx) -> Answer {
    let tokens = cx.read(ListTokens {}).await?;
    let body = html! {
        section.card #tokens {
            header { h2 { "Tokens" } a.button.small.right href=(NEW) { "New token" } }
            @if tokens.is_empty() {
                div.body { p.muted { "None. With a token a script or an agent acts for you, within limits that you choose." } }
            }
            ul.list { @for one in &tokens { (row(&cx, one)) } }
        }
    };
    Ok(cx.page("Your tokens", around(&cx, "/me/tokens", body)))
}

fn row(cx: &Cx, one: &Token) -> Markup {
    let zone = &cx.viewer.zone;
    html! {
        li id={ "token-" (one.id) } {
            (icon("key"))
            div.what {
                p { (one.name) }
                p.small.muted {
                    (one.scopes) ", ends " (date(one.expires_at.date(zone), cx.today())) ", "
                    @match one.used_at {
                        Some(at) => { "last used " (ago(at, cx.now(), zone)) }
                        None => "never used",
                    }
                }
            }
            form method="post" action={ "/me/tokens/" (one.id) "/revocation" } {
                (token(cx)) button.button.small { "End" }
            }
        }
    }
}

/// `GET /me/tokens/new`
pub async fn new(cx: Cx) -> Answer {
    if !cx.read(IsProven {}).await? {
        return Ok(ask_for_password(NEW));
    }
    let form = Form::of([("scopes", "*:read".to_owned()), ("days", "90".to_owned())]);
    let body = view(&cx, &form);
    Ok(cx.page("New token", body))
}

/// `POST /me/tokens`
pub async fn create(form: Submitted) -> Answer {
    match form.submit::<CreateToken>().await {
        Ok(created) => Ok(hand_over(&form.cx, &created)),
        Err(Error::Unproven) => Ok(ask_for_password(NEW)),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again("New token", view(&form.cx, &state)))
        }
    }
}

/// `POST /me/tokens/{token}/revocation`
pub async fn revoke(form: Submitted) -> Answer {
    form.submit::<RevokeToken>().await?;
    Ok(form.go("/me/tokens", Flash::says("The token has ended.")))
}

/// The one time that a token is shown. Turbo takes a page as the answer to a form if it is not a plain 200.
fn hand_over(cx: &Cx, created: &Created) -> Response {
    let until = date_long(created.expires_at.date(&cx.viewer.zone));
    let head = Head { title: "Your new token", lead: &format!("It works until {until}."), ..Head::default() };
    let body = html! {
        (head.show())
        section.card { div.body { div.stack {
            p { "Cairn does not show it again. Whoever has it acts as you." }
            pre.code { code { (created.token) } }
            div.buttons {
                copy-button data-text=(created.token) { button.button type="button" { (icon("copy")) "Copy" } }
                a.button.quiet href="/me/tokens" { "Done" }
            }
        } } }
    };
    let mut response = cx.page("Your new token", body);
    *response.status_mut() = StatusCode::CREATED;
    response
}

fn view(cx: &Cx, form: &Form) -> Markup {
    let crumbs = vec![("/me", "Your settings"), ("/me/tokens", "Tokens")];
    html! {
        (Head { crumbs, title: "New token", ..Head::default() }.show())
        form.form method="post" action="/me/tokens" {
            (form.summary())
            (token(cx))
            (form.text("name", "Name", "What it is for, such as “nightly report”."))
            (form.select("days", "Ends after", "", None, &lengths()))
            (scopes(cx, form))
            footer.form-foot { button.button.primary { "Create" } a.button.quiet href="/me/tokens" { "Cancel" } }
        }
    }
}

fn lengths() -> Vec<(String, String)> {
    [7, 30, 60, 90].map(|days| (days.to_string(), format!("{days} days"))).into()
}

fn scopes(cx: &Cx, form: &Form) -> Markup {
    let nouns: BTreeSet<&str> = cx.site.app.operations().filter_map(|op| op.name.split('.').next()).collect();
    let choice = |scope: String, words: String| {
        html! {
            label.choice {
                input type="checkbox" name="scopes" value=(scope) checked[form.holds("scopes", &scope)];
                span { (words) }
            }
        }
    };
    html! {
        fieldset.choices #scopes {
            legend { "What it may be used for" }
            (choice("*:read".into(), "Read all that you can read".into()))
            (choice("*:write".into(), "Read and change all that you can".into()))
            @if let Some(sentence) = form.flaw("scopes") { p.error #scopes-error { (sentence) } }
        }
        details.fold {
            summary { "Only some kinds of records" }
            div.body { @for noun in nouns {
                fieldset.choices {
                    legend { (noun.replace('_', " ")) }
                    (choice(format!("{noun}:read"), "Read".into()))
                    (choice(format!("{noun}:write"), "Read and change".into()))
                }
            } }
        }
    }
}
