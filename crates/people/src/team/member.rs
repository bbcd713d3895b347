use super::{Record, ShowTeam, TeamView};
use crate::{
    access::{cares_for_people, today, today_for},
    person::{
        self,
        choices::{Picker, with_ids},
    },
};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Put},
    Operation, Person, Result, Route, Team, Tx, args, columns, json, sql,
    text::Line,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// A person on a team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Member {
    pub id: Id<Person>,
    pub name: String,
    pub title: String,
    pub level: String,
    pub location: String,
    pub zone: String,
    pub photo: Option<String>,
    pub position: String,
    pub from_on: Date,
}
columns!(Member { id, name, title, level, location, zone, photo, position, from_on });

/// Put a person on a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinTeam {
    pub team: Id<Team>,
    pub person: Id<Person>,
    /// What the person is on this team, where the title does not say it.
    #[serde(default)]
    pub position: Line<80>,
    /// Today if left out.
    #[serde(default)]
    pub from_on: Option<Date>,
}

impl Operation for JoinTeam {
    const NAME: &str = "team.join";
    const ROUTE: Route = Route(Put, "/teams/{team}/members/{person}");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Record::visible(tx, self.team).await?;
        person::Record::visible(tx, self.person).await?;
        let me = tx.me();
        Record::is_led_by(tx, self.team, me).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        let from = self.from_on.unwrap_or_else(|| today(tx));
        join(tx, self.team, self.person, &self.position, from).await
    }
}

/// Take a person off a team. Their time on it stays in the history.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveTeam {
    pub team: Id<Team>,
    pub person: Id<Person>,
    /// The first day on which they are not on the team any more; today if left out.
    #[serde(default)]
    pub until_on: Option<Date>,
}

impl Operation for LeaveTeam {
    const NAME: &str = "team.leave";
    const ROUTE: Route = Route(Delete, "/teams/{team}/members/{person}");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Record::visible(tx, self.team).await?;
        person::Record::visible(tx, self.person).await?;
        let me = tx.me();
        Record::is_led_by(tx, self.team, me).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        let until = self.until_on.unwrap_or_else(|| today(tx));
        let workspace = tx.workspace();
        let not_begun = sql!(
            "delete from memberships where workspace_id = $1 and team_id = $2 and person_id = $3 and from_on >= $4"
        );
        let planned = tx.run(not_begun, args![workspace, self.team, self.person, until]).await?;
        let end = sql!(
            "update memberships set until_on = $4
              where workspace_id = $1 and team_id = $2 and person_id = $3 and (until_on is null or until_on > $4)"
        );
        let ended = tx.run(end, args![workspace, self.team, self.person, until]).await?;
        if planned + ended > 0 {
            tx.record("person.left_team", self.person, json!({ "team": self.team, "until": until }));
            tx.record("team.member_left", self.team, json!({ "person": self.person }));
        }
        Ok(())
    }
}

/// Begins a membership. One that holds on `from` goes on instead, without its end; later ones, planned before, are
/// replaced.
pub(crate) async fn join(
    tx: &mut Tx<'_>,
    team: Id<Team>,
    person: Id<Person>,
    position: &str,
    from: Date,
) -> Result<()> {
    let workspace = tx.workspace();
    let drop_later =
        sql!("delete from memberships where workspace_id = $1 and team_id = $2 and person_id = $3 and from_on > $4");
    tx.run(drop_later, args![workspace, team, person, from]).await?;
    let holding = sql!(
        "select m.id, m.until_on from memberships m
          where m.workspace_id = $1 and m.team_id = $2 and m.person_id = $4 and",
        holds!("m", "$3")
    );
    let holding: Option<(Id<Member>, Option<Date>)> = tx.find(holding, args![workspace, team, from, person]).await?;
    if let Some((id, until)) = holding {
        let go_on = sql!("update memberships set position = $3, until_on = null where workspace_id = $1 and id = $2");
        tx.run(go_on, args![workspace, id, position]).await?;
        if until.is_none() {
            tx.record("team.position_changed", team, json!({ "person": person }));
            return Ok(());
        }
    } else {
        let insert = sql!(
            "insert into memberships (workspace_id, id, team_id, person_id, position, from_on) values ($1, $2, $3, $4, $5, $6)"
        );
        let id: Id<Member> = tx.id();
        tx.run(insert, args![workspace, id, team, person, position, from]).await?;
    }
    tx.record("person.joined_team", person, json!({ "team": team, "from": from }));
    tx.record("team.member_joined", team, json!({ "person": person }));
    Ok(())
}

/// `GET /teams/{team}/members/new`
pub async fn new(cx: Cx) -> Answer {
    let team = cx.read_here::<ShowTeam>().await?;
    if !team.may_change(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let form = Form::of([("from_on", today_for(cx.now()).to_string())]);
    let body = new_view(&cx, &team, &form).await?;
    Ok(cx.page("Add a person to the team", body))
}

/// `POST /teams/{team}/members`
pub async fn save(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["person"]).await?.submit::<JoinTeam>().await }.await;
    match done {
        Ok(()) => Ok(form.go(&format!("/teams/{}", form.text("team")), Flash::says("They are on the team."))),
        Err(error) => {
            let state = form.refused(error)?;
            let team = form.cx.read_here::<ShowTeam>().await?;
            let body = new_view(&form.cx, &team, &state).await?;
            Ok(form.again("Add a person to the team", body))
        }
    }
}

async fn new_view(cx: &Cx, view: &TeamView, form: &Form) -> Result<Markup> {
    let people = Picker::load(cx, form.value("person")).await?;
    let title = format!("Add a person to {}", view.team.name);
    let action = format!("/teams/{}/members", view.team.id);
    Ok(page(
        cx,
        view,
        &title,
        &action,
        form,
        html! {
            (people.field(form, "person", "Person", "", None, None))
            (position(form))
            (form.input("date", "from_on", "From", "", false))
        },
    ))
}

/// `GET /teams/{team}/members/{person}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let (team, member) = found(&cx).await?;
    if !team.may_change(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let body = edit_view(&cx, &team, &member, &Form::of([("position", member.position.clone())]));
    Ok(cx.page(&member.name, body))
}

/// `POST /teams/{team}/members/{person}/edit`
pub async fn save_position(form: Submitted) -> Answer {
    match form.submit::<JoinTeam>().await {
        Ok(()) => Ok(form.go(&format!("/teams/{}", form.text("team")), Flash::says("The position is saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            let (team, member) = found(&form.cx).await?;
            Ok(form.again(&member.name, edit_view(&form.cx, &team, &member, &state)))
        }
    }
}

fn edit_view(cx: &Cx, team: &TeamView, member: &Member, form: &Form) -> Markup {
    let action = format!("/teams/{}/members/{}/edit", team.team.id, member.id);
    page(cx, team, &format!("{} on {}", member.name, team.team.name), &action, form, position(form))
}

/// `POST /teams/{team}/members/{person}/end`
pub async fn end(form: Submitted) -> Answer {
    let (team, member) = found(&form.cx).await?;
    form.submit::<LeaveTeam>().await?;
    let as_before = [("position", member.position), ("from_on", member.from_on.to_string())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(as_before).finish();
    let undo = format!("/teams/{}/members/{}/return?{query}", team.team.id, member.id);
    let flash = Flash::says(format!("{} is off the team.", member.name)).undo(undo);
    Ok(form.go(&format!("/teams/{}", team.team.id), flash))
}

/// `POST /teams/{team}/members/{person}/return`: the same as never having left.
pub async fn back(form: Submitted) -> Answer {
    form.submit::<JoinTeam>().await?;
    Ok(form.go(&format!("/teams/{}", form.text("team")), Flash::says("They are on the team again.")))
}

async fn found(cx: &Cx) -> Result<(TeamView, Member)> {
    let mut team = cx.read(ShowTeam { team: cx.text("team").parse()? }).await?;
    let place = team.members.iter().position(|member| member.id.as_str() == cx.text("person"));
    let member = team.members.swap_remove(place.ok_or(Error::NotFound)?);
    Ok((team, member))
}

fn position(form: &Form) -> Markup {
    form.optional("position", "Position", "What they are on this team, where their title does not say it.")
}

fn page(cx: &Cx, view: &TeamView, title: &str, action: &str, form: &Form, fields: Markup) -> Markup {
    let href = format!("/teams/{}", view.team.id);
    let crumbs = vec![("/teams", "Teams"), (href.as_str(), view.team.name.as_str())];
    html! {
        (Head { crumbs, title, ..Head::default() }.show())
        section.card { div.body { form.form method="post" action=(action) data-guard {
            (ui::token(cx)) (form.summary()) (fields)
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(href) { "Cancel" }
            }
        } } }
    }
}
