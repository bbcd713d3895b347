//! What guests and the team say to each other about a topic. The team's own conversation about it is another place, which
//! no guest reads.
use crate::retrospective::{Phase, Retrospective, Topic, TopicView, cards::Author};
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Time, Tx, args, columns, json, sql,
    text::Markdown,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Cx, Markup, ago, html, prose, token};

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveRemark")]
pub struct Remark {
    pub id: Id<Remark>,
    pub topic_id: Id<Topic>,
    /// Nothing for a guest on a board without names.
    pub author_name: Option<String>,
    pub body: String,
    pub said_at: Time,
}
columns!(Remark { id, topic_id, author_name, body, said_at });

const LONGEST: usize = 2_000;
/// So many remarks one board takes.
const MOST: i64 = 1_000;

/// All that was said on a board where guests read it, the oldest first.
pub async fn remarks(tx: &mut Tx<'_>, board: Id<Retrospective>) -> Result<Vec<Remark>> {
    let select = sql!(
        "select k.id, k.topic_id, coalesce(p.name, g.name || ' (guest)') as author_name, k.body, k.said_at
           from retrospective_remarks k
           join retrospective_topics t on t.workspace_id = k.workspace_id and t.id = k.topic_id
           left join people p on p.workspace_id = k.workspace_id and p.id = k.author_id
           left join retrospective_guests g on g.workspace_id = k.workspace_id and g.id = k.guest_id
          where k.workspace_id = $1 and t.retrospective_id = $2 order by k.said_at, k.id"
    );
    tx.all(select, args![tx.workspace(), board]).await
}

/// Say something about a topic that guests of the board read as well.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRemark {
    pub topic: Id<Topic>,
    pub body: Markdown,
}

impl Operation for AddRemark {
    const NAME: &str = "retrospective_remark.add";
    const ROUTE: Route = Route(Post, "/retrospective-topics/{topic}/remarks");
    type Target = (Retrospective, Topic);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Topic::visible(tx, self.topic).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, topic): Self::Target) -> Result<()> {
        if !board.guests {
            return Err(Error::conflict("No guest takes part in this board. Say it in the conversation."));
        }
        let me: Id<Person> = tx.me();
        say(tx, &board, topic.id, &self.body, Author::Person(me)).await
    }
}

pub(super) async fn say(
    tx: &mut Tx<'_>,
    board: &Retrospective,
    topic: Id<Topic>,
    body: &Markdown,
    author: Author,
) -> Result<()> {
    board.expect(&[Phase::Discuss])?;
    let body = body.trim();
    if body.is_empty() || body.chars().count() > LONGEST {
        return Err(Error::invalid("body", "Say something, in two thousand characters at most."));
    }
    let said = sql!(
        "select count(*) from retrospective_remarks k
           join retrospective_topics t on t.workspace_id = k.workspace_id and t.id = k.topic_id
          where k.workspace_id = $1 and t.retrospective_id = $2"
    );
    if tx.one::<i64>(said, args![tx.workspace(), board.id]).await? >= MOST {
        return Err(Error::conflict("A thousand things were said here; that is all a board takes."));
    }
    let insert = sql!(
        "insert into retrospective_remarks (workspace_id, id, topic_id, author_id, guest_id, body, said_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let (id, now): (Id<Remark>, Time) = (tx.id(), tx.now());
    let (person, guest) = author.ids();
    tx.run(insert, args![tx.workspace(), id, topic, person, guest, body, now]).await?;
    tx.record("retrospective.remarked", board.id, json!({}));
    Ok(())
}

/// What was said about one topic.
pub(super) fn said(cx: &Cx, remarks: &[Remark], topic: Id<Topic>) -> Markup {
    html! {
        ul.list.plain { @for remark in remarks.iter().filter(|remark| remark.topic_id == topic) {
            li id={ "remark-" (remark.id) } { div.what.wrap {
                div.prose.compact { (prose(&remark.body)) }
                p.small.muted { (remark.author_name.as_deref().unwrap_or("A guest")) ", " (ago(remark.said_at, cx.now(), &cx.viewer.zone)) }
            } }
        } }
    }
}

/// The part of a topic's page that guests read as well.
pub(in crate::retrospective) fn talk(cx: &Cx, view: &TopicView) -> Markup {
    let board = &view.retrospective;
    if !board.guests || !matches!(board.phase, Phase::Discuss | Phase::Done) {
        return html! {};
    }
    html! {
        section.card #guests { header { h2 { "With the guests" } span.right.small.muted { "Guests of this board read this, and not the conversation below" } }
            (said(cx, &view.remarks, view.topic.id))
            @if board.phase == Phase::Discuss {
                div.body { form.form.wide method="post" action={ "/retrospective-topics/" (view.topic.id) "/remarks" } data-guard {
                    (token(cx))
                    div.field { label for="remark" { "Say something to them" } textarea #remark name="body" rows="2" {} }
                    div.buttons { button.button { "Say it" } }
                } }
            }
        }
    }
}
