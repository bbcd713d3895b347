//! What the parts of a commitment can be counted from, and the fields of a form that ask for it.
use crate::source::SourceKind;
use kernel::{Actor, Error, Method::Get, Operation, Result, Route, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Cx, Form, Markup, html};

/// What a part of a commitment can be counted from, but for issues: sprints, milestones, projects and initiatives that are
/// not over.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSources {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SourceChoice {
    pub kind: SourceKind,
    pub id: String,
    pub name: String,
    /// The team of a sprint, the project of a milestone.
    pub within: Option<String>,
}
columns!(SourceChoice { kind, id, name, within });

const MOST: i64 = 2000;

impl Operation for ListSources {
    const NAME: &str = "commitment.sources";
    const ROUTE: Route = Route(Get, "/commitment-sources");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<SourceChoice>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<SourceChoice>> {
        let select = sql!(
            "select c.kind, c.id, c.name, c.within from (
               select 1 as place, 'sprint' as kind, s.sprint_id as id, s.name as name, t.name as within
                 from work_public_sprints s join teams t on t.workspace_id = s.workspace_id and t.id = s.team_id
                where s.workspace_id = $1 and $2 and s.closed_at is null
               union all
               select 2 as place, 'milestone' as kind, m.milestone_id as id, m.name as name, p.name as within
                 from roadmap_public_milestones m
                 join roadmap_public_projects p on p.workspace_id = m.workspace_id and p.project_id = m.project_id
                where m.workspace_id = $1 and $2 and p.open
               union all
               select 3 as place, 'project' as kind, p.project_id as id, p.name as name, cast(null as text) as within
                 from roadmap_public_projects p where p.workspace_id = $1 and $2 and p.open
               union all
               select 4 as place, 'initiative' as kind, n.initiative_id as id, n.name as name, cast(null as text) as within
                 from roadmap_public_initiatives n where n.workspace_id = $1 and $2 and n.open
             ) c order by c.place, lower(c.name), c.id limit $3"
        );
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), MOST]).await
    }
}

impl SourceChoice {
    fn option(&self) -> (String, String) {
        let within = self.within.as_ref().map_or(String::new(), |within| format!(", {within}"));
        (format!("{}:{}", self.kind.word(), self.id), format!("{}: {}{within}", self.kind.title(), self.name))
    }
}

/// The fields that say what is left: counted from issues, or by hand.
pub async fn fields(cx: &Cx, state: &Form) -> Result<Markup> {
    let mut choices: Vec<(String, String)> = cx.read(ListSources {}).await?.iter().map(SourceChoice::option).collect();
    // What was chosen before stays a choice, also once it is over.
    let chosen = state.value("counted_from");
    if !chosen.is_empty() && choices.iter().all(|(value, _)| value != chosen) {
        choices.push((chosen.to_owned(), "As it is now".to_owned()));
    }
    Ok(html! {
        p { "What is left is counted from issues and follows them by itself, or you write a number and count again now and then." }
        div.field-row {
            (state.combo("counted_from", "Counted from", "A sprint, a milestone, a project or an initiative.", Some("Nothing of these"), &choices))
            (state.optional("below", "Or all below an issue", "Its key, such as PAY-482."))
        }
        (state.input("number", "items", "Or a number of items", "Of what counts for the team.", true))
        (state.input("number", "focus", "Share of the team in percent", "100 if the team does nothing else.", true))
    })
}
