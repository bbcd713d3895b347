//! The page of those who run the workspace.
use super::{hold, jobs, mail};
use people::account::factor::policy;
use ui::{Answer, Cx, Head, html, icon};

const PLACES: &[(&str, &str, &str, &str)] = &[
    ("/people/import", "upload", "Import people", "From the export of an HR system, with a preview."),
    ("/admin/holidays", "calendar", "Holiday calendars", "The public ones, and your own from .ics files."),
    ("/onboarding/templates", "map", "Onboarding templates", "What the first ninety days hold."),
    ("/api/v1", "key", "The API", "All that the pages can do, for programs."),
];

/// `GET /admin`
pub async fn admin(cx: Cx) -> Answer {
    let jobs = cx.read(jobs::ListJobs {}).await?;
    let mails = cx.read(mail::ListMails {}).await?;
    let held = cx.read(hold::ShowMailHold {}).await?;
    let factors = policy::card(&cx).await?;
    let trouble = jobs.iter().filter(|job| job.died_at.is_some()).count();
    let title = match trouble {
        0 => "Everything runs".to_owned(),
        1 => "One job was given up and needs a look".to_owned(),
        n => format!("{n} jobs were given up and need a look"),
    };
    let body = html! {
        (Head { title: &title, lead: &format!("Cairn {}", env!("CARGO_PKG_VERSION")), ..Head::default() }.show())
        div.cols {
            div.stack { (hold::notice(&cx, &held)) (jobs::card(&cx, &jobs)) (mail::card(&cx, &mails)) }
            div.stack {
                section.card { header { h2 { "Set up" } } ul.list { @for (href, sign, label, hint) in PLACES {
                    li { (icon(sign)) div.what.wrap { p { a href=(href) { (label) } } p.small.muted { (hint) } } }
                } } }
                (factors)
            }
        }
    };
    Ok(cx.page("Admin", body))
}
