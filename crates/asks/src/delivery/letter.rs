//! The letters about asks, plain and in HTML.
use crate::ask::{Ask, State};
use jiff::tz::TimeZone;
use kernel::{Activity, Id, Mail, Person, Result, Silence, Time, Tx, args, json, sql};
use people::account::secret;
use ui::{Markup, day_and_time, html};

/// Whom a letter goes to.
pub(super) struct Receiver {
    pub id: Id<Person>,
    pub name: String,
    pub email: String,
    pub zone: TimeZone,
}

/// What a letter tells.
#[derive(Default)]
pub(super) struct News {
    pub owe: Vec<Ask>,
    pub read: Vec<Ask>,
    /// How asks of the receiver's own ended.
    pub answers: Vec<Ask>,
    /// Open asks beyond those that the letter names.
    pub more: i64,
    /// What happened to the records that the receiver watches.
    pub watched: Vec<Activity>,
}

impl News {
    pub fn is_empty(&self) -> bool {
        self.owe.is_empty() && self.read.is_empty() && self.answers.is_empty() && self.watched.is_empty()
    }

    /// The asks that can be answered, in the order of their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = &Ask> {
        self.owe.iter().chain(&self.read)
    }
}

/// Whoever has an account and a mail address gets letters.
pub(super) async fn receiver(tx: &mut Tx<'_>, person: Id<Person>, zone: &TimeZone) -> Result<Option<Receiver>> {
    let select = sql!(
        "select p.name, p.email from people p
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id
          where p.workspace_id = $1 and p.id = $2 and p.email is not null and p.deactivated_at is null
            and a.disabled_at is null"
    );
    let found: Option<(String, String)> = tx.find(select, args![tx.workspace(), person]).await?;
    Ok(found.map(|(name, email)| Receiver { id: person, name, email, zone: zone.clone() }))
}

/// Writes the letter and remembers what it named, so that a reply finds its ask and a link ends the letters.
pub(super) async fn send(
    tx: &mut Tx<'_>,
    to: &Receiver,
    kind: &str,
    subject: &str,
    news: &News,
    thread: &str,
) -> Result<()> {
    let secret = secret::fresh_for_mail()?;
    let id: Id<Mail> = tx.id();
    let asks = json!(news.numbered().map(|ask| ask.id).collect::<Vec<_>>()).to_string();
    let insert = sql!(
        "insert into ask_letters (workspace_id, id, person_id, kind, asks, secret_hash, sent_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    tx.run(insert, args![tx.workspace(), id, to.id, kind, asks, secret::hash(&secret), tx.now()]).await?;
    let page = Page {
        to,
        news,
        base: tx.base_url(),
        reply: tx.reply_to().map(|replies| replies.of(&secret)),
        // Urgent letters come while somebody has an account, so they must not promise an end.
        end: (kind != "urgent").then(|| format!("{}/unsubscribe/{secret}", tx.base_url())),
        now: tx.now(),
    };
    let (text, html) = (page.plain(), page.rich().into_string());
    let host = tx.base_url().split("//").nth(1).unwrap_or("localhost").split([':', '/']).next().unwrap_or("localhost");
    let mut headers =
        vec![("References", format!("<{thread}@{host}>")), ("Auto-Submitted", "auto-generated".to_owned())];
    if let Some(end) = &page.end {
        headers.push(("List-Unsubscribe", format!("<{end}>")));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers.extend(page.reply.clone().map(|address| ("Reply-To", address)));
    tx.mail_with(&headers, &to.email, subject, &text, &html).await
}

struct Page<'a> {
    to: &'a Receiver,
    news: &'a News,
    base: &'a str,
    reply: Option<String>,
    /// The address that ends such letters.
    end: Option<String>,
    now: Time,
}

impl Page<'_> {
    /// Who asks, until when, and what silence means.
    fn details(&self, ask: &Ask) -> String {
        let asker = ask.asker_name.as_deref().unwrap_or("Cairn");
        let late = if ask.due_at < self.now { "was due" } else { "by" };
        let due = format!("{asker}, {late} {} your time", day_and_time(ask.due_at, &self.to.zone));
        match (ask.silence, &ask.escalate_name) {
            (Silence::Consent, _) => format!("{due}; silence counts as consent"),
            (Silence::Escalate, Some(name)) => format!("{due}; after that {name} is asked"),
            _ => due,
        }
    }

    fn answer(&self, ask: &Ask) -> String {
        let how = match ask.state {
            State::Done => ask.verb.done(),
            State::Declined => "Declined",
            State::Lapsed if ask.silence == Silence::Consent => "Nobody objected",
            State::Lapsed => "No answer in time",
            State::HandedOn => "Handed on",
            State::Withdrawn => "Withdrawn",
            State::Open => "Open",
        };
        let outcome = if ask.outcome.is_empty() { String::new() } else { format!(": {}", brief(&ask.outcome)) };
        let to = ask.handed_name.as_ref().map_or_else(String::new, |name| format!(" to {name}"));
        format!("{how}{to}{outcome}")
    }

    fn plain(&self) -> String {
        let mut text = format!("Hello {},\n\n{}\n", self.to.name, opening(self.news));
        let mut number = 0;
        for (title, asks) in [("Waiting on you", &self.news.owe), ("To read", &self.news.read)] {
            if asks.is_empty() {
                continue;
            }
            text.push_str(&format!("\n{title}\n"));
            for ask in asks {
                number += 1;
                let (title, details, address) =
                    (ask.title(), self.details(ask), format!("{}/asks/{}", self.base, ask.id));
                text.push_str(&format!("\n{number}. {title}\n   {details}\n   {address}\n"));
                if self.reply.is_none() {
                    text.push_str(&format!("   {}: {address}?answer=done\n", ask.verb.done()));
                }
            }
        }
        if self.news.more > 0 {
            text.push_str(&format!("\nAnd {} more in your inbox: {}/inbox\n", self.news.more, self.base));
        }
        if !self.news.answers.is_empty() {
            text.push_str("\nWhat you asked for\n");
            for ask in &self.news.answers {
                let (title, name, how) = (ask.title(), &ask.receiver_name, self.answer(ask));
                text.push_str(&format!("\n- {title}\n  {name}: {how}\n  {}/asks/{}\n", self.base, ask.id));
            }
        }
        if !self.news.watched.is_empty() {
            text.push_str("\nWhat you watch\n");
            for one in &self.news.watched {
                text.push_str(&format!("\n- {}\n  {}\n  {}{}\n", one.title, happened(one), self.base, one.href));
            }
        }
        if self.reply.is_some() && number > 0 {
            text.push_str(&format!("\n{REPLY}\n"));
        }
        text.push_str(&format!("\nHow you hear of asks: {}/me/delivery\n", self.base));
        text.extend(self.end.iter().map(|end| format!("No more letters but urgent ones: {end}\n")));
        text
    }

    fn rich(&self) -> Markup {
        let owe = self.news.owe.len();
        html! {
            p { "Hello " (self.to.name) "," }
            p { (opening(self.news)) }
            (self.list("Waiting on you", &self.news.owe, 1))
            (self.list("To read", &self.news.read, owe + 1))
            @if self.news.more > 0 { p { a href={ (self.base) "/inbox" } { "And " (self.news.more) " more in your inbox" } } }
            @if !self.news.answers.is_empty() {
                h3 { "What you asked for" }
                ul { @for ask in &self.news.answers {
                    li { a href={ (self.base) "/asks/" (ask.id) } { (ask.title()) } br; (ask.receiver_name) ": " (self.answer(ask)) }
                } }
            }
            @if !self.news.watched.is_empty() {
                h3 { "What you watch" }
                ul { @for one in &self.news.watched { li { a href={ (self.base) (one.href) } { (one.title) } br; (happened(one)) } } }
            }
            @if self.reply.is_some() && !(self.news.owe.is_empty() && self.news.read.is_empty()) { p { (REPLY) } }
            p { a href={ (self.base) "/me/delivery" } { "How you hear of asks" }
                @if let Some(end) = &self.end { " · " a href=(end) { "No more letters but urgent ones" } } }
        }
    }

    fn list(&self, title: &str, asks: &[Ask], first: usize) -> Markup {
        html! { @if !asks.is_empty() {
            h3 { (title) }
            ol start=(first) { @for (i, ask) in asks.iter().enumerate() {
                li {
                    a href={ (self.base) "/asks/" (ask.id) } { (ask.title()) }
                    br; (self.details(ask))
                    br;
                    @if let Some(reply) = &self.reply {
                        a href=(format!("mailto:{reply}?subject=Re%3A&body={}%20done", first + i)) { (ask.verb.done()) }
                        " · " a href=(format!("mailto:{reply}?subject=Re%3A&body={}%20decline%3A%20", first + i)) { "Decline" }
                    } @else {
                        a href={ (self.base) "/asks/" (ask.id) "?answer=done" } { (ask.verb.done()) }
                        " · " a href={ (self.base) "/asks/" (ask.id) "?answer=decline" } { "Decline" }
                    }
                }
            } }
        } }
    }
}

/// How one answers a letter.
pub const REPLY: &str = "Answer by replying: begin a line with the number, as in \"2 done\", \"2 yes, ship it\" or \"2 decline: \
                     I am not the right one\".";

/// Ends of the sentence with which every letter opens, so that a reply which quotes it without a mark is known.
pub const OPENINGS: &[&str] = &[
    "One ask waits for you.",
    " asks wait for you.",
    "There is news on what you asked for.",
    "There is news on what you watch.",
];

fn opening(news: &News) -> String {
    let open = news.owe.len() + news.read.len() + usize::try_from(news.more).unwrap_or(0);
    match open {
        0 if news.answers.is_empty() => "There is news on what you watch.".into(),
        0 => "There is news on what you asked for.".into(),
        1 => "One ask waits for you.".into(),
        n => format!("{n} asks wait for you."),
    }
}

/// `3 comments by 2 people. Mara Lindqvist archived the team`
fn happened(one: &Activity) -> String {
    let said = Some(one.said()).filter(|said| !said.is_empty());
    said.into_iter().chain(one.changes.iter().cloned()).collect::<Vec<_>>().join(". ")
}

/// The first line of a longer text.
fn brief(text: &str) -> String {
    const MOST: usize = 200;
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    if line.chars().count() <= MOST { line.to_owned() } else { line.chars().take(MOST).chain("…".chars()).collect() }
}
