//! What to do first: projects and ideas for them by RICE, WSJF or weights of one's own. The inputs are kept with who gave them,
//! when and why; scores are computed from them and never stored. They are of work, never of a person.
mod comparison;
mod form;
mod history;
mod judge;
mod list;
mod method;
mod page;
mod undo;
mod weighting;
mod weights_page;

pub use history::{Judged, Judgement, ListJudgements, ProjectJudgements};
pub use judge::{JudgeProject, Judging};
pub use list::{ListPriorities, Priorities, Prioritised};
pub use method::{Factor, Method, Score};
pub use undo::UndoJudgement;
pub use weighting::{Criterion, ListWeightings, SetWeighting, UndoWeighting, Weighting};

use kernel::{Id, Person, Result, Time, Tx, args, columns, list as id_list, sql};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use ui::Pages;

/// What holds for one factor of a project: the last that was said of it and not taken back.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Input {
    #[serde(skip)]
    pub project_id: Id<kernel::Project>,
    /// `reach`, `impact`, `confidence`, `effort`, `value`, `urgency`, `opportunity`, `size`, or the id of a criterion.
    pub factor: String,
    pub value: f64,
    pub why: String,
    pub at: Time,
    pub by_id: Id<Person>,
    pub by_name: String,
}

struct Row {
    project_id: Id<kernel::Project>,
    factor: String,
    value: Option<f64>,
    why: String,
    at: Time,
    by_id: Id<Person>,
    by_name: String,
}
columns!(Row { project_id, factor, value, why, at, by_id, by_name });

/// The inputs of projects that the actor sees.
async fn inputs(tx: &mut Tx<'_>, projects: &[Id<kernel::Project>]) -> Result<Vec<Input>> {
    let select = sql!(
        "select f.project_id, f.factor, f.value, f.why, f.at, f.by_id, b.name as by_name
           from (
             select j.project_id, v.factor, v.value, j.why, j.at, j.by_id,
                    row_number() over (partition by j.project_id, v.factor order by j.at desc, j.id desc) as place
               from judgements j
               join judged_values v on v.workspace_id = j.workspace_id and v.judgement_id = j.id
              where j.workspace_id = $1 and j.project_id in (select value from json_each(cast($2 as text)))
                and j.undone_at is null
           ) f
           join people b on b.workspace_id = $1 and b.id = f.by_id
          where f.place = 1
          order by f.project_id, f.factor"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), id_list(projects)]).await?;
    Ok(rows.into_iter().filter_map(Row::input).collect())
}

impl Row {
    /// Nothing where the last word is that it is no longer known.
    fn input(self) -> Option<Input> {
        let Row { project_id, factor, value, why, at, by_id, by_name } = self;
        value.map(|value| Input { project_id, factor, value, why, at, by_id, by_name })
    }
}

/// The values of one project by their factors.
fn values(inputs: &[Input], project: Id<kernel::Project>) -> BTreeMap<&str, f64> {
    let own = inputs.iter().filter(|input| input.project_id == project);
    own.map(|input| (input.factor.as_str(), input.value)).collect()
}

/// `1,240`, `17.3`, `0.25`: as exactly as is useful.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let digits = whole.trim_start_matches('-').len();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len() - place;
        if digit != '-' && left % 3 == 0 && left < digits {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/priorities", page::show)
        .get("/priorities/comparison", comparison::show)
        .get("/weights", weights_page::show)
        .post("/weights", weights_page::save)
        .post("/weightings/{weighting}/undoing", weights_page::undo)
        .get("/projects/{project}/judgements", form::show)
        .post("/projects/{project}/judgements", form::save)
        .post("/judgements/{judgement}/undoing", form::undo)
}

#[cfg(test)]
mod tests;
