//! Fields that a team, or everyone, has added to issues.
mod add;
mod archive;
mod choices;
mod edit;
mod exchange;
mod foreign;
mod form;
mod held;
mod list;
mod page;
mod settle;
mod uses;
mod value;

pub use add::AddField;
pub(crate) use add::insert;
pub use archive::{ArchiveField, DeleteField, RestoreField};
pub(crate) use choices::choices_of;
pub use choices::{Choice, RenameChoice};
pub use edit::EditField;
pub use exchange::{ExchangedChoice, ExchangedField};
pub(crate) use exchange::{added, choice_named, exchanged, find};
pub use foreign::{Foreign, ListForeign, TakeForeign, Taken};
pub(crate) use form::{inputs, inputs_of_many, is_input, parted, texts};
pub use held::Held;
pub(crate) use held::held_of;
pub use list::{FieldView, ListFields};
pub(crate) use settle::{Turn, can_go_back, differences, look_up, store};
pub use uses::{FieldUse, FieldUses, ListFieldUses};
pub use value::Given;
pub(crate) use value::{Number, day_key, everything, sought, stored, text_key};

use crate::{label::of_team, team::Kept};
use jiff::civil::Date;
use kernel::{Change, Error, Id, Person, Result, Team, Time, Tx, args, columns, sql, words};
use people::person::folded;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use ui::Pages;

words! {
    /// What a field holds.
    pub enum Kind {
        Text = "text",
        Number = "number",
        Day = "day",
        Choice = "choice",
        Person = "person",
        Link = "link",
    }
}

impl Kind {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Text => "Text",
            Kind::Number => "Number",
            Kind::Day => "Day",
            Kind::Choice => "Choice",
            Kind::Person => "Person",
            Kind::Link => "Link",
        }
    }
}

/// A field that was added to issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomField {
    pub id: Id<CustomField>,
    /// The team whose issues have it; those of all teams if there is none.
    pub team_id: Option<Id<Team>>,
    pub team_name: Option<String>,
    pub name: String,
    pub kind: Kind,
    /// Who says what it is for.
    pub owner_id: Option<Id<Person>>,
    pub owner_name: Option<String>,
    /// The day on which an issue was last given a value, in UTC.
    pub used_on: Option<Date>,
    pub created_at: Time,
    pub archived_at: Option<Time>,
}
columns!(CustomField { id, team_id, team_name, name, kind, owner_id, owner_name, used_on, created_at, archived_at });

/// Every query that shows fields, as `f`, begins with this.
const SELECT: &str = "
    select f.id, f.team_id, t.name as team_name, f.name, f.kind, f.owner_id, o.name as owner_name, f.used_on,
           f.created_at, f.archived_at
      from custom_fields f
      left join teams t on t.workspace_id = f.workspace_id and t.id = f.team_id
      left join people o on o.workspace_id = f.workspace_id and o.id = f.owner_id ";

/// What issues are to hold, by the ids of the fields.
pub type Values = BTreeMap<Id<CustomField>, Change<Given>>;

impl CustomField {
    /// The field, if the actor can see it: colleagues see those of all teams, as they see the issues.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<CustomField>) -> Result<CustomField> {
        let select = sql!(SELECT, "where f.workspace_id = $1 and $2 and f.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    async fn kept(tx: &mut Tx<'_>, id: Id<CustomField>) -> Result<(CustomField, Option<Kept>)> {
        let field = CustomField::visible(tx, id).await?;
        let kept = of_team(tx, field.team_id).await?;
        Ok((field, kept))
    }

    /// Whether issues of this team can be given it.
    pub(crate) fn is_for(&self, team: Id<Team>) -> bool {
        self.team_id.is_none_or(|own| own == team)
    }
}

fn unique_name(team: Option<Id<Team>>, name: &str) -> String {
    format!("{}:{}", team.map(|team| team.to_string()).unwrap_or_default(), folded(name))
}

fn taken(error: Error) -> Error {
    error.when_field("custom_fields_workspace_id_unique_name_key", "name", "There is such a field already.")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/custom-fields", page::list)
        .post("/custom-fields", page::add)
        .get("/found-fields", foreign::list)
        .post("/found-fields", foreign::save)
        .get("/custom-fields/{field}/edit", page::edit)
        .post("/custom-fields/{field}/edit", page::save)
        .post("/custom-fields/{field}/choices/{choice}", page::rename_choice)
        .post("/custom-fields/{field}/archive", page::archive)
        .post("/custom-fields/{field}/restoration", page::restore)
        .post("/custom-fields/{field}/deletion", page::delete)
}
