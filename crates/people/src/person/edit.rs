use super::{Employment, Record, add::dates_agree, folded, holiday_code, taken, week, zone};
use crate::access::{Nearness, cares_for_people};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Id, Json,
    Method::Patch,
    Operation, Person, Result, Route, Tx, args, json, sql,
    text::{Email, Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Change what a person says of themselves: name, pronouns, place, zone and hours. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditProfile {
    pub person: Id<Person>,
    pub name: Option<Name>,
    pub pronouns: Option<Line<40>>,
    pub location: Option<Line<120>>,
    pub zone: Option<Name<64>>,
    pub hours: Option<Line<400>>,
    pub holidays: Option<Line<60>>,
    pub about: Option<Markdown>,
}

impl Operation for EditProfile {
    const NAME: &str = "person.edit_profile";
    const ROUTE: Route = Route(Patch, "/people/{person}");
    type Target = (Record, Nearness);
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, Nearness::of(tx, self.person).await?))
    }

    fn allows(actor: &Actor, (_, near): &Self::Target) -> bool {
        near.own || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Record> {
        let new = self.applied(tx, &old).await?;
        let update = sql!(
            "update people set name = $3, sort_name = $4, pronouns = $5, location = $6, zone = $7, hours = $8,
                    holidays = $9, about = $10, updated_at = $11
              where workspace_id = $1 and id = $2"
        );
        let sort_name = folded(&new.name);
        tx.run(
            update,
            args![
                tx.workspace(),
                new.id,
                new.name,
                sort_name,
                new.pronouns,
                new.location,
                new.zone,
                new.hours,
                new.holidays,
                new.about,
                tx.now(),
            ],
        )
        .await?;
        let changes = differences(&[
            ("name", &old.name, &new.name),
            ("pronouns", &old.pronouns, &new.pronouns),
            ("location", &old.location, &new.location),
            ("zone", &old.zone, &new.zone),
            ("hours", &old.hours, &new.hours),
            ("holidays", &old.holidays, &new.holidays),
            ("about", &old.about, &new.about),
        ]);
        if changes != json!({}) {
            tx.record("person.profile_changed", new.id, json!({ "changes": changes }));
        }
        Record::visible(tx, new.id).await
    }
}

impl EditProfile {
    async fn applied(&self, tx: &mut Tx<'_>, old: &Record) -> Result<Record> {
        let mut new = old.clone();
        set(&mut new.name, self.name.as_deref());
        set(&mut new.pronouns, self.pronouns.as_deref());
        set(&mut new.location, self.location.as_deref());
        set(&mut new.about, self.about.as_deref());
        if let Some(name) = &self.zone {
            zone("zone", name)?;
            new.zone = name.to_string();
        }
        if let Some(hours) = &self.hours {
            new.hours = week("hours", hours)?.to_string();
        }
        if let Some(code) = &self.holidays {
            new.holidays = holiday_code(tx, code).await?;
        }
        Ok(new)
    }
}

/// Change the terms on which a person works here. What is left out stays; an empty value clears.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditEmployment {
    pub person: Id<Person>,
    pub title: Option<Line<120>>,
    pub level: Option<Line<40>>,
    #[serde(default)]
    pub email: Change<Email>,
    #[serde(default)]
    pub employee_id: Change<Name<60>>,
    pub employment: Option<Employment>,
    #[serde(default)]
    pub starts_on: Change<Date>,
    #[serde(default)]
    pub ends_on: Change<Date>,
}

impl Operation for EditEmployment {
    const NAME: &str = "person.edit_employment";
    const ROUTE: Route = Route(Patch, "/people/{person}/employment");
    type Target = Record;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.person).await
    }

    fn allows(actor: &Actor, _: &Record) -> bool {
        cares_for_people(actor)
    }

    /// The history that everyone reads tells of the title and the level; of the rest it says only that it changed.
    async fn run(&self, tx: &mut Tx<'_>, old: Record) -> Result<Record> {
        let new = self.applied(&old);
        dates_agree(new.starts_on, new.ends_on)?;
        let update = sql!(
            "update people set title = $3, level = $4, email = $5, employee_id = $6, employment = $7, starts_on = $8,
                    ends_on = $9, updated_at = $10
              where workspace_id = $1 and id = $2"
        );
        tx.run(
            update,
            args![
                tx.workspace(),
                new.id,
                new.title,
                new.level,
                new.email,
                new.employee_id,
                new.employment,
                new.starts_on,
                new.ends_on,
                tx.now(),
            ],
        )
        .await
        .map_err(taken)?;
        if new.email != old.email {
            crate::account::end_all_access(tx, new.id).await?;
        }
        let changes = differences(&[("title", &old.title, &new.title), ("level", &old.level, &new.level)]);
        if changes != json!({}) {
            tx.record("person.role_changed", new.id, json!({ "changes": changes }));
        }
        if (old.employment, old.starts_on, old.ends_on, &old.employee_id, &old.email)
            != (new.employment, new.starts_on, new.ends_on, &new.employee_id, &new.email)
        {
            tx.record("person.employment_changed", new.id, json!({}));
        }
        Record::visible(tx, new.id).await
    }
}

impl EditEmployment {
    fn applied(&self, old: &Record) -> Record {
        let mut new = old.clone();
        set(&mut new.title, self.title.as_deref());
        set(&mut new.level, self.level.as_deref());
        new.email = text(&self.email).apply(new.email);
        new.employee_id = text(&self.employee_id).apply(new.employee_id);
        new.employment = self.employment.unwrap_or(new.employment);
        new.starts_on = self.starts_on.clone().apply(new.starts_on);
        new.ends_on = self.ends_on.clone().apply(new.ends_on);
        new
    }
}

fn set(field: &mut String, new: Option<&str>) {
    if let Some(new) = new {
        new.clone_into(field);
    }
}

fn text<T: ToString>(change: &Change<T>) -> Change<String> {
    match change {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(new) => Change::Set(new.to_string()),
    }
}

/// `{"title": ["Engineer", "Senior engineer"]}`: what was, and what is now, of the fields that differ.
fn differences(fields: &[(&str, &String, &String)]) -> Json {
    let differing = fields.iter().filter(|(_, old, new)| old != new);
    Json::Object(differing.map(|(name, old, new)| ((*name).to_owned(), json!([old, new]))).collect())
}
