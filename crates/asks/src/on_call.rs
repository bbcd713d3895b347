//! Who may be told of urgent asks at any hour, and when.
use jiff::{civil::DateTime, tz::TimeZone};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Get, Post},
    Operation, Person, Result, Route, Team, Time, Tx, args, columns, json, sql,
};
use people::{
    access::{Nearness, cares_for_people, today},
    person::{self, choices},
    team::Record,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted, avatar, chip, day_and_time, html};

/// A stretch of time in which somebody is on call.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shift {
    pub id: Id<Shift>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub from_at: Time,
    pub until_at: Time,
}
columns!(Shift { id, person_id, person_name, from_at, until_at });

const SELECT: &str = "select s.id, s.person_id, p.name as person_name, s.from_at, s.until_at from on_call s
       join people p on p.workspace_id = s.workspace_id and p.id = s.person_id ";
/// Nobody is on call for longer at once.
const LONGEST: Duration = Duration::from_secs(14 * 24 * 3600);
const MOST: i64 = 200;

/// Put somebody on call: within that time urgent asks reach them at any hour.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterShift {
    pub person: Id<Person>,
    pub from: Time,
    /// At most 14 days after the beginning.
    pub until: Time,
}

impl Operation for EnterShift {
    const NAME: &str = "on_call.enter";
    const ROUTE: Route = Route(Post, "/on-call");
    type Target = Nearness;
    type Output = Shift;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Nearness> {
        person::Record::visible(tx, self.person).await?;
        Nearness::of(tx, self.person).await
    }

    fn allows(actor: &Actor, near: &Nearness) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Nearness) -> Result<Shift> {
        let mut flaws = kernel::Flaws::default();
        flaws.unless(self.until > self.from, "until", "The end has to come after the beginning.");
        flaws.unless(self.until <= self.from + LONGEST, "until", "Nobody is on call for more than 14 days at once.");
        flaws.unless(self.until > tx.now(), "until", "This time is over.");
        flaws.check()?;
        let id: Id<Shift> = tx.id();
        let insert = sql!(
            "insert into on_call (workspace_id, id, person_id, from_at, until_at, entered_by) values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), id, self.person, self.from, self.until, tx.me()]).await?;
        tx.record("on_call.entered", id, json!({ "person": self.person, "from": self.from, "until": self.until }));
        load(tx, id).await
    }
}

async fn load(tx: &mut Tx<'_>, id: Id<Shift>) -> Result<Shift> {
    let select = sql!(SELECT, "where s.workspace_id = $1 and s.id = $2 and $3");
    tx.one(select, args![tx.workspace(), id, tx.actor().belongs()]).await
}

/// Take somebody off call.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveShift {
    pub shift: Id<Shift>,
}

impl Operation for RemoveShift {
    const NAME: &str = "on_call.remove";
    const ROUTE: Route = Route(Delete, "/on-call/{shift}");
    type Target = (Shift, Nearness);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<(Shift, Nearness)> {
        let shift = load(tx, self.shift).await?;
        let near = Nearness::of(tx, shift.person_id).await?;
        Ok((shift, near))
    }

    fn allows(actor: &Actor, (_, near): &(Shift, Nearness)) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (shift, _): (Shift, Nearness)) -> Result<()> {
        let delete = sql!("delete from on_call where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), shift.id]).await?;
        tx.record("on_call.removed", shift.id, json!({ "person": shift.person_id }));
        Ok(())
    }
}

/// Who of a team is on call from now on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListShifts {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rota {
    pub team: Record,
    pub shifts: Vec<Shift>,
    /// Whether the reader leads this team or one above it.
    pub leads: bool,
}

impl Operation for ListShifts {
    const NAME: &str = "on_call.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/on-call");
    const READS: bool = true;
    type Target = Record;
    type Output = Rota;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<Rota> {
        let select = sql!(
            SELECT,
            "join memberships m on m.workspace_id = s.workspace_id and m.person_id = s.person_id and m.team_id = $2
                  and m.from_on <= $3 and (m.until_on is null or m.until_on > $3)
              where s.workspace_id = $1 and s.until_at > $4 order by s.from_at, s.id limit $5"
        );
        let shifts = tx.all(select, args![tx.workspace(), team.id, today(tx), tx.now(), MOST]).await?;
        let me: Id<Person> = tx.me();
        Ok(Rota { leads: Record::is_led_by(tx, team.id, me).await?, shifts, team })
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/on-call", show)
        .post("/teams/{team}/on-call", save)
        .post("/teams/{team}/on-call/{shift}/remove", remove)
}

/// `GET /teams/{team}/on-call`
async fn show(cx: Cx) -> Answer {
    let rota = cx.read_here::<ListShifts>().await?;
    let picker = choices::Picker::load(&cx, "").await?;
    let title = title(&rota);
    Ok(cx.live_page(&title, &["on_call"], view(&cx, &rota, &picker, &Form::default())))
}

/// `POST /teams/{team}/on-call`: the times are those on the reader's wall.
async fn save(form: Submitted) -> Answer {
    let entered = async {
        let named = choices::with_ids(&form, &["person"]).await?;
        let person = named.text("person").parse().map_err(|_| Error::invalid("person", "Choose who is on call."))?;
        let zone = &form.cx.viewer.zone;
        let (from, until) = (instant("from", form.text("from"), zone)?, instant("until", form.text("until"), zone)?);
        form.change(EnterShift { person, from, until }).await
    };
    let page = format!("/teams/{}/on-call", form.text("team"));
    match entered.await {
        Ok(shift) => Ok(form.go(&page, Flash::says(format!("{} is on call.", shift.person_name)))),
        Err(error) => {
            let state = form.refused(error)?;
            let rota = form.cx.read(ListShifts { team: form.text("team").parse()? }).await?;
            let picker = choices::Picker::load(&form.cx, "").await?;
            Ok(form.again(&title(&rota), view(&form.cx, &rota, &picker, &state)))
        }
    }
}

/// `POST /teams/{team}/on-call/{shift}/remove`
async fn remove(form: Submitted) -> Answer {
    form.submit::<RemoveShift>().await?;
    Ok(form.go(&format!("/teams/{}/on-call", form.text("team")), Flash::says("Taken off call.")))
}

fn instant(field: &str, text: &str, zone: &TimeZone) -> Result<Time> {
    let wrong = || Error::invalid(field, "Write a date and a time, such as 2026-03-20 18:00.");
    let local: DateTime = text.trim().replace(' ', "T").parse().map_err(|_| wrong())?;
    Ok(local.to_zoned(zone.clone()).map_err(|_| wrong())?.timestamp().into())
}

fn title(rota: &Rota) -> String {
    format!("Who is on call for {}", rota.team.name)
}

fn view(cx: &Cx, rota: &Rota, picker: &choices::Picker, state: &Form) -> Markup {
    let team = format!("/teams/{}", rota.team.id);
    let lead =
        "Urgent asks reach whoever is on call at any hour. Nothing else reaches anybody outside their working hours.";
    let may_change = rota.leads || cares_for_people(cx.actor());
    html! {
        (Head { crumbs: vec![("/teams", "Teams"), (&team, &rota.team.name)], title: &title(rota), lead, ..Head::default() }.show())
        (ui::team_tabs(cx, rota.team.id))
        div.stack {
            section.card #shifts { header { h2 { "From now on" } }
                @if rota.shifts.is_empty() { div.body { p.muted { "Nobody is on call. Whoever leads the team puts people on call here." } } }
                ul.list { @for shift in &rota.shifts { (line(cx, &team, shift, may_change)) } }
            }
            @if may_change { (entry(cx, &team, picker, state)) }
        }
    }
}

fn line(cx: &Cx, team: &str, shift: &Shift, may_change: bool) -> Markup {
    let zone = &cx.viewer.zone;
    let now = shift.from_at <= cx.now();
    html! {
        li id={ "shift-" (shift.id) } {
            (avatar(&shift.person_id, &shift.person_name))
            div.what.wrap {
                p { a href={ "/people/" (shift.person_id) } { (shift.person_name) } }
                p.small.muted { (day_and_time(shift.from_at, zone)) " to " (day_and_time(shift.until_at, zone)) ", your time" }
            }
            span.row {
                @if now { (chip("info", "Now")) }
                @if may_change {
                    form method="post" action={ (team) "/on-call/" (shift.id) "/remove" } { (ui::token(cx)) button.button.small { "Take off" } }
                }
            }
        }
    }
}

fn entry(cx: &Cx, team: &str, picker: &choices::Picker, state: &Form) -> Markup {
    html! {
        form.form method="post" action={ (team) "/on-call" } data-guard {
            (ui::token(cx)) (state.summary())
            (picker.field(state, "person", "Who", "", None, None))
            div.field-row {
                (state.input("datetime-local", "from", "From", "Your time.", false))
                (state.input("datetime-local", "until", "Until", "Your time.", false))
            }
            footer.form-foot { button.button.primary { "Put on call" } }
        }
    }
}
