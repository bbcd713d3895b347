use super::{Identity, Reason};
use crate::revision::{self, Facts};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Get, Put},
    Operation, Person, Result, Route, Tx, args, json, sql,
};
use people::{
    access::{VISIBLE as PERSON_VISIBLE, cares_for_people},
    person::{FindPeople, Found},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Say whose a name and address in the histories is: one's own, or for whoever cares for people, anybody's.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimIdentity {
    pub identity: Id<Identity>,
    /// Oneself if left out.
    #[serde(default)]
    pub person: Option<Id<Person>>,
}

/// Take an identity from a person, so that it is nobody's. The rules will not join it again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseIdentity {
    pub identity: Id<Identity>,
}

/// An identity, and whether what is asked concerns nobody but the actor.
pub struct Claimed {
    identity: Identity,
    own: bool,
}

impl Operation for ClaimIdentity {
    const NAME: &str = "identity.claim";
    const ROUTE: Route = Route(Put, "/identities/{identity}/person");
    type Target = Claimed;
    type Output = Identity;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Claimed> {
        let identity = Identity::visible(tx, self.identity).await?;
        let me: Id<Person> = tx.me();
        if let Some(person) = self.person {
            let there = sql!("select 1 from people p where", PERSON_VISIBLE, "and p.id = $4");
            let found = tx.exists(there, args![tx.workspace(), tx.actor().belongs(), me, person]).await?;
            found.then_some(()).ok_or(Error::NotFound)?;
        }
        let own = self.person.is_none_or(|person| person == me) && identity.person_id.is_none_or(|person| person == me);
        Ok(Claimed { identity, own })
    }

    fn allows(actor: &Actor, claimed: &Claimed) -> bool {
        (claimed.own && !actor.is_system()) || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, claimed: Claimed) -> Result<Identity> {
        let (me, id) = (tx.me(), claimed.identity.id);
        join(tx, id, Some(self.person.unwrap_or(me)), Reason::Claimed).await?;
        tx.record("identity.claimed", id, json!({}));
        Identity::visible(tx, id).await
    }
}

impl Operation for ReleaseIdentity {
    const NAME: &str = "identity.release";
    const ROUTE: Route = Route(Delete, "/identities/{identity}/person");
    type Target = Claimed;
    type Output = Identity;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Claimed> {
        let identity = Identity::visible(tx, self.identity).await?;
        let own = identity.person_id == Some(tx.me());
        Ok(Claimed { identity, own })
    }

    fn allows(actor: &Actor, claimed: &Claimed) -> bool {
        claimed.own || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, claimed: Claimed) -> Result<Identity> {
        let id = claimed.identity.id;
        join(tx, id, None, Reason::Released).await?;
        tx.record("identity.released", id, json!({}));
        Identity::visible(tx, id).await
    }
}

async fn join(tx: &mut Tx<'_>, id: Id<Identity>, person: Option<Id<Person>>, reason: Reason) -> Result<()> {
    let update = sql!(
        "update identities set person_id = $3, reason = $4, joined_at = $5, joined_by = $6 where workspace_id = $1 and id = $2"
    );
    tx.run(update, args![tx.workspace(), id, person, reason, tx.now(), tx.me()]).await?;
    revision::changed(tx, &[Facts::People.of_all()]).await
}

/// One identity, for its page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ShowIdentity {
    identity: Id<Identity>,
}

impl Operation for ShowIdentity {
    const NAME: &str = "identity.show";
    const ROUTE: Route = Route(Get, "/identities/{identity}");
    const READS: bool = true;
    type Target = Identity;
    type Output = Identity;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Identity> {
        Identity::visible(tx, self.identity).await
    }

    fn allows(_: &Actor, _: &Identity) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, identity: Identity) -> Result<Identity> {
        Ok(identity)
    }
}

/// `GET /identities/{identity}`
pub async fn page(cx: Cx) -> Answer {
    let identity = cx.read_here::<ShowIdentity>().await?;
    let person = identity.person_id.map(|person| person.to_string()).unwrap_or_default();
    let body = view(&cx, &identity, &Form::of([("person", person)])).await?;
    Ok(cx.page(&identity.name, body))
}

/// `POST /identities/{identity}/claim`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<ClaimIdentity>().await {
        Ok(claimed) => {
            let undo = format!("/identities/{}/release", claimed.id);
            Ok(form.go("/identities?which=mine", Flash::says("It is noted whose this is.").undo(&undo)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let identity = form.cx.read(ShowIdentity { identity: form.text("identity").parse()? }).await?;
            let body = view(&form.cx, &identity, &state).await?;
            Ok(form.again(&identity.name, body))
        }
    }
}

/// `POST /identities/{identity}/release`
pub async fn release(form: Submitted) -> Answer {
    let released = form.submit::<ReleaseIdentity>().await?;
    Ok(form.go(&format!("/identities/{}", released.id), Flash::says("It is nobody's now.")))
}

async fn view(cx: &Cx, identity: &Identity, state: &Form) -> Result<Markup> {
    let cares = cares_for_people(cx.actor());
    let page = format!("/identities/{}", identity.id);
    let own = identity.person_id == Some(cx.actor().person);
    let people = match cares {
        true => cx.read(FindPeople::default()).await?,
        false => Found { people: Vec::new(), count: 0 },
    };
    let people: Vec<(String, String)> = people.people.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let title = if identity.name.is_empty() { &identity.mail } else { &identity.name };
    let whose = match (&identity.person_name, identity.bot) {
        (Some(name), _) => format!("{} · {name} · {}", identity.mail, identity.why()),
        (None, true) => format!("{} · a bot, counted apart", identity.mail),
        (None, false) => format!("{} · nobody's yet", identity.mail),
    };
    Ok(html! {
        (Head { crumbs: vec![("/identities", "Who commits")], title, lead: &whose, ..Head::default() }.show())
        form.form method="post" action={ (page) "/claim" } {
            (ui::token(cx)) (state.summary())
            @if cares { (state.combo("person", "Whose it is", "You, if nobody is chosen.", Some("Me"), &people)) }
            footer.form-foot {
                @if cares { button.button.primary { "Save" } } @else if !own { button.button.primary { "This is me" } }
                a.button.quiet href="/identities" { "Back" }
            }
        }
        @if identity.person_id.is_some() && (own || cares) {
            form method="post" action={ (page) "/release" } { (ui::token(cx)) button.button { "It is nobody's" } }
        }
    })
}
