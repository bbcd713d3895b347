//! The box in which one writes.
use super::said::about;
use crate::comment::{Comment, Conversation, Found, Intent};
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Reference, Result, Route, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Cx, Form, Markup, html};

/// What stands in the box at first: what the reader has begun to write, and what they quote.
pub(super) async fn begun(cx: &Cx, view: &Conversation) -> Result<String> {
    let Ok(comment) = cx.text("quote").parse() else { return Ok(view.draft.clone()) };
    let quoted = match cx.read(ReadQuote { comment }).await {
        Ok(quoted) => quoted,
        Err(Error::NotFound) => return Ok(view.draft.clone()),
        Err(error) => return Err(error),
    };
    match view.draft.is_empty() || view.draft.contains(&quoted) {
        true if view.draft.is_empty() => Ok(quoted),
        true => Ok(view.draft.clone()),
        false => Ok(format!("{}\n\n{quoted}", view.draft.trim_end())),
    }
}

/// A comment as a quotation.
#[derive(Deserialize, JsonSchema)]
struct ReadQuote {
    comment: Id<Comment>,
}

impl Operation for ReadQuote {
    const NAME: &str = "comment.quote";
    const ROUTE: Route = Route(Get, "/comments/{comment}/quote");
    const READS: bool = true;
    type Target = Found;
    type Output = String;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        Found::visible(tx, self.comment).await
    }

    fn allows(_: &Actor, _: &Found) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, found: Found) -> Result<String> {
        let row = found.row;
        let lines: Vec<String> = row.body.trim_end().lines().map(|line| format!("> {line}")).collect();
        Ok(format!("{} wrote:\n\n{}\n\n", row.author_name, lines.join("\n")))
    }
}

/// The form of a comment. Everything but the text is folded away until somebody is named.
pub(super) fn form(cx: &Cx, record: &Reference, view: &Conversation, state: &Form) -> Markup {
    html! {
        form.form.wide.say #say method="post" action="/comments" enctype="multipart/form-data" {
            (ui::token(cx)) (about(view)) (state.summary())
            @if state.has("call") { input type="hidden" name="call" value=(state.value("call")); }
            mention-box data-src="/conversation/names.json" data-outlook={ "/conversation/outlook?kind=" (record.kind) "&record=" (record.id) } {
                draft-box { (text(state)) }
            }
            turbo-frame #outlook {}
            (more(state))
            @if !view.waiting.is_empty() {
                label.choice { input type="checkbox" name="answers" value="true" checked;
                    span { "This answers what I was asked" span.hint { "It then waits no longer in your inbox." } } }
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Comment" }
                span.right.small.muted data-draft role="status" { @if !view.draft.is_empty() { "This is your draft. Only you see it." } }
            }
        }
    }
}

fn text(state: &Form) -> Markup {
    html! {
        div.field {
            label for="body" { "Your comment" }
            p.hint #body-hint { "Markdown. Write @ to name a person or a team." }
            textarea.writing #body name="body" rows="4" aria-describedby="body-hint"
                aria-invalid=[state.flaw("body").map(|_| "true")] data-key="m" data-key-label="Write a comment" { (state.value("body")) }
            @if let Some(sentence) = state.flaw("body") { p.error #body-error { (sentence) } }
        }
    }
}

/// What one may want of others, and files.
fn more(state: &Form) -> Markup {
    let chosen = if state.has("intent") { state.value("intent") } else { Intent::Inform.word() };
    let wrong = ["intent", "due", "to", "file", "files"].iter().any(|field| state.flaw(field).is_some());
    html! {
        details.fold.more open[wrong || chosen != Intent::Inform.word()] {
            summary { "Ask for something, or add files" }
            div.body.stack.tight {
                (intents(chosen))
                div.field-row {
                    (state.optional("to", "Whom you name besides", "Names or mail addresses, parted by commas."))
                    (state.optional("due", "By when", "8 working hours, 2 working days, Fri 12:00 where they are. Empty: what their team has agreed."))
                }
                div.field {
                    label for="file" { "Files " span.optional { "optional" } }
                    p.hint #file-hint { "Up to 10, of 20 MB each: pictures, PDF, ZIP, MP4, text. They can be pasted and dropped into the text too." }
                    input #file type="file" name="file" multiple aria-describedby="file-hint";
                    @if let Some(sentence) = state.flaw("file").or(state.flaw("files")) { p.error #file-error { (sentence) } }
                }
            }
        }
    }
}

fn intents(chosen: &str) -> Markup {
    let all = [
        (Intent::Inform, "Nothing", "They see it here, and watch this from now on."),
        (Intent::Question, "An answer", "It waits in their inbox until they work."),
        (Intent::Decision, "A decision", "It waits in their inbox until they work."),
    ];
    html! {
        fieldset.choices { legend { "What you want of those you name" }
            @for (intent, words, hint) in all {
                label.choice { input type="radio" name="intent" value=(intent.word()) checked[chosen == intent.word()];
                    span { (words) span.hint { (hint) } } }
            }
        }
    }
}

/// For two who go back and forth: a call, and the place for what comes of it.
pub(super) fn call(cx: &Cx, view: &Conversation, pair: [Id<Person>; 2]) -> Markup {
    let other = view.comments.iter().find(|one| pair.contains(&one.author_id) && one.author_id != cx.actor().person);
    let name = other.map_or("the other one", |one| one.author_name.as_str());
    html! {
        div.ask #call {
            div.grow.stack.tight {
                p { strong { "You and " (name) " have gone back and forth three times." } " A call may be quicker; write its outcome here." }
                details.fold { summary { "Write the outcome of a call" } div.body {
                    form.form method="post" action="/comments" {
                        (ui::token(cx)) (about(view)) input type="hidden" name="call" value="true";
                        div.field { label for="call-body" { "What you agreed on" } textarea.writing #call-body name="body" rows="3" required {} }
                        div.buttons { button.button { "Post the outcome" } }
                    }
                } }
            }
        }
    }
}
