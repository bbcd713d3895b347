use super::{VISIBLE, add::MayPrepare};
use crate::onboarding::tabs;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, empty, html, icon};

/// The templates of onboarding plans, by name.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTemplates {
    /// Also those that are archived.
    #[serde(default)]
    pub archived: bool,
}

/// A template in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Summary {
    pub id: Id<super::Template>,
    pub name: String,
    pub about: String,
    pub archived_at: Option<Time>,
    pub steps: i64,
    pub expectations: i64,
    /// The working day with which the last phase ends; none without phases.
    pub last_day: Option<i64>,
}
columns!(Summary { id, name, about, archived_at, steps, expectations, last_day });

const MOST: i64 = 500;

impl Operation for ListTemplates {
    const NAME: &str = "onboarding_template.list";
    const ROUTE: Route = Route(Get, "/onboarding/templates");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Summary>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Summary>> {
        let select = sql!(
            "select t.id, t.name, t.about, t.archived_at,
                    (select count(*) from onboarding_template_steps s where s.workspace_id = $1 and s.template_id = t.id
                        and s.removed_at is null and s.kind = 'step') as steps,
                    (select count(*) from onboarding_template_steps s where s.workspace_id = $1 and s.template_id = t.id
                        and s.removed_at is null and s.kind = 'expectation') as expectations,
                    (select max(f.day) from onboarding_template_phases f
                      where f.workspace_id = $1 and f.template_id = t.id) as last_day
               from onboarding_templates t where",
            VISIBLE,
            "and ($3 or t.archived_at is null) order by lower(t.name), t.id limit $4"
        );
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.archived, MOST]).await
    }
}

/// `GET /onboarding/templates`
pub async fn list(cx: Cx) -> Answer {
    let list: ListTemplates = cx.input()?;
    let archived = list.archived;
    let templates = cx.read(list).await?;
    let may_add = cx.read(MayPrepare {}).await?;
    let actions = html! { @if may_add {
        a.button.primary href="/onboarding/templates/new" data-key="c" data-key-label="Write a template" { "Write a template" kbd { "C" } }
    } };
    let lead = "What newcomers do and are expected to know, phase by phase. A plan is a copy, so changes here leave running plans as they are.";
    let body = html! {
        (Head { title: "Onboarding", lead, actions: Some(actions), ..Head::default() }.show())
        (tabs("/onboarding/templates"))
        div.stack {
            @if templates.is_empty() {
                (empty("A template holds the steps and expectations of a newcomer's first weeks, so that the next plan begins with what was learned in the last one.",
                       may_add.then_some(("/onboarding/templates/new", "Write a template"))))
            } @else { section.card #templates { ul.list { @for template in &templates { (line(template)) } } } }
            @if archived { a.link.small href="/onboarding/templates" { "Hide archived templates" } }
            @else { a.link.small href="/onboarding/templates?archived=true" { "Show archived templates too" } }
        }
    };
    Ok(cx.live_page("Onboarding templates", &["onboarding_template"], body))
}

fn line(template: &Summary) -> Markup {
    html! {
        li id={ "template-" (template.id) } {
            (icon("list-checks"))
            div.what {
                p { a href={ "/onboarding/templates/" (template.id) } { (template.name) } }
                p.small.muted { (template.about) }
            }
            span.row.small.muted {
                @if template.archived_at.is_some() { span.chip { "Archived" } }
                (counted(template.steps, "step")) ", " (counted(template.expectations, "expectation"))
                @if let Some(day) = template.last_day { ", " (day) " working days" }
            }
        }
    }
}

fn counted(number: i64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
