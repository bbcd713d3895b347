//! What a reply says is done on behalf of its sender; what cannot be done is said in a letter back.
use super::{Letter, Message};
use crate::{
    ask::{Ask, DeclineAsks, FinishAsks, State, all},
    delivery::REPLY,
};
use kernel::{Actor, Error, Id, Result, Tx, args, sql};
use replies::{Answer, Kind};
use ui::html;

/// What came of a reply.
pub struct Done {
    pub answered: usize,
    /// Sentences for the sender.
    pub problems: Vec<String>,
}

/// Either operation, with its texts parsed.
enum Step {
    Finish(FinishAsks),
    Decline(DeclineAsks),
}

/// Does all that the text says, or nothing of it if a part of it cannot be understood.
pub async fn answer(tx: &mut Tx<'_>, person: &Actor, asks: &[Id<Ask>], text: &str) -> Result<Done> {
    let answers = match replies::answers(text, asks.len()) {
        Ok(answers) => answers,
        Err(confusion) => return Ok(Done { answered: 0, problems: vec![confusion.to_string()] }),
    };
    let known = all(tx, asks).await?;
    let (mut steps, mut flaws, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for answer in answers {
        let id = asks[answer.number - 1];
        match known.iter().find(|ask| ask.id == id) {
            Some(ask) if ask.is_open() => match step(&answer, id) {
                Ok(step) => steps.push(step),
                Err(sentence) => flaws.push(format!("Number {}: {sentence}", answer.number)),
            },
            Some(ask) if ask.state == State::Done && answer.text.is_empty() => {}
            _ => problems.push(format!("Number {} had ended before your answer came.", answer.number)),
        }
    }
    if !flaws.is_empty() {
        return Ok(Done { answered: 0, problems: flaws });
    }
    let mut answered = 0;
    for step in steps {
        answered += match step {
            Step::Finish(finish) => tx.call_as(person, &finish).await?.len(),
            Step::Decline(decline) => tx.call_as(person, &decline).await?.len(),
        };
    }
    Ok(Done { answered, problems })
}

/// The operation, or the sentence that says why it cannot take the text.
fn step(answer: &Answer, id: Id<Ask>) -> std::result::Result<Step, String> {
    let asks = vec![id];
    match answer.kind {
        Kind::Done => Ok(Step::Finish(FinishAsks { asks, outcome: answer.text.parse()? })),
        Kind::Declined => {
            let reason = answer.text.split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(Step::Decline(DeclineAsks { asks, reason: reason.parse()? }))
        }
    }
}

/// Says what was not done and how to say it; a few times for each letter, so that two machines which write to each other
/// come to an end.
pub async fn explain(tx: &mut Tx<'_>, to: &Sender<'_>, asks: &[Id<Ask>], done: &Done) -> Result<()> {
    const MOST: i64 = 3;
    let Sender { letter, message, .. } = to;
    let told = sql!(
        "select count(*) from mail_replies where workspace_id = $1 and letter_id = $2 and explained_at is not null"
    );
    let told: i64 = tx.one(told, args![tx.workspace(), letter.id]).await?;
    if told >= MOST {
        return Ok(());
    }
    let mark = sql!(
        "update mail_replies set explained_at = $4 where workspace_id = $1 and letter_id = $2 and message_hash = $3"
    );
    tx.run(mark, args![tx.workspace(), letter.id, message.hash, tx.now()]).await?;
    let titles = titles(tx, asks).await?;
    let (text, html) = page(tx.base_url(), &titles, done);
    let mut headers = vec![("Auto-Submitted", "auto-replied".to_owned())];
    headers.extend(to.thread().into_iter().flat_map(|id| [("In-Reply-To", id.clone()), ("References", id)]));
    headers.extend(tx.reply_to().map(|replies| ("Reply-To", replies.of(to.secret))));
    tx.mail_with(&headers, &letter.email, "About your reply", &text, &html).await
}

/// To whom a reply is explained, and what they sent.
pub struct Sender<'a> {
    pub letter: &'a Letter,
    pub secret: &'a str,
    pub message: &'a Message,
}

impl Sender<'_> {
    /// The Message-ID of what they sent, if it is one that can stand in a header.
    fn thread(&self) -> Option<String> {
        const LONGEST: usize = 250;
        let id = &self.message.mail.id;
        let sane =
            (1..=LONGEST).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>');
        sane.then(|| format!("<{id}>"))
    }
}

fn page(base: &str, titles: &[String], done: &Done) -> (String, String) {
    let outcome = match done.answered {
        0 => "Nothing was changed.".to_owned(),
        1 => "One other ask was answered.".to_owned(),
        n => format!("{n} other asks were answered."),
    };
    let said = format!("{} {outcome}", done.problems.join(" "));
    let numbered: String = titles.iter().enumerate().map(|(i, title)| format!("{}. {title}\n", i + 1)).collect();
    let text =
        format!("Your reply arrived. {said}\n\n{REPLY}\n\nThe letter asked:\n\n{numbered}\nYour inbox: {base}/inbox\n");
    let html = html! {
        p { "Your reply arrived. " (said) }
        p { (REPLY) }
        p { "The letter asked:" }
        ol { @for title in titles { li { (title) } } }
        p { a href={ (base) "/inbox" } { "Your inbox" } }
    };
    (text, html.into_string())
}

async fn titles(tx: &mut Tx<'_>, asks: &[Id<Ask>]) -> Result<Vec<String>> {
    let known = all(tx, asks).await?;
    let title = |id: &Id<Ask>| known.iter().find(|ask| ask.id == *id).map(Ask::title).ok_or(Error::NotFound);
    asks.iter().map(title).collect()
}
