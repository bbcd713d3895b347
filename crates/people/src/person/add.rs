use super::{
    Employment, Record,
    choices::{self, Picker, group, with_ids},
    folded, holiday_code, taken, week, zone,
};
use crate::{access::cares_for_people, team};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Person, Result, Route, Team, Tx, args, json, sql,
    text::{Email, Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

const USUAL_HOURS: &str = "Mon-Fri 09:00-17:00";

/// Add a person, who may get an account later or never.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPerson {
    pub name: Name,
    #[serde(default)]
    pub pronouns: Line<40>,
    #[serde(default)]
    pub email: Option<Email>,
    #[serde(default)]
    pub employee_id: Option<Name<60>>,
    #[serde(default)]
    pub title: Line<120>,
    #[serde(default)]
    pub level: Line<40>,
    #[serde(default)]
    pub location: Line<120>,
    /// An IANA time zone, such as `Europe/Lisbon`.
    pub zone: Name<64>,
    /// Weekly working hours in their own wall time. `Mon-Fri 09:00-17:00` if left out.
    #[serde(default)]
    pub hours: Option<Line<400>>,
    /// A country with its region, such as `DE-BE`. The country of the zone if left out.
    #[serde(default)]
    pub holidays: Option<Line<60>>,
    #[serde(default)]
    pub employment: Option<Employment>,
    #[serde(default)]
    pub starts_on: Option<Date>,
    #[serde(default)]
    pub ends_on: Option<Date>,
    #[serde(default)]
    pub about: Markdown,
    /// The manager, from the start date on.
    #[serde(default)]
    pub manager: Option<Id<Person>>,
    /// The team, from the start date on.
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

impl Operation for AddPerson {
    const NAME: &str = "person.add";
    const ROUTE: Route = Route(Post, "/people");
    type Target = ();
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(manager) = self.manager {
            Record::visible(tx, manager).await?;
        }
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Record> {
        let id = self.insert(tx).await?;
        tx.record("person.added", id, json!({ "name": self.name }));
        let from = self.starts_on.unwrap_or_else(|| crate::access::today(tx));
        if let Some(manager) = self.manager {
            team::line::begin(tx, id, Some(manager), from).await?;
        }
        if let Some(team) = self.team {
            team::member::join(tx, team, id, "", from).await?;
        }
        Record::visible(tx, id).await
    }
}

impl AddPerson {
    async fn insert(&self, tx: &mut Tx<'_>) -> Result<Id<Person>> {
        dates_agree(self.starts_on, self.ends_on)?;
        zone("zone", &self.zone)?;
        let hours = self.hours.as_deref().unwrap_or(USUAL_HOURS);
        let hours = week("hours", hours)?.to_string();
        let code = match &self.holidays {
            Some(code) => holiday_code(tx, code).await?,
            None => holidays::for_zone(&self.zone).unwrap_or_default().to_owned(),
        };
        let id: Id<Person> = tx.id();
        let insert = sql!(
            "insert into people (workspace_id, id, name, sort_name, pronouns, email, employee_id, title, level, location,
               holidays, zone, hours, employment, starts_on, ends_on, about, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)"
        );
        let (sort_name, employment) = (folded(&self.name), self.employment.unwrap_or(Employment::Permanent));
        tx.run(
            insert,
            args![
                tx.workspace(),
                id,
                self.name,
                sort_name,
                self.pronouns,
                self.email,
                self.employee_id,
                self.title,
                self.level,
                self.location,
                code,
                self.zone,
                hours,
                employment,
                self.starts_on,
                self.ends_on,
                self.about,
                tx.now(),
            ],
        )
        .await
        .map_err(taken)?;
        Ok(id)
    }
}

pub(super) fn dates_agree(starts_on: Option<Date>, ends_on: Option<Date>) -> Result<()> {
    match (starts_on, ends_on) {
        (Some(first), Some(last)) if last < first => {
            Err(Error::invalid("ends_on", "The last day is before the first one."))
        }
        _ => Ok(()),
    }
}

/// `GET /people/new`
pub async fn new(cx: Cx) -> Answer {
    if !AddPerson::allows(cx.actor(), &()) {
        return Err(Error::Forbidden.into());
    }
    let form = Form::of([
        ("zone", cx.viewer.zone_name.clone()),
        ("hours", USUAL_HOURS.to_owned()),
        ("employment", Employment::Permanent.word().to_owned()),
        ("team", cx.text("team").to_owned()),
    ]);
    let body = view(&cx, &form).await?;
    Ok(cx.page("Add a person", body))
}

/// `POST /people`
pub async fn save(form: Submitted) -> Answer {
    match add(&form).await {
        Ok(person) => {
            let flash = Flash::says(format!("{} is added.", person.name));
            Ok(form.go(&format!("/people/{}", person.id), flash))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again("Add a person", body))
        }
    }
}

/// On this form, no choice of holidays means those of the zone.
async fn add(form: &Submitted) -> Result<Record> {
    let mut form = with_ids(form, &["manager"]).await?;
    form.texts.retain(|(name, text)| name != "holidays" || !text.is_empty());
    form.submit::<AddPerson>().await
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let (people, teams) = (Picker::load(cx, form.value("manager")).await?, choices::teams(cx).await?);
    let places = choices::places(cx, form.value("holidays")).await?;
    let head = Head {
        crumbs: vec![("/people", "People")],
        title: "Add a person",
        lead: "They need no account. You can invite them later.",
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        form.form method="post" action="/people" data-guard {
            (ui::token(cx)) (form.summary())
            (group("Who", who(cx, form, &places)))
            (group("Work", work(form, &people, &teams)))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Add this person" }
                a.button.quiet href="/people" { "Cancel" }
            }
        }
    })
}

fn who(cx: &Cx, form: &Form, places: &[(String, String)]) -> Markup {
    html! {
        div.field-row { (form.text("name", "Name", "")) (form.optional("pronouns", "Pronouns", "")) }
        (form.input("email", "email", "Mail address", "Invitations and digests go there.", true))
        (form.optional("location", "Place", "The city they work from."))
        (form.combo("zone", "Time zone", "", None, &choices::zones(cx.now(), form.value("zone"))))
        (form.hours("hours", "Working hours", "In their own time. Nobody is notified outside of them."))
        (form.combo("holidays", "Public holidays", "", Some("Those of the time zone's country"), places))
    }
}

fn work(form: &Form, people: &Picker, teams: &[(String, String)]) -> Markup {
    html! {
        div.field-row { (form.optional("title", "Title", "")) (form.optional("level", "Level", "")) }
        (people.field(form, "manager", "Manager", "", Some("Nobody"), None))
        (form.combo("team", "Team", "", Some("No team yet"), teams))
        div.field-row {
            (form.select("employment", "Employment", "", None, &choices::employments()))
            (form.optional("employee_id", "Number", ""))
        }
        div.field-row {
            (form.input("date", "starts_on", "First day", "", true))
            (form.input("date", "ends_on", "Last day", "", true))
        }
    }
}
