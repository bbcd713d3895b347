//! Notes that both see. Every version is kept.
use super::{Meeting, OneOnOne, ShowOneOnOne, meeting, place, tell};
use kernel::{
    Actor, Error, Id, Method::Put, Operation, Person, Result, Route, Time, Tx, args, columns, sql, text::Markdown,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, ago, html, prose, token};

/// The notes of one meeting, as they stand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Notes {
    pub meeting_id: Id<Meeting>,
    pub version: i64,
    pub body: String,
    pub author_id: Id<Person>,
    pub written_at: Time,
}
columns!(Notes { meeting_id, version, body, author_id, written_at });

/// Write the notes of the next one. They are refused if the other one has written since `version`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteNotes {
    pub one_on_one: Id<OneOnOne>,
    pub body: Markdown,
    /// The version that was read before; 0 where there was none.
    pub version: i64,
}

impl Operation for WriteNotes {
    const NAME: &str = "one_on_one.write_notes";
    const ROUTE: Route = Route(Put, "/one-on-ones/{one_on_one}/notes");
    type Target = OneOnOne;
    type Output = Notes;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Notes> {
        one_on_one.refuse_ended()?;
        let meeting = meeting::next(tx, one_on_one.id).await?;
        let latest =
            sql!("select coalesce(max(version), 0) from one_on_one_notes where workspace_id = $1 and meeting_id = $2");
        let latest: i64 = tx.one(latest, args![tx.workspace(), meeting.id]).await?;
        if latest != self.version {
            let them = one_on_one.facing(tx.me()).first_name().to_owned();
            return Err(Error::invalid(
                "body",
                format!("{them} has written meanwhile. Take over what you need; saving again replaces it."),
            ));
        }
        let (version, me, now) = (latest + 1, tx.me(), tx.now());
        let insert = sql!(
            "insert into one_on_one_notes (workspace_id, meeting_id, version, body, author_id, written_at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), meeting.id, version, self.body, me, now]).await?;
        tell(tx, "one_on_one.notes_written", &one_on_one);
        Ok(Notes { meeting_id: meeting.id, version, body: self.body.to_string(), author_id: me, written_at: now })
    }
}

/// The latest notes of each meeting.
pub(super) async fn of(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>) -> Result<Vec<Notes>> {
    let select = sql!(
        "select n.meeting_id, n.version, n.body, n.author_id, n.written_at from one_on_one_notes n
           join one_on_one_meetings m on m.workspace_id = n.workspace_id and m.id = n.meeting_id
          where n.workspace_id = $1 and m.one_on_one_id = $2
            and n.version = (select max(v.version) from one_on_one_notes v
                              where v.workspace_id = n.workspace_id and v.meeting_id = n.meeting_id)
          order by m.opened_at desc, m.id desc limit 13"
    );
    tx.all(select, args![tx.workspace(), one_on_one]).await
}

/// `POST /one-on-ones/{one_on_one}/notes`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<WriteNotes>().await {
        Ok(_) => {
            let id = form.cx.input::<ShowOneOnOne>()?.one_on_one;
            Ok(form.go(&format!("{}#notes", place(id)), Flash::says("Saved. You both see it.")))
        }
        Err(error) => super::show::again(&form, error).await,
    }
}

/// The card on the page: the text, and the form behind it.
pub(super) fn card(cx: &Cx, one_on_one: &OneOnOne, notes: Option<&Notes>, refused: Option<&Form>) -> Markup {
    let body = notes.map_or("", |notes| notes.body.as_str());
    let version = notes.map_or(0, |notes| notes.version);
    let form = match refused.filter(|form| form.has("body")) {
        Some(form) => form.clone(),
        None => Form::of([("body", body.to_owned())]),
    };
    let open = body.is_empty() || form.flaw("body").is_some();
    html! {
        section.card #notes {
            header { h2 { "Notes you both see" }
                @if let Some(notes) = notes {
                    span.right.small.muted { (one_on_one.party(notes.author_id).first_name()) ", " (ago(notes.written_at, cx.now(), &cx.viewer.zone)) }
                }
            }
            div.body.stack.tight {
                @if !body.is_empty() { div.prose { (prose(body)) } }
                @if one_on_one.ended_at.is_none() {
                    details.fold open[open] {
                        summary { @if body.is_empty() { "Write notes" } @else { "Edit" } }
                        div.body {
                            form.form.wide method="post" action={ (place(one_on_one.id)) "/notes" } data-guard {
                                (token(cx))
                                input type="hidden" name="version" value=(version);
                                (form.area("body", "Notes", "Markdown. They stay with this meeting; the next one begins with an empty page.", 6))
                                div.buttons { button.button.primary data-key="mod+enter" { "Save" } }
                            }
                        }
                    }
                }
            }
        }
    }
}
