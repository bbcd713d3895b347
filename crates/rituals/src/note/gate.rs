//! What stands before the notes: their beginning, their lock, and what opens it.
use super::store::DropAll;
use kernel::Error;
use people::account::{
    ask_for_password,
    sealed::{self, ASKED},
    visitor::Visitor,
};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, icon, token};

/// What the notes are safe from and what not. The page says it before anything is written.
const PROMISE: &str = "Sealed notes are encrypted with a key made from your password. People with a copy of the database, the backups or the key file, and Cairn administrators, cannot read them while you are signed out. Someone who controls the running server can read what you open while you open it. If you lose your password and your recovery code, nobody can recover them.";
const SEEN: &str = "What stays visible to whoever has the database: how many notes you have, about how long they are, and when you wrote them.";

pub(super) fn promise() -> Markup {
    html! { p.small { (PROMISE) } p.small.muted { (SEEN) } }
}

/// The page of somebody who has no key yet.
pub(super) fn beginning(cx: &Cx, form: &Form) -> Markup {
    html! {
        (Head { title: "Notes for you alone", ..Head::default() }.show())
        section.card.private {
            header { (icon("lock")) h2 { "Only you can read this" } span.right.small { "Not in exports, not for administrators" } }
            div.body.stack {
                (promise())
                form.form method="post" action="/notes/key" {
                    (token(cx)) (form.summary())
                    (form.input("password", "password", "Your password", "The key is made here and now; you get a recovery code next.", false))
                    footer.form-foot { button.button.primary { "Begin" } }
                }
            }
        }
    }
}

/// The page of somebody whose notes are locked.
pub(super) fn locked(cx: &Cx, reset: bool, form: &Form) -> Markup {
    html! {
        (Head { title: "Your notes are locked", ..Head::default() }.show())
        section.card.private {
            header { (icon("lock")) h2 { "Only you can read this" } span.right.small { "Locked after 15 minutes without use" } }
            div.body.stack {
                @if reset {
                    p { "Your password was reset, and the new one does not open what was sealed before. Your recovery code does, or the password you had." }
                    form.form method="post" action="/notes/key/recovered" {
                        (token(cx)) (form.summary())
                        (form.input("password", "password", "Your password of today", "", false))
                        (form.input("password", "other", "Recovery code or former password", "", false))
                        footer.form-foot { button.button.primary { "Open my notes" } }
                    }
                } @else {
                    p { "Enter your password to open them in this browser." }
                    div.buttons { a.button.primary href="/prove?return_to=/notes" { "Unlock" } }
                }
                (promise())
                (discarding(cx))
            }
        }
    }
}

fn discarding(cx: &Cx) -> Markup {
    html! {
        details.fold { summary { "I have lost my password and my code" } div.body.stack.tight {
            p { "Then nobody can open these notes. You can drop them and begin anew." }
            form method="post" action="/notes/key/discarded" data-confirm="Drop all your sealed notes? Nobody can bring them back." data-confirm-button="Drop them" {
                (token(cx)) button.button.danger { "Drop all sealed notes" }
            }
        } }
    }
}

/// `POST /notes/key`
pub async fn begin(visitor: Visitor, form: Submitted) -> Answer {
    match sealed::begin(&form.cx, form.text("password"), &visitor).await {
        Ok(code) => Ok(code_page(&form, &code, &Form::default())),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again("Notes for you alone", beginning(&form.cx, &state)))
        }
    }
}

/// `POST /notes/key/code`
pub async fn renew(form: Submitted) -> Answer {
    match sealed::renew_code(&form.cx).await {
        Ok(code) => Ok(code_page(&form, &code, &Form::default())),
        Err(Error::Unproven) => Ok(ask_for_password("/notes")),
        Err(error) => Err(error.into()),
    }
}

/// `POST /notes/key/confirmed`
pub async fn confirm(form: Submitted) -> Answer {
    let code = form.text("code").to_owned();
    match sealed::confirm(&form.cx, &code, [form.text("second"), form.text("fifth")]).await {
        Ok(()) => Ok(form.go("/notes", Flash::says("Your notes are open. Keep the code where you keep such things."))),
        Err(error) => {
            let state = form.refused(error)?;
            let mut response = code_page(&form, &code, &state);
            *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// The one time that the code is shown. Turbo takes a page as the answer to a form if it is not a plain 200.
fn code_page(form: &Submitted, code: &str, state: &Form) -> axum::response::Response {
    let head = Head {
        title: "Your recovery code",
        lead: "It opens your notes if you lose your password. Cairn does not show it again.",
        ..Head::default()
    };
    let body = html! {
        (head.show())
        section.card { div.body.stack {
            pre.code { code { (code) } }
            p { "Write it down or print it, and keep it away from this machine. Then type the second and the fifth group, to see that it can be read." }
            form.form method="post" action="/notes/key/confirmed" {
                (token(&form.cx)) (state.summary())
                input type="hidden" name="code" value=(code);
                div.field-row {
                    (state.text("second", &format!("Group {}", ASKED[0]), ""))
                    (state.text("fifth", &format!("Group {}", ASKED[1]), ""))
                }
                footer.form-foot { button.button.primary { "I have it" } }
            }
        } }
    };
    let mut response = form.cx.guarded_page("Your recovery code", body);
    *response.status_mut() = axum::http::StatusCode::CREATED;
    response
}

/// `POST /notes/key/recovered`
pub async fn recover(visitor: Visitor, form: Submitted) -> Answer {
    match sealed::recover(&form.cx, form.text("password"), form.text("other"), &visitor).await {
        Ok(()) => {
            Ok(form.go("/notes", Flash::says("Your notes are open. Your password of today opens them from now on.")))
        }
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again("Your notes are locked", locked(&form.cx, true, &state)))
        }
    }
}

/// `POST /notes/key/locked`
pub async fn lock(form: Submitted) -> Answer {
    sealed::lock(&form.cx);
    Ok(form.go("/notes", Flash::says("Locked.")))
}

/// `POST /notes/key/discarded`
pub async fn discard(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Drop all your sealed notes? Nobody can bring them back.", "Drop them");
    }
    match form.change(DropAll {}).await {
        Ok(()) => {
            sealed::lock(&form.cx);
            Ok(form.go("/notes", Flash::says("Dropped.")))
        }
        Err(Error::Unproven) => Ok(ask_for_password("/notes")),
        Err(error) => Err(error.into()),
    }
}
