use crate::{
    access::{Nearness, today},
    person::Record,
};
use jiff::{ToSpan, civil::Date};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Put},
    Operation, Person, Result, Route, Tx, args,
    calendar::Hours,
    columns, json, sql,
    text::Line,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Flash, Submitted, date_long};

/// Hours that hold on one date in place of the week.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Exception {
    pub on_date: Date,
    /// Empty for a day off.
    pub hours: String,
    pub note: String,
}
columns!(Exception { on_date, hours, note });

/// Say at what hours a person works on one date, holiday or not, in place of those of the week.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetException {
    pub person: Id<Person>,
    pub date: Date,
    /// In the person's own wall time, such as `10:00-14:00 15:00-18:00`; empty for a day off.
    #[serde(default)]
    pub hours: Line<100>,
    /// Every colleague reads it.
    #[serde(default)]
    pub note: Line<200>,
}

impl Operation for SetException {
    const NAME: &str = "hours.set_exception";
    const ROUTE: Route = Route(Put, "/people/{person}/hours/{date}");
    type Target = Nearness;
    type Output = Exception;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Nearness> {
        Record::visible(tx, self.person).await?;
        Nearness::of(tx, self.person).await
    }

    fn allows(actor: &Actor, near: &Nearness) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Nearness) -> Result<Exception> {
        let today = today(tx);
        if !(today.saturating_sub(2.years())..=today.saturating_add(2.years())).contains(&self.date) {
            return Err(Error::invalid("date", "The day is more than two years away."));
        }
        let hours = self.hours.parse::<Hours>()?.to_string();
        let save = sql!(
            "insert into hour_exceptions (workspace_id, person_id, on_date, hours, note) values ($1, $2, $3, $4, $5)
             on conflict (workspace_id, person_id, on_date) do update set hours = excluded.hours, note = excluded.note"
        );
        tx.run(save, args![tx.workspace(), self.person, self.date, hours, self.note]).await?;
        tx.record("hours.exception_set", self.person, json!({ "date": self.date }));
        Ok(Exception { on_date: self.date, hours, note: self.note.to_string() })
    }
}

/// Let the week hold again on a date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearException {
    pub person: Id<Person>,
    pub date: Date,
}

impl Operation for ClearException {
    const NAME: &str = "hours.clear_exception";
    const ROUTE: Route = Route(Delete, "/people/{person}/hours/{date}");
    type Target = Nearness;
    /// As it was; nothing if the week held already.
    type Output = Option<Exception>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Nearness> {
        Record::visible(tx, self.person).await?;
        Nearness::of(tx, self.person).await
    }

    fn allows(actor: &Actor, near: &Nearness) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Nearness) -> Result<Option<Exception>> {
        let delete = sql!(
            "delete from hour_exceptions where workspace_id = $1 and person_id = $2 and on_date = $3
             returning on_date, hours, note"
        );
        let was = tx.find(delete, args![tx.workspace(), self.person, self.date]).await?;
        if was.is_some() {
            tx.record("hours.exception_cleared", self.person, json!({ "date": self.date }));
        }
        Ok(was)
    }
}

/// Those from a date on.
pub(super) async fn exceptions_from(tx: &mut Tx<'_>, person: Id<Person>, first: Date) -> Result<Vec<Exception>> {
    const MOST: i64 = 100;
    let select = sql!(
        "select on_date, hours, note from hour_exceptions
          where workspace_id = $1 and person_id = $2 and on_date >= $3 order by on_date limit $4"
    );
    tx.all(select, args![tx.workspace(), person, first, MOST]).await
}

/// `POST /people/{person}/hours`, and `POST /people/{person}/hours/{date}`, by which a removal is undone.
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<SetException>().await {
        Ok(set) => {
            let page = format!("/people/{}/hours", form.text("person"));
            let flash = Flash::says(format!("Saved for {}.", date_long(set.on_date)));
            Ok(form.go(&page, flash.undo(format!("{page}/{}/clear", set.on_date))))
        }
        Err(error) => {
            let state = form.refused(error)?;
            super::show::again(&form, &state).await
        }
    }
}

/// `POST /people/{person}/hours/{date}/clear`
pub async fn clear(form: Submitted) -> Answer {
    let was = form.submit::<ClearException>().await?;
    let page = format!("/people/{}/hours", form.text("person"));
    let flash = Flash::says("The week holds again on that day.");
    let flash = match was {
        Some(was) => {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("hours", &was.hours).append_pair("note", &was.note);
            flash.undo(format!("{page}/{}?{}", was.on_date, query.finish()))
        }
        None => flash,
    };
    Ok(form.go(&page, flash))
}
