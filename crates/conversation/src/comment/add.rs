use super::{Comment, Found, Mark};
use crate::{
    draft,
    file::{self, File},
    mention::{self, Heard},
    thread::{Thread, touch, watch},
};
use axum::{extract::DefaultBodyLimit, handler::Handler};
use kernel::{
    Actor, Due, Error, Flaws, Id, Method::Post, NewAsk, Operation, Person, Reference, Result, Route, Silence, Tx, Verb,
    args, json, sql, text::Markdown, words,
};
use people::person;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Flash, LARGEST_FORM, Pages, Submitted, Uploads};

words! {
    /// What the author wants of those who are named.
    pub enum Intent {
        /// Nothing: they see it where they watch.
        Inform = "inform",
        Question = "question",
        Decision = "decision",
    }
}

impl Intent {
    fn verb(self) -> Option<Verb> {
        match self {
            Intent::Inform => None,
            Intent::Question => Some(Verb::Answer),
            Intent::Decision => Some(Verb::Decide),
        }
    }
}

/// Say something about a record.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddComment {
    /// The kind of the record, such as `team`.
    pub kind: String,
    pub record: String,
    /// Markdown. A link such as `[@Mara Lindqvist](/people/ID)` or `[@Payments](/teams/ID)` names somebody.
    pub body: Markdown,
    /// People who are named beside those in the text.
    #[serde(default)]
    pub to: Vec<Id<Person>>,
    /// What is wanted of those who are named. A question and a decision wait in their inbox.
    #[serde(default = "inform")]
    pub intent: Intent,
    /// Until when; if left out, what the team of each of them has agreed.
    #[serde(default)]
    pub due: Option<Due>,
    /// At most 10 files of the author that stand in no comment yet. Those that the text shows need not be named.
    #[serde(default)]
    pub files: Vec<Id<File>>,
    /// Whether this answers what the author was asked in this conversation, so that it waits no longer.
    #[serde(default)]
    pub answers: bool,
    /// Whether this is what came of a call.
    #[serde(default)]
    pub call: bool,
}

fn inform() -> Intent {
    Intent::Inform
}

/// A comment, and who hears of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Added {
    pub comment: Comment,
    /// Those of whom something is wanted.
    pub asked: Vec<String>,
    /// Those who are named and cannot see the record, so that they hear nothing.
    pub blind: Vec<String>,
}

impl Operation for AddComment {
    const NAME: &str = "comment.add";
    const ROUTE: Route = Route(Post, "/comments");
    type Target = Thread;
    type Output = Added;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        let thread = Thread::visible(tx, Reference::to(&self.kind, &self.record)).await?;
        if self.to.len() > mention::MOST {
            return Err(Error::invalid("to", format!("Name at most {} people.", mention::MOST)));
        }
        for person in &self.to {
            person::Record::visible(tx, *person).await?;
        }
        file::own(tx, &thread.about, &self.files).await?;
        Ok(thread)
    }

    fn allows(actor: &Actor, _: &Thread) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<Added> {
        self.check(tx)?;
        let heard = mention::heard(tx, &thread.about, &self.body, &self.to).await?;
        let verb = self.intent.verb();
        if verb.is_some() && heard.sees.is_empty() && heard.blind.is_empty() {
            return Err(Error::invalid("body", "Name whom you ask: write @ and a name."));
        }
        let mark = if self.call { Mark::Call } else { Mark::Comment };
        let me = tx.me();
        let id = insert(tx, &thread.about, me, mark, &self.body).await?;
        file::attach(tx, &thread.about, id, &self.body, &self.files).await?;
        mention::keep(tx, &thread.about, id, &heard, verb).await?;
        watch(tx, &thread.about, me, true).await?;
        draft::drop_own(tx, &thread.about).await?;
        if self.answers {
            settle(tx, &thread.about).await?;
        }
        if let Some(verb) = verb.filter(|_| !heard.sees.is_empty()) {
            tx.ask(&self.ask(tx, &thread, id, &heard, verb))?;
        }
        let comment = Found::visible(tx, id).await?.comment(tx).await?;
        let asked = if verb.is_some() { heard.names() } else { Vec::new() };
        Ok(Added { comment, asked, blind: heard.blind })
    }
}

impl AddComment {
    fn check(&self, tx: &Tx<'_>) -> Result<()> {
        let mut flaws = Flaws::default();
        let empty = self.body.trim().is_empty() && self.files.is_empty();
        flaws.unless(!empty, "body", "Write something here.");
        let past = matches!(self.due, Some(Due::Moment(at)) if at <= tx.now());
        flaws.unless(!past, "due", "This moment is over.");
        let idle = self.due.is_some() && self.intent == Intent::Inform;
        flaws.unless(!idle, "due", "A time belongs to a question or a decision; choose one, or leave this empty.");
        flaws.check()
    }

    /// The ask is about the comment and not about its record: so the answer comes back into the conversation, while what
    /// two people ask each other elsewhere about the same record stays between them.
    fn ask(&self, tx: &Tx<'_>, thread: &Thread, id: Id<Comment>, heard: &Heard, verb: Verb) -> NewAsk {
        NewAsk {
            to: heard.sees.iter().map(|one| one.id).collect(),
            from: Some(tx.me()),
            verb,
            subject: question(&self.body, &heard.names(), thread.card.title.clone()),
            about: Some(Reference::to("comment", id)),
            due: self.due,
            silence: Silence::Nothing,
            escalate_to: None,
            urgent: false,
        }
    }
}

/// One line that says what is asked: the comment, or the title of its record where it has no words.
pub(super) fn question(body: &str, names: &[String], title: String) -> String {
    const LONGEST: usize = 160;
    let said = unaddressed(&markdown::plain(body, LONGEST), names);
    if said.is_empty() { title } else { said }
}

/// The question without the names of those to whom it is put, which its receivers need not read.
fn unaddressed(said: &str, names: &[String]) -> String {
    let first = |name: &str| name.split(' ').next().map(str::to_owned);
    let whole_then_first = || names.iter().cloned().chain(names.iter().filter_map(|name| first(name)));
    let mut rest = said;
    while let Some(after) =
        rest.strip_prefix('@').and_then(|rest| whole_then_first().find_map(|name| rest.strip_prefix(&name)))
    {
        rest = after.trim_start_matches([' ', ',', ':', ';']);
    }
    let mut letters = rest.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => said.to_owned(),
    }
}

/// Writes a comment, tells the world, and lets the pages of its record look again.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    about: &Reference,
    author: Id<Person>,
    mark: Mark,
    body: &str,
) -> Result<Id<Comment>> {
    let id: Id<Comment> = tx.id();
    let insert = sql!(
        "insert into comments (workspace_id, id, about_kind, about_id, author_id, mark, body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let Reference { kind, id: record } = about;
    tx.run(insert, args![tx.workspace(), id, kind, record, author, mark, body, tx.now()]).await?;
    tx.record("comment.added", id, json!({ "kind": kind, "record": record }));
    touch(tx, about);
    Ok(id)
}

/// Ends the asks of the actor that comments of this thread raised.
async fn settle(tx: &mut Tx<'_>, about: &Reference) -> Result<()> {
    let select = sql!(
        "select a.about_id from asks_public_asks a
           join comments c on c.workspace_id = a.workspace_id and c.id = a.about_id
          where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.about_kind = 'comment'
            and c.about_kind = $3 and c.about_id = $4"
    );
    let me = tx.me();
    let asked: Vec<String> = tx.all(select, args![tx.workspace(), me, about.kind, about.id]).await?;
    for comment in asked {
        tx.settle_asks(&Reference::to("comment", comment), Some(me));
    }
    Ok(())
}

pub fn pages() -> Pages {
    Pages::new().post("/comments", save.layer(DefaultBodyLimit::max(LARGEST_FORM)))
}

/// `POST /comments`
async fn save(uploads: Uploads) -> Answer {
    let Uploads { form, files } = uploads;
    let added = async {
        let mut input = filled(&form).input::<AddComment>()?;
        input.to = mention::named(&form).await?;
        let about = file::about(&form);
        for file in files {
            input.files.push(file::bring(&form.cx, &about, file).await?.id);
        }
        form.change(input).await
    };
    match added.await {
        Ok(added) => {
            let to = crate::page::back(&form, &format!("comment-{}", added.comment.id)).await?;
            Ok(form.go(&to, Flash::says(said(&added))))
        }
        Err(error) => crate::page::again(&form, error).await,
    }
}

/// The form without the fields that were left empty, and without the names, which become ids.
fn filled(form: &Submitted) -> Submitted {
    let texts = form.texts.iter().filter(|(name, text)| name != "to" && (name == "body" || !text.trim().is_empty()));
    Submitted { cx: form.cx.clone(), texts: texts.cloned().collect() }
}

/// What the author learns: who is asked, and who cannot be.
fn said(added: &Added) -> String {
    let mut sentence = match &added.asked[..] {
        [] => "Your comment is there.".to_owned(),
        names => format!("{} {} asked.", mention::in_words(names), if names.len() == 1 { "is" } else { "are" }),
    };
    if !added.blind.is_empty() {
        let be = if added.blind.len() == 1 { "is" } else { "are" };
        sentence += &format!(" {} cannot see this record and {be} not asked.", mention::in_words(&added.blind));
    }
    sentence
}

#[cfg(test)]
mod tests;
