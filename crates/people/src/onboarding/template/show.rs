use super::{Phase, Step, Template, place};
use crate::onboarding::{Kind, manages, prepares};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, html, icon, prose, token};

/// One template with its phases and steps.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowTemplate {
    pub template: Id<Template>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TemplateView {
    pub template: Template,
    pub phases: Vec<Phase>,
    /// In their order, phase by phase.
    pub steps: Vec<Step>,
    pub may_change: bool,
}

impl Operation for ShowTemplate {
    const NAME: &str = "onboarding_template.show";
    const ROUTE: Route = Route(Get, "/onboarding/templates/{template}");
    const READS: bool = true;
    type Target = Template;
    type Output = TemplateView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Template> {
        Template::visible(tx, self.template).await
    }

    fn allows(_: &Actor, _: &Template) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, template: Template) -> Result<TemplateView> {
        Ok(TemplateView {
            phases: Template::phases(tx, template.id).await?,
            steps: Template::steps(tx, template.id).await?,
            may_change: prepares(tx.actor(), manages(tx).await?),
            template,
        })
    }
}

/// `GET /onboarding/templates/{template}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTemplate>().await?;
    let place = place(view.template.id);
    let editable = view.may_change && view.template.archived_at.is_none();
    let actions = html! { @if view.may_change { (actions(&cx, &view, &place)) } };
    let crumbs = vec![("/onboarding", "Onboarding"), ("/onboarding/templates", "Templates")];
    let body = html! {
        (Head { crumbs, title: &view.template.name, actions: Some(actions), ..Head::default() }.show())
        @if view.template.archived_at.is_some() { (archived(&cx, &view, &place)) }
        div.stack {
            @if !view.template.about.is_empty() { div.prose.compact { (prose(&view.template.about)) } }
            @if view.phases.is_empty() {
                (empty("A phase is a stretch of the plan, such as the first week. Steps stand in phases.",
                       editable.then_some((&*format!("{place}/phases/new"), "Add a phase"))))
            }
            @for phase in &view.phases { (phase_card(&cx, &view, phase, &place, editable)) }
            @if editable && !view.phases.is_empty() {
                div.buttons { a.button href={ (place) "/phases/new" } { (icon("plus")) "Add a phase" } }
            }
        }
    };
    let id = view.template.id.to_string();
    Ok(cx.live_page(&view.template.name, &[&id], body))
}

fn actions(cx: &Cx, view: &TemplateView, place: &str) -> Markup {
    html! {
        @if view.template.archived_at.is_none() {
            a.button href={ (place) "/edit" } data-key="e" data-key-label="Edit" { "Edit" kbd { "E" } }
            a.button.primary href={ "/onboarding/new?template=" (view.template.id) } data-key="c" data-key-label="Start a plan" { "Start a plan" kbd { "C" } }
        }
        details.menu name="menu" {
            summary.button.quiet.icon-only aria-label="More for this template" { (icon("more-horizontal")) }
            div.panel {
                form method="post" action={ (place) "/duplicate" } { (token(cx)) button { "Duplicate" } }
                @if view.template.archived_at.is_none() {
                    form method="post" action={ (place) "/archive" } { (token(cx)) button { "Archive" } }
                }
            }
        }
    }
}

fn archived(cx: &Cx, view: &TemplateView, place: &str) -> Markup {
    html! {
        div.ask {
            p.grow { "This template is archived: no new plans are made from it." }
            @if view.may_change { form method="post" action={ (place) "/restore" } { (token(cx)) button.button.small { "Bring it back" } } }
        }
    }
}

fn phase_card(cx: &Cx, view: &TemplateView, phase: &Phase, place: &str, editable: bool) -> Markup {
    let steps: Vec<&Step> = view.steps.iter().filter(|step| step.phase == phase.day).collect();
    let day = phase.day;
    html! {
        section.card id={ "phase-" (day) } {
            header {
                h2 { (phase.name) }
                span.right.small.muted { "To working day " (day) }
                @if editable { details.menu name="menu" {
                    summary.button.quiet.icon-only aria-label={ "More for " (phase.name) } { (icon("more-horizontal")) }
                    div.panel {
                        a href={ (place) "/phases/" (day) "/edit" } { "Edit the phase" }
                        @if steps.is_empty() { form method="post" action={ (place) "/phases/" (day) "/remove" } { (token(cx)) button.danger { "Remove the phase" } } }
                    }
                } }
            }
            @if steps.is_empty() { div.body { p.muted { "Nothing stands in this phase yet." } } }
            ul.list { @for step in steps { (line(cx, step, place, editable)) } }
            @if editable { footer.row {
                a.button.small href={ (place) "/steps/new?phase=" (day) } { (icon("plus")) "Add a step" }
                a.button.small.quiet href={ (place) "/steps/new?phase=" (day) "&kind=expectation" } { "Add an expectation" }
            } }
        }
    }
}

fn line(cx: &Cx, step: &Step, place: &str, editable: bool) -> Markup {
    let here = format!("{place}/steps/{}", step.id);
    html! {
        li id={ "step-" (step.id) } {
            (icon(if step.kind == Kind::Step { "circle-check" } else { "eye" }))
            div.what.wrap {
                p { @if editable { a href={ (here) "/edit" } { (step.title) } } @else { strong { (step.title) } } }
                @if !step.body.is_empty() { div.small.soft { (prose(&step.body)) } }
                p.small.muted { (in_words(step)) }
            }
            div.row {
                @if step.kind == Kind::Expectation { (chip("info", "Expectation")) } @else { (chip("", step.owner.title())) }
                @if editable { (buttons(cx, &step.title, &here)) }
            }
        }
    }
}

/// Up, down and remove; each is a form, so that a press of the Return key on it moves the step as well.
pub(in crate::onboarding) fn buttons(cx: &Cx, title: &str, here: &str) -> Markup {
    let one = |action: &str, direction: &str, sign: &str, label: &str| {
        html! {
            form method="post" action={ (here) (action) } {
                (token(cx))
                @if !direction.is_empty() { input type="hidden" name="direction" value=(direction); }
                button.button.quiet.icon-only.small aria-label={ (label) ": " (title) } title=(label) { (icon(sign)) }
            }
        }
    };
    html! {
        (one("/move", "up", "chevron-up", "Move up")) (one("/move", "down", "chevron-down", "Move down"))
        (one("/remove", "", "trash", "Remove"))
    }
}

fn in_words(step: &Step) -> String {
    let days = |n: u64| if n == 1 { "1 working day".to_owned() } else { format!("{n} working days") };
    match step.due_day {
        0 => "Due on the first day".into(),
        day @ ..0 => format!("Due {} before the first day", days(day.unsigned_abs())),
        day => format!("Due {} after the first day", days(day.unsigned_abs())),
    }
}
