use super::{Ask, SELECT, State, VISIBLE, preview::hours};
use jiff::{Span, tz::TimeZone};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Silence, Time, Tx, args, sql};
use people::{
    hours::{Now, calendars},
    person::choices::Picker,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{
    Answer, Cx, Form, Head, Markup, Pages, ago, avatar, chip, day_and_time, facts, html, person_link, time_of_day,
};

/// One ask, for whoever is asked and whoever asks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAsk {
    pub ask: Id<Ask>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AskView {
    pub ask: Ask,
    /// For whoever asks: the same question to the others.
    pub others: Vec<Ask>,
    /// Whether the other one of the two works now, and when they will next.
    pub other_now: Option<Now>,
    /// The zone of the other one of the two.
    pub other_zone: Option<String>,
    /// Working time of the receiver that is left until the due time; negative once it has passed.
    pub left_minutes: i64,
}

impl Operation for ShowAsk {
    const NAME: &str = "ask.show";
    const ROUTE: Route = Route(Get, "/asks/{ask}");
    const READS: bool = true;
    type Target = Ask;
    type Output = AskView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Ask> {
        Ask::visible(tx, self.ask).await
    }

    fn allows(_: &Actor, _: &Ask) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, ask: Ask) -> Result<AskView> {
        let me = tx.me();
        let batch =
            sql!(SELECT, "where", VISIBLE, "and a.batch = $3 and a.id <> $4 order by r.sort_name, a.id limit 50");
        let others: Vec<Ask> = match ask.asker_id == Some(me) {
            true => tx.all(batch, args![tx.workspace(), me, ask.batch, ask.id]).await?,
            false => Vec::new(),
        };
        let other = if ask.receiver_id == me { ask.asker_id } else { Some(ask.receiver_id) };
        let people: Vec<_> = std::iter::once(ask.receiver_id).chain(other).collect();
        let (from, to) = super::around(tx.now());
        let clocks = calendars(tx, &people, from.min(ask.due_at), to).await?;
        let now = tx.now();
        let clock = clocks.iter().find(|clock| Some(clock.id) == other);
        let receiver = clocks.iter().find(|clock| clock.id == ask.receiver_id);
        Ok(AskView {
            others,
            other_now: clock.map(|clock| Now::of(clock, now)),
            other_zone: clock.map(|clock| clock.calendar.zone_name().to_owned()),
            left_minutes: receiver.map_or(0, |clock| clock.calendar.between(now, ask.due_at).as_mins()),
            ask,
        })
    }
}

pub fn pages() -> Pages {
    Pages::new().get("/asks/{ask}", show)
}

/// The kind of what asks in a conversation are about.
const COMMENT: &str = "comment";

/// `GET /asks/{ask}`
async fn show(cx: Cx) -> Answer {
    let view = cx.read(ShowAsk { ask: cx.text("ask").parse().map_err(|_| Error::NotFound)? }).await?;
    let title = view.ask.title();
    let picker = Picker::load(&cx, "").await?;
    let mine = view.ask.receiver_id == cx.actor().person;
    let pile = if mine { ("/inbox", "Inbox") } else { ("/inbox?pile=owed", "I am owed") };
    // What was asked in a comment is talked about where the comment stands.
    let conversation = match view.ask.about_kind.as_deref() {
        Some(COMMENT) => html! {},
        _ => cx.conversation("ask", view.ask.id).await?,
    };
    let body = html! {
        (Head { crumbs: vec![pile], title: &title, ..Head::default() }.show())
        div.cols {
            div.stack { (panel(&cx, &view, &picker, &format!("/asks/{}", view.ask.id))) (conversation) }
            div.stack { @if !view.others.is_empty() { (others(&view, &cx)) } }
        }
    };
    Ok(cx.live_page(&title, &[&view.ask.id.to_string()], body))
}

/// The whole of an ask with all that one can do about it: the page of its own, and the panel of the inbox.
pub(crate) fn panel(cx: &Cx, view: &AskView, picker: &Picker, back: &str) -> Markup {
    let (ask, me) = (&view.ask, cx.actor().person);
    html! {
        section.card #ask {
            header { h2 { (ask.subject) } @if let Some(href) = &ask.href { span.right { a.link.small href=(href) data-turbo-frame="_top" { "Open" } } } }
            div.body {
                @if !ask.note.is_empty() { div.prose.compact { (ui::prose(&ask.note)) } }
                (facts(&about(cx, view)))
                @if ask.state != State::Open { (ending(cx, ask)) }
            }
            @if ask.is_open() && ask.receiver_id == me { (answers(cx, ask, picker, back)) }
            @if ask.is_open() && ask.asker_id == Some(me) {
                footer { form method="post" action="/asks/withdrawn" { (ui::token(cx)) (hidden(ask, back)) button.button.small { "Withdraw" } } }
            }
            @if let Some(words) = other_now(cx, view) { footer.small.muted { (words) } }
        }
    }
}

fn about(cx: &Cx, view: &AskView) -> Vec<(&'static str, Markup)> {
    let (ask, zone) = (&view.ask, &cx.viewer.zone);
    let asker = match (&ask.asker_id, &ask.asker_name) {
        (Some(id), Some(name)) => person_link(id, name),
        _ => html! { "Cairn" },
    };
    let mut pairs = vec![
        ("Wanted", html! { (ask.verb.title()) @if ask.urgent { " " (chip("bad", "Urgent")) } }),
        ("Asked by", html! { (asker) " " span.muted { (ago(ask.raised_at, cx.now(), zone)) } }),
        ("Of", person_link(&ask.receiver_id, &ask.receiver_name)),
        (
            "Due",
            html! { (day_and_time(ask.due_at, zone)) " your time" @if ask.is_open() { " " span.muted { (left(view.left_minutes)) } } },
        ),
    ];
    match (ask.silence, &ask.escalate_name) {
        (Silence::Consent, _) => pairs.push(("Silence", html! { "Counts as consent" })),
        (Silence::Escalate, Some(name)) => pairs.push(("Silence", html! { (name) " is asked next" })),
        _ => {}
    }
    if ask.short_minutes > 0 {
        let words = format!("{} less than the team has agreed", hours(ask.short_minutes));
        pairs.push(("Short", html! { (chip("warn", &words)) }));
    }
    pairs
}

fn left(minutes: i64) -> String {
    match minutes {
        0.. => format!("{} of working time left", hours(minutes)),
        late => format!("{} of working time ago", hours(-late)),
    }
}

fn ending(cx: &Cx, ask: &Ask) -> Markup {
    let when = ask.ended_at.map(|at| ago(at, cx.now(), &cx.viewer.zone));
    let words = match ask.state {
        State::Open => "Open".to_owned(),
        State::Done => format!("{} by {}", ask.verb.done(), ask.receiver_name),
        State::Declined => format!("Declined by {}", ask.receiver_name),
        State::HandedOn => format!("Handed on to {}", ask.handed_name.as_deref().unwrap_or("somebody else")),
        State::Lapsed if ask.silence == Silence::Consent => "Nobody objected in time".to_owned(),
        State::Lapsed => "Not answered in time".to_owned(),
        State::Withdrawn => "Withdrawn".to_owned(),
    };
    html! {
        p #ending { strong { (words) } " " @if let Some(when) = when { span.muted { (when) } } }
        @if !ask.outcome.is_empty() { div.prose.compact { (ui::prose(&ask.outcome)) } }
    }
}

/// The forms of whoever is asked: the answer in place, then the ways out of it.
fn answers(cx: &Cx, ask: &Ask, picker: &Picker, back: &str) -> Markup {
    let state = Form::default();
    // A letter leads here with what its reader chose, so that one more key answers.
    let wanted = cx.text("answer");
    let words = if ask.verb == kernel::Verb::Read { "Read" } else { ask.verb.done() };
    html! {
        div.body.stack {
            form method="post" action="/asks/done" data-guard {
                (ui::token(cx)) (hidden(ask, back))
                div.field { label for="outcome" { "Your answer " span.optional { "optional" } }
                    @if ask.about_kind.as_deref() == Some(COMMENT) { p.hint #outcome-hint { "It becomes a comment below the question, for all who see that." } }
                    textarea.writing #outcome name="outcome" rows="3" data-key="r" data-key-label="Answer" {} }
                div.buttons { button.button.primary data-key="mod+enter" autofocus[wanted == "done"] { (words) } }
            }
            details.fold open[wanted == "decline"] { summary { "Decline" } div.body {
                form method="post" action="/asks/declined" { (ui::token(cx)) (hidden(ask, back))
                    div.field { label for="reason" { "Why" } input #reason name="reason" required maxlength="1000" autofocus[wanted == "decline"]; }
                    div.buttons { button.button { "Decline" } } } } }
            details.fold { summary { "Hand on" } div.body {
                form method="post" action="/asks/handed-on" { (ui::token(cx)) (hidden(ask, back))
                    (picker.field(&state, "to", "To whom", "They owe it from then on.", None, None))
                    (super::outlook::place(&format!("verb={}&due={}", ask.verb.word(), ask.due)))
                    div.field { label for="hand-note" { "What they need to know " span.optional { "optional" } } textarea #hand-note name="note" rows="2" {} }
                    div.buttons { button.button { "Hand on" } } } } }
            form method="post" action="/asks/snoozed" { (ui::token(cx)) (hidden(ask, back)) button.button.small { "Out of sight until my next morning" } }
        }
    }
}

fn hidden(ask: &Ask, back: &str) -> Markup {
    html! { input type="hidden" name="asks" value=(ask.id); input type="hidden" name="back" value=(back); }
}

fn other_now(cx: &Cx, view: &AskView) -> Option<String> {
    let ask = &view.ask;
    let name = if ask.receiver_id == cx.actor().person { ask.asker_name.as_ref()? } else { &ask.receiver_name };
    let first = name.split(' ').next().unwrap_or(name);
    let there = TimeZone::get(view.other_zone.as_ref()?).unwrap_or(TimeZone::UTC);
    let clock = time_of_day(cx.now(), &there);
    Some(match view.other_now? {
        Now::Working { until } => {
            format!("It is {clock} for {first}, who works until {} there.", time_of_day(until, &there))
        }
        Now::Away { back: Some(back), .. } => {
            format!("{first} is away until {} your time.", day_and_time(back, &cx.viewer.zone))
        }
        Now::Off { next: Some(next) } => {
            format!("It is {clock} for {first}, who is next at work {} your time.", day_and_time(next, &cx.viewer.zone))
        }
        Now::Away { back: None, .. } => format!("{first} is away."),
        Now::Off { next: None } => format!("It is {clock} for {first}."),
        Now::Starts { .. } => format!("{first} has not started yet."),
        Now::Left => format!("{first} has left."),
    })
}

fn others(view: &AskView, cx: &Cx) -> Markup {
    html! {
        section.card #others { header { h2 { "Others who were asked" } }
            ul.list { @for ask in &view.others { (row(cx, ask, &format!("/asks/{}", ask.id), &ask.receiver_name)) } } }
    }
}

/// One line of a list of asks.
pub(crate) fn row(cx: &Cx, ask: &Ask, href: &str, name: &str) -> Markup {
    let who = if name == ask.receiver_name { ask.receiver_id } else { ask.asker_id.unwrap_or(ask.receiver_id) };
    html! {
        li id={ "ask-" (ask.id) } {
            (avatar(&who, name))
            (what(ask, href, name, None))
            span.row { @if ask.urgent && ask.is_open() { (chip("bad", "Urgent")) } (due_chip(cx, ask)) }
        }
    }
}

/// What an ask wants, as a link; `frame` is where it opens.
pub(crate) fn what(ask: &Ask, href: &str, name: &str, frame: Option<&str>) -> Markup {
    let silence = match (ask.silence, &ask.escalate_name) {
        (Silence::Consent, _) => Some("silence counts as consent".to_owned()),
        (Silence::Escalate, Some(name)) => Some(format!("{name} is asked next")),
        _ => None,
    };
    html! {
        div.what {
            p { a href=(href) data-turbo-frame=[frame] { (ask.verb.title()) ": " strong { (ask.subject) } } }
            p.small.muted { (name)
                @if let Some(silence) = silence.filter(|_| ask.is_open()) { " · " (silence) }
                @if let Some(answer) = ask.outcome.lines().next() { " · " (answer) } }
        }
    }
}

/// How an ask stands, in the reader's time.
pub(crate) fn due_chip(cx: &Cx, ask: &Ask) -> Markup {
    let (now, zone) = (cx.now(), &cx.viewer.zone);
    match ask.state {
        State::Open if ask.is_overdue(now) => chip("bad", &format!("was due {}", due_words(ask.due_at, now, zone))),
        State::Open if ask.due_at.0 - now.0 < 4 * 3_600_000_000 => {
            chip("warn", &format!("by {}", due_words(ask.due_at, now, zone)))
        }
        State::Open => chip("", &format!("by {}", due_words(ask.due_at, now, zone))),
        State::Done => chip("good", ask.verb.done()),
        State::Declined => chip("bad", "Declined"),
        State::HandedOn => chip("", "Handed on"),
        State::Lapsed if ask.silence == Silence::Consent => chip("good", "Silent consent"),
        State::Lapsed => chip("warn", "Not answered"),
        State::Withdrawn => chip("", "Withdrawn"),
    }
}

/// `14:00` today, `Thu 09:00` this week, else the date.
fn due_words(at: Time, now: Time, zone: &TimeZone) -> String {
    let (day, today) = (at.date(zone), now.date(zone));
    let near = today.saturating_sub(Span::new().days(6))..=today.saturating_add(Span::new().days(6));
    match day {
        day if day == today => time_of_day(at, zone),
        day if near.contains(&day) => at.in_zone(zone).strftime("%a %H:%M").to_string(),
        day => ui::date(day, today),
    }
}
