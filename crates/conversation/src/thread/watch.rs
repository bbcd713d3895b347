use super::Thread;
use kernel::{
    Actor, Id,
    Method::{Get, Put},
    Operation, Person, Reference, Result, Route, Time, Tx, args, columns, json, sql,
};
use people::person::Named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Head, Markup, Pages, Submitted, ago, html};

/// Follow what happens to a record, or stop.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetWatch {
    pub kind: String,
    pub record: String,
    pub on: bool,
}

impl Operation for SetWatch {
    const NAME: &str = "watch.set";
    const ROUTE: Route = Route(Put, "/watches");
    type Target = Thread;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(actor: &Actor, _: &Thread) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<()> {
        let me = tx.me();
        if self.on {
            watch(tx, &thread.about, me, true).await?;
        } else {
            end(tx, &thread.about, me).await?;
        }
        tx.record(if self.on { "watch.begun" } else { "watch.ended" }, thread.subject()?, json!({ "kind": self.kind }));
        Ok(())
    }
}

/// Makes somebody watch; whoever has stopped does so again only if they want it themselves.
pub(crate) async fn watch(tx: &mut Tx<'_>, about: &Reference, person: Id<Person>, wanted: bool) -> Result<()> {
    let insert = sql!(
        "insert into watches (workspace_id, about_kind, about_id, person_id, since_at) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, about_kind, about_id, person_id) do nothing"
    );
    let resume = sql!(
        "update watches set since_at = $5, ended_at = null
          where workspace_id = $1 and about_kind = $2 and about_id = $3 and person_id = $4 and ended_at is not null"
    );
    tx.run(insert, args![tx.workspace(), about.kind, about.id, person, tx.now()]).await?;
    if wanted {
        tx.run(resume, args![tx.workspace(), about.kind, about.id, person, tx.now()]).await?;
    }
    Ok(())
}

async fn end(tx: &mut Tx<'_>, about: &Reference, person: Id<Person>) -> Result<()> {
    let update = sql!(
        "update watches set ended_at = $5
          where workspace_id = $1 and about_kind = $2 and about_id = $3 and person_id = $4 and ended_at is null"
    );
    tx.run(update, args![tx.workspace(), about.kind, about.id, person, tx.now()]).await?;
    Ok(())
}

const MOST: i64 = 100;

/// Who follows a record, by name.
pub(crate) async fn watchers(tx: &mut Tx<'_>, about: &Reference) -> Result<Vec<Named<Person>>> {
    let select = sql!(
        "select p.id, p.name from watches w
           join people p on p.workspace_id = w.workspace_id and p.id = w.person_id
          where w.workspace_id = $1 and w.about_kind = $2 and w.about_id = $3 and w.ended_at is null
            and p.deactivated_at is null
          order by p.sort_name, p.id limit $4"
    );
    let found: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace(), about.kind, about.id, MOST]).await?;
    Ok(found.into_iter().map(|(id, name)| Named { id, name }).collect())
}

/// What I follow, with what was said there last, newest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListWatched {}

/// A record that the reader follows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Watched {
    pub about: Reference,
    pub title: String,
    pub href: String,
    pub since_at: Time,
    pub comments: i64,
    /// When the last comment was written.
    pub last_at: Option<Time>,
}

struct Stored {
    kind: String,
    id: String,
    since_at: Time,
    comments: i64,
    last_at: Option<Time>,
}
columns!(Stored { kind, id, since_at, comments, last_at });

impl Operation for ListWatched {
    const NAME: &str = "watch.list";
    const ROUTE: Route = Route(Get, "/watches");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Watched>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Watched>> {
        let select = sql!(
            "select w.about_kind as kind, w.about_id as id, w.since_at, count(c.id) as comments, max(c.created_at) as last_at
               from watches w
               left join comments c on c.workspace_id = w.workspace_id and c.about_kind = w.about_kind
                    and c.about_id = w.about_id and c.deleted_at is null
              where w.workspace_id = $1 and w.person_id = $2 and w.ended_at is null
              group by w.about_kind, w.about_id, w.since_at
              order by case when max(c.created_at) is null then w.since_at else max(c.created_at) end desc, w.about_id limit $3"
        );
        let stored: Vec<Stored> = tx.all(select, args![tx.workspace(), tx.me(), MOST]).await?;
        let mut all = Vec::new();
        for Stored { kind, id, since_at, comments, last_at } in stored {
            let about = Reference { kind, id };
            // What the reader cannot see any more is left out; it may come back.
            if let Ok(card) = tx.card(&about).await {
                all.push(Watched { about, title: card.title, href: card.href, since_at, comments, last_at });
            }
        }
        Ok(all)
    }
}

pub fn pages() -> Pages {
    Pages::new().post("/watches", save).get("/watching", list)
}

/// `POST /watches`
async fn save(form: Submitted) -> Answer {
    form.submit::<SetWatch>().await?;
    let words = match form.text("on") {
        "true" => "You watch this. It stands on the page of what you watch.",
        _ => "You do not watch this any more.",
    };
    Ok(form.go(&crate::page::back(&form, "conversation").await?, Flash::says(words)))
}

/// `GET /watching`
async fn list(cx: Cx) -> Answer {
    let all = cx.read(ListWatched {}).await?;
    let title = "What you watch";
    let lead = "Records on which you wrote, were named, or that you chose to watch.";
    let body = html! {
        (Head { title, lead, ..Head::default() }.show())
        @if all.is_empty() {
            (ui::empty("You watch nothing yet. Whoever writes a comment watches its record, and so do those who are named in it.", None))
        } @else {
            section.card { ul.list { @for one in &all { (line(&cx, one)) } } }
        }
    };
    Ok(cx.live_page(title, &["comment"], body))
}

fn line(cx: &Cx, one: &Watched) -> Markup {
    let (now, zone) = (cx.now(), &cx.viewer.zone);
    html! {
        li id={ "watched-" (one.about.id) } {
            (ui::icon("eye"))
            div.what {
                p { a href={ (one.href) "#conversation" } { (one.title) } }
                p.small.muted {
                    @match one.last_at {
                        Some(at) => { (count(one.comments)) ", the last " (ago(at, now, zone)) },
                        None => { "No comments yet" },
                    }
                }
            }
            form method="post" action="/watches" {
                (ui::token(cx))
                input type="hidden" name="kind" value=(one.about.kind); input type="hidden" name="record" value=(one.about.id);
                button.button.quiet.small name="on" value="false" aria-label={ "Stop watching " (one.title) } { "Stop watching" }
            }
        }
    }
}

fn count(comments: i64) -> String {
    if comments == 1 { "1 comment".into() } else { format!("{comments} comments") }
}
