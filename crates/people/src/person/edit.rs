use super::{
    Employment, Profile, Record, ShowPerson,
    add::dates_agree,
    choices::{self, Picker, with_ids},
    deactivate, folded, holiday_code, photo, taken, week, zone,
};
use crate::{
    access::{Nearness, cares_for_people, today_for},
    account::ask_for_password,
    team::SetManager,
};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Error, Id, Json,
    Method::Patch,
    Operation, Person, Result, Route, Tx, args, json, sql,
    text::{Email, Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, face, html};

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
            crate::account::change_mail(tx, new.id, &new.name, old.email.as_deref()).await?;
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

/// The cards of the page. Each is a form of its own, and saves alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Profile,
    Photo,
    Work,
    Manager,
    Standing,
}

/// `GET /people/{person}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let person = cx.read_here::<ShowPerson>().await?;
    if !person.own && !cares_for_people(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let body = view(&cx, &person, None).await?;
    Ok(cx.page(&format!("Edit {}", person.name), body))
}

/// `POST /people/{person}/edit`
pub async fn save_profile(form: Submitted) -> Answer {
    match form.submit::<EditProfile>().await {
        Ok(person) => Ok(form.go(&format!("/people/{}", person.id), Flash::says("The profile is saved."))),
        Err(error) => again(&form, Part::Profile, error).await,
    }
}

/// `POST /people/{person}/employment`
pub async fn save_work(form: Submitted) -> Answer {
    match form.submit::<EditEmployment>().await {
        Ok(person) => Ok(form.go(&format!("/people/{}/edit", person.id), Flash::says("The employment is saved."))),
        Err(Error::Unproven) => Ok(ask_for_password(&format!("/people/{}/edit", form.text("person")))),
        Err(error) => again(&form, Part::Work, error).await,
    }
}

/// `POST /people/{person}/manager`
pub async fn save_manager(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["manager"]).await?.submit::<SetManager>().await }.await;
    match done {
        Ok(()) => {
            Ok(form.go(&format!("/people/{}/edit", form.text("person")), Flash::says("The reporting line is saved.")))
        }
        Err(error) => again(&form, Part::Manager, error).await,
    }
}

/// The whole page again, where one of its forms was refused.
pub(super) async fn again(form: &Submitted, part: Part, error: Error) -> Answer {
    let state = form.refused(error)?;
    let person = form.cx.read_here::<ShowPerson>().await?;
    let body = view(&form.cx, &person, Some((part, state))).await?;
    Ok(form.again(&format!("Edit {}", person.name), body))
}

async fn view(cx: &Cx, person: &Profile, refused: Option<(Part, Form)>) -> Result<Markup> {
    let state = |part: Part| refused.as_ref().filter(|(other, _)| *other == part).map(|(_, form)| form.clone());
    let href = format!("/people/{}", person.id);
    let head = Head {
        crumbs: vec![("/people", "People"), (&href, &person.name)],
        title: &format!("Edit {}", person.name),
        face: Some(face(&person.id, &person.name, person.photo.as_deref(), "xl")),
        ..Head::default()
    };
    let keeps = cares_for_people(cx.actor());
    let may_end = !person.own && cx.may(deactivate::DeactivatePerson { person: person.id }).await?;
    let profile = profile_card(cx, person, state(Part::Profile)).await?;
    let manager = if keeps { Some(manager_card(cx, person, state(Part::Manager)).await?) } else { None };
    Ok(html! {
        (head.show())
        div.cols {
            div.stack {
                (profile)
                @if keeps { (work_card(cx, person, state(Part::Work))) }
            }
            div.stack {
                (photo::card(cx, person, &state(Part::Photo).unwrap_or_default()))
                @if let Some(manager) = manager { (manager) }
                @if may_end { (deactivate::card(cx, person, &state(Part::Standing).unwrap_or_default())) }
            }
        }
    })
}

async fn profile_card(cx: &Cx, person: &Profile, state: Option<Form>) -> Result<Markup> {
    let form = state.unwrap_or_else(|| {
        Form::of([
            ("name", person.name.clone()),
            ("pronouns", person.pronouns.clone()),
            ("location", person.location.clone()),
            ("zone", person.zone.clone()),
            ("hours", person.hours.clone()),
            ("holidays", person.holidays.clone()),
            ("about", person.about.clone()),
        ])
    });
    let places = choices::places(cx, form.value("holidays")).await?;
    let fields = html! {
        div.field-row { (form.text("name", "Name", "")) (form.optional("pronouns", "Pronouns", "")) }
        (form.optional("location", "Place", "The city they work from."))
        (form.combo("zone", "Time zone", "", None, &choices::zones(cx.now(), form.value("zone"))))
        (form.hours("hours", "Working hours", "In their own time. Nobody is notified outside of them."))
        (form.combo("holidays", "Public holidays", "", Some("None"), &places))
        (form.area("about", "About", "What colleagues should know: what they work on, how to reach them, what they like to be asked.", 6))
    };
    Ok(card(cx, "Profile", &format!("/people/{}/edit", person.id), &form, fields))
}

fn work_card(cx: &Cx, person: &Profile, state: Option<Form>) -> Markup {
    let form = state.unwrap_or_else(|| {
        let details = person.employment.as_ref();
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        Form::of([
            ("title", person.title.clone()),
            ("level", person.level.clone()),
            ("email", person.email.clone().unwrap_or_default()),
            ("employee_id", details.and_then(|one| one.employee_id.clone()).unwrap_or_default()),
            ("employment", details.map(|one| one.employment.word().to_owned()).unwrap_or_default()),
            ("starts_on", date(person.starts_on)),
            ("ends_on", date(details.and_then(|one| one.ends_on))),
        ])
    });
    let fields = html! {
        div.field-row { (form.optional("title", "Title", "")) (form.optional("level", "Level", "")) }
        (form.input("email", "email", "Mail address", "A new address ends their sessions, and they sign in with it again. You are asked for your password first.", true))
        div.field-row {
            (form.select("employment", "Employment", "", None, &choices::employments()))
            (form.optional("employee_id", "Number", ""))
        }
        div.field-row {
            (form.input("date", "starts_on", "First day", "", true))
            (form.input("date", "ends_on", "Last day", "", true))
        }
    };
    card(cx, "Employment", &format!("/people/{}/employment", person.id), &form, fields)
}

async fn manager_card(cx: &Cx, person: &Profile, state: Option<Form>) -> Result<Markup> {
    let typed = state.as_ref().map_or("", |form| form.value("manager"));
    let people = Picker::load(cx, typed).await?;
    let now = person.manager.as_ref();
    let form = state
        .unwrap_or_else(|| Form::of([("manager", people.text(now)), ("from_on", today_for(cx.now()).to_string())]));
    let fields = html! {
        (people.field(&form, "manager", "Manager", "", Some("Nobody"), now))
        (form.input("date", "from_on", "From", "The line until then stays in the history.", false))
    };
    Ok(card(cx, "Reporting line", &format!("/people/{}/manager", person.id), &form, fields))
}

fn card(cx: &Cx, title: &str, action: &str, form: &Form, fields: Markup) -> Markup {
    html! {
        section.card { header { h2 { (title) } } div.body {
            form.form method="post" action=(action) data-guard {
                (ui::token(cx)) (form.summary()) (fields)
                footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } }
            }
        } }
    }
}
