use super::plan::{ListPlans, Which, progress, standing};
use crate::{access::cares_for_people, person::Profile};
use jiff::ToSpan;
use kernel::Result;
use ui::{Cx, Markup, date_long, html};

/// On the page of a person, for those who see their plan: the latest one, and for those who may, the start of one around
/// the first day.
pub async fn card(cx: &Cx, person: &Profile) -> Result<Markup> {
    let plans = cx.read(ListPlans { which: Some(Which::All), person: Some(person.id) }).await?;
    let keeps = cares_for_people(cx.actor()) || (person.employment.is_some() && !person.own);
    let is_new = person.starts_on.is_some_and(|start| start >= cx.today().saturating_sub(90.days()));
    Ok(match plans.first() {
        Some(plan) => html! {
            section.card {
                header { h2 { "Onboarding" } span.right { (standing(cx, plan)) } }
                div.body {
                    p { a.link href={ "/onboarding/" (plan.id) } { "Plan from " (date_long(plan.starts_on)) } }
                    (progress(plan))
                }
            }
        },
        None if keeps && is_new && person.deactivated_at.is_none() => html! {
            section.card {
                header { h2 { "Onboarding" } }
                div.body {
                    p.muted { "No plan leads " (person.name) " through the first weeks yet." }
                    div.buttons { a.button href={ "/onboarding/new?person=" (person.id) } { "Start a plan" } }
                }
            }
        },
        None => html! {},
    })
}
