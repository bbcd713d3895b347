//! People whom an imported source names, and who they are here.
use super::{Tracker, named::Outsider};
use kernel::{
    Actor, Change, Error, Id,
    Method::{Get, Post},
    Operation, Person, Result, Route, Time, Tx, args, columns, json, sql,
};
use people::{
    access::cares_for_people,
    person::{
        Record,
        choices::{Picker, with_ids},
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, empty, html};

/// Somebody of a former tracker, who stands where they wrote or did something there.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NamedOutsider")]
pub struct Named {
    pub id: Id<Outsider>,
    pub source: Tracker,
    pub name: String,
    pub email: Option<String>,
    /// Who it is here.
    pub person_id: Option<Id<Person>>,
    pub person_name: Option<String>,
    pub claimed_at: Option<Time>,
    /// Issues that they have created or that are theirs.
    pub issues: i64,
}
columns!(Named { id, source, name, email, person_id, person_name, claimed_at, issues });

const SELECT: &str = "
    select o.id, o.source, o.name, o.email, o.person_id, p.name as person_name, o.claimed_at,
           (select count(*) from issues i where i.workspace_id = o.workspace_id
              and (i.creator_outsider_id = o.id or i.assignee_outsider_id = o.id)) as issues
      from outsiders o left join people p on p.workspace_id = o.workspace_id and p.id = o.person_id ";
const MOST: i64 = 1_000;

/// The people of former trackers, those first of whom nobody has said who they are here.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOutsiders {}

impl Operation for ListOutsiders {
    const NAME: &str = "outsider.list";
    const ROUTE: Route = Route(Get, "/outsiders");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Named>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if cares_for_people(tx.actor()) { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Named>> {
        let select = sql!(
            SELECT,
            "where o.workspace_id = $1 order by case when o.person_id is null then 0 else 1 end, o.name, o.id limit $2"
        );
        tx.all(select, args![tx.workspace(), MOST]).await
    }
}

/// Say who somebody of a former tracker is here, or take that back. What they did there is theirs then.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimOutsider {
    pub outsider: Id<Outsider>,
    #[serde(default)]
    pub person: Change<Id<Person>>,
}

impl Operation for ClaimOutsider {
    const NAME: &str = "outsider.claim";
    const ROUTE: Route = Route(Post, "/outsiders/{outsider}");
    type Target = Named;
    type Output = Named;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Named> {
        if !cares_for_people(tx.actor()) {
            return Err(Error::NotFound);
        }
        if let Change::Set(person) = self.person {
            Record::visible(tx, person).await?;
        }
        find(tx, self.outsider).await
    }

    fn allows(actor: &Actor, _: &Named) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, old: Named) -> Result<Named> {
        let new = self.person.clone().apply(old.person_id);
        if new != old.person_id {
            if let Some(before) = old.person_id {
                hand_over(tx, old.id, Some(before), None).await?;
            }
            hand_over(tx, old.id, None, new).await?;
            let at = new.map(|_| tx.now());
            let update =
                sql!("update outsiders set person_id = $3, claimed_at = $4 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), old.id, new, at]).await?;
            tx.record("outsider.claimed", old.id, json!({ "person": new }));
        }
        find(tx, old.id).await
    }
}

async fn find(tx: &mut Tx<'_>, id: Id<Outsider>) -> Result<Named> {
    tx.one(sql!(SELECT, "where o.workspace_id = $1 and o.id = $2"), args![tx.workspace(), id]).await
}

/// The outsider stays in its column, so that it can be taken back.
async fn hand_over(
    tx: &mut Tx<'_>,
    outsider: Id<Outsider>,
    from: Option<Id<Person>>,
    to: Option<Id<Person>>,
) -> Result<()> {
    const SAME: &str = " is not distinct from cast($3 as text)";
    for update in [
        sql!(
            "update issues set assignee_id = $4 where workspace_id = $1 and assignee_outsider_id = $2 and assignee_id",
            SAME
        ),
        sql!(
            "update issues set creator_id = $4 where workspace_id = $1 and creator_outsider_id = $2 and creator_id",
            SAME
        ),
        sql!("update issue_changes set by_id = $4 where workspace_id = $1 and by_outsider_id = $2 and by_id", SAME),
        sql!("update issue_notes set by_id = $4 where workspace_id = $1 and by_outsider_id = $2 and by_id", SAME),
    ] {
        tx.run(update, args![tx.workspace(), outsider, from, to]).await?;
    }
    let id = |person: Option<Id<Person>>| person.map_or(outsider.to_string(), |person| person.to_string());
    let values = sql!(
        "update issue_values set value = $4, sought = field_id || ' ' || $4
          where workspace_id = $1 and outsider_id = $2 and value = $3"
    );
    tx.run(values, args![tx.workspace(), outsider, id(from), id(to)]).await.map(drop)
}

const TITLE: &str = "People of former trackers";

/// `GET /outsiders`
pub async fn list(cx: Cx) -> Answer {
    let outsiders = cx.read(ListOutsiders {}).await?;
    let head = Head {
        crumbs: vec![("/issues", "Issues"), ("/issue-imports", "Brought over")],
        title: TITLE,
        lead: "They stand where they wrote or did something there. Say who they are here, and it is theirs.",
        ..Head::default()
    };
    let body = html! {
        (head.show())
        @if outsiders.is_empty() {
            (empty("Everyone who was brought over is somebody here.", None))
        } @else {
            section.card { ul.list.plain { @for one in &outsiders { (line(&cx, one)) } } }
        }
    };
    Ok(cx.page(TITLE, body))
}

fn line(cx: &Cx, one: &Named) -> Markup {
    let issues = if one.issues == 1 { "1 issue".to_owned() } else { format!("{} issues", one.issues) };
    let href = format!("/outsiders/{}", one.id);
    html! { li id={ "outsider-" (one.id) } {
        div.what {
            p { strong { (one.name) } @if let Some(mail) = &one.email { " " span.muted { (mail) } } }
            p.small.muted { "From " (one.source.title()) ", " (issues) @if let Some(name) = &one.person_name { ". Is " (name) " here" } }
        }
        @match &one.person_name {
            Some(name) => form method="post" action=(href) {
                (ui::token(cx))
                input type="hidden" name="person" value="";
                button.button.small aria-label={ "Take back that " (one.name) " is " (name) } { "Take back" }
            },
            None => a.button.small href=(href) aria-label={ "Say who " (one.name) " is" } { "Say who it is" },
        }
    } }
}

/// `GET /outsiders/{outsider}`
pub async fn show(cx: Cx) -> Answer {
    let body = view(&cx, &Form::default()).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /outsiders/{outsider}`
pub async fn save(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["person"]).await?.submit::<ClaimOutsider>().await }.await;
    match done {
        Ok(one) => {
            let says = match &one.person_name {
                Some(person) => format!("{} is {person} here.", one.name),
                None => format!("{} is nobody here.", one.name),
            };
            Ok(form.go("/outsiders", Flash::says(says)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let outsiders = cx.read(ListOutsiders {}).await?;
    let one = outsiders.iter().find(|one| one.id.as_str() == cx.text("outsider")).ok_or(Error::NotFound)?;
    let people = Picker::load(cx, form.value("person")).await?;
    let title = format!("Who is {} here?", one.name);
    let head = Head {
        crumbs: vec![("/issue-imports", "Brought over"), ("/outsiders", TITLE)],
        title: &title,
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        form.form method="post" action={ "/outsiders/" (one.id) } {
            (ui::token(cx)) (form.summary())
            (people.field(form, "person", "Person", "Issues, comments and changes of the past become theirs.", None, None))
            footer.form-foot { button.button.primary { "Save" } a.button.quiet href="/outsiders" { "Cancel" } }
        }
    })
}
