use super::around;
use crate::{
    account::{SetTheme, Theme, cookies},
    person::{EditProfile, ShowPerson, choices},
};
use axum::http::header::SET_COOKIE;
use kernel::{Result, json, parse};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, html, icon, token};

const TITLE: &str = "Your settings";

/// `GET /me`
pub async fn show(cx: Cx) -> Answer {
    let me = cx.read(ShowPerson { person: cx.actor().person }).await?;
    let form = Form::of([("zone", me.zone.clone()), ("hours", me.hours.clone()), ("holidays", me.holidays.clone())]);
    let body = view(&cx, &form).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /me`
pub async fn save(form: Submitted) -> Answer {
    match change(&form).await {
        Ok(_) => Ok(form.go("/me", Flash::says("Saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again(TITLE, view(&form.cx, &state).await?))
        }
    }
}

async fn change(form: &Submitted) -> Result<()> {
    let edit: EditProfile = parse(json!({
        "person": form.cx.actor().person, "zone": form.text("zone"), "hours": form.text("hours"),
        "holidays": form.text("holidays"),
    }))?;
    form.change(edit).await?;
    Ok(())
}

/// `POST /me/theme`
pub async fn set_theme(form: Submitted) -> Answer {
    let theme: SetTheme = form.input()?;
    let word = theme.theme.word();
    form.change(theme).await?;
    let mut response = form.go("/me", Flash::says("Saved."));
    response.headers_mut().append(SET_COOKIE, cookies::theme(word));
    Ok(response)
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let (zones, places) =
        (choices::zones(cx.now(), form.value("zone")), choices::places(cx, form.value("holidays")).await?);
    let holidays = form.combo("holidays", "Holidays", "Days off that you need not enter.", Some("None"), &places);
    Ok(around(
        cx,
        "/me",
        html! {
            div.cols {
                div.stack {
                    section.card { header { h2 { "Your time" } } div.body {
                        form.form method="post" action="/me" data-guard {
                            (form.summary())
                            (token(cx))
                            (form.combo("zone", "Time zone", "Where you work from.", None, &zones))
                            (form.hours("hours", "Working hours", "In your own time. Others see when you are at work."))
                            (holidays)
                            footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } }
                        }
                    } }
                }
                div.stack {
                    section.card { header { h2 { "Look" } } div.body { (theme_switch(cx)) } }
                }
            }
        },
    ))
}

fn theme_switch(cx: &Cx) -> Markup {
    let label = |theme| match theme {
        Theme::System => ("monitor", "System"),
        Theme::Light => ("sun", "Light"),
        Theme::Dark => ("moon", "Dark"),
    };
    html! {
        theme-switch { auto-submit {
            form method="post" action="/me/theme" {
                (token(cx))
                fieldset.segmented {
                    legend { "Theme" }
                    @for theme in Theme::ALL {
                        label {
                            input type="radio" name="theme" value=(theme.word()) checked[cx.viewer.theme.word() == theme.word()];
                            span { (icon(label(*theme).0)) (label(*theme).1) }
                        }
                    }
                }
                button.button.no-script { "Use it" }
            }
        } }
    }
}
