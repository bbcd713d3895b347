use super::{Checkin, Day, sweep::horizon};
use crate::sharing::shared_team;
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use people::team;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Start a check-in: questions that come back to everyone on a team, at each one's own hour.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartCheckin {
    pub team: Id<Team>,
    pub name: Name<80>,
    pub days: Vec<Day>,
    /// The local time at which it opens for each person, such as `09:30`.
    pub opens: Line<5>,
    /// So many working hours each person has for it, 1 to 40; 4 if left out.
    #[serde(default = "four")]
    pub hours: i64,
    /// One to eight.
    pub questions: Vec<Line<200>>,
    /// What the team is after, one goal a line; the roll-up groups by them.
    #[serde(default)]
    pub goals: Markdown,
    /// The first answer begins with what the person did since the last one.
    #[serde(default)]
    pub proposes_work: bool,
    /// How one feels, for oneself alone.
    #[serde(default)]
    pub asks_mood: bool,
}

fn four() -> i64 {
    4
}

const MOST_QUESTIONS: usize = 8;

/// What is stored of the days, if there are any.
pub(super) fn days(days: &[Day]) -> Result<String> {
    let chosen: Vec<&str> = Day::ALL.iter().filter(|day| days.contains(day)).map(|day| day.word()).collect();
    match chosen.is_empty() {
        true => Err(Error::invalid("days", "Choose at least one day.")),
        false => Ok(chosen.join(" ")),
    }
}

/// Minutes since midnight.
pub(super) fn minute(opens: &str) -> Result<i64> {
    let wrong = || Error::invalid("opens", "Write a time of day such as 09:30.");
    let (hour, minute) = opens.split_once(':').ok_or_else(wrong)?;
    let (hour, minute): (i64, i64) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
    if (0..24).contains(&hour) && (0..60).contains(&minute) { Ok(hour * 60 + minute) } else { Err(wrong()) }
}

pub(super) fn check_hours(hours: i64) -> Result<()> {
    match (1..=40).contains(&hours) {
        true => Ok(()),
        false => Err(Error::invalid("hours", "Choose between 1 and 40 working hours.")),
    }
}

/// The questions that say something; one to eight of them.
pub(super) fn asked(questions: &[Line<200>]) -> Result<Vec<&str>> {
    let asked: Vec<&str> = questions.iter().map(|words| &**words).filter(|words| !words.is_empty()).collect();
    match asked.len() {
        1..=MOST_QUESTIONS => Ok(asked),
        0 => Err(Error::invalid("questions", "Ask at least one question.")),
        _ => Err(Error::invalid("questions", "Ask at most eight questions.")),
    }
}

pub(super) fn check_goals(goals: &str) -> Result<()> {
    let sane = goals.lines().count() <= 20 && goals.lines().all(|goal| goal.chars().count() <= 120);
    if sane { Ok(()) } else { Err(Error::invalid("goals", "Write at most 20 lines of at most 120 characters.")) }
}

impl Operation for StartCheckin {
    const NAME: &str = "checkin.start";
    const ROUTE: Route = Route(Post, "/teams/{team}/checkins");
    type Target = team::Record;
    type Output = Checkin;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<team::Record> {
        shared_team(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &team::Record) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, team: team::Record) -> Result<Checkin> {
        if team.archived_at.is_some() {
            return Err(Error::conflict("This team is archived."));
        }
        let (days, minute, asked) = (days(&self.days)?, minute(&self.opens)?, asked(&self.questions)?);
        check_hours(self.hours)?;
        check_goals(&self.goals)?;
        let (id, me, now): (Id<Checkin>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into checkins (workspace_id, id, team_id, name, days, opens_minute, hours, goals, proposes_work,
                    asks_mood, planned_through, started_by, started_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        );
        let before = horizon(now).saturating_sub(jiff::Span::new().days(2));
        tx.run(
            insert,
            args![
                tx.workspace(),
                id,
                team.id,
                self.name,
                days,
                minute,
                self.hours,
                self.goals,
                self.proposes_work,
                self.asks_mood,
                before,
                me,
                now
            ],
        )
        .await?;
        for (position, words) in asked.into_iter().enumerate() {
            add_question(tx, id, position, words).await?;
        }
        tx.record("checkin.started", id, json!({}));
        Checkin::visible(tx, id).await
    }
}

pub(super) async fn add_question(tx: &mut Tx<'_>, checkin: Id<Checkin>, position: usize, words: &str) -> Result<()> {
    let insert = sql!(
        "insert into checkin_questions (workspace_id, id, checkin_id, position, words) values ($1, $2, $3, $4, $5)"
    );
    let id: Id<super::Question> = tx.id();
    tx.run(insert, args![tx.workspace(), id, checkin, position as i64, words]).await?;
    Ok(())
}

/// A beginning that one can choose.
struct Preset {
    word: &'static str,
    title: &'static str,
    days: &'static str,
    hours: &'static str,
    questions: &'static [&'static str],
    proposes_work: bool,
    asks_mood: bool,
}

const PRESETS: [Preset; 4] = [
    Preset {
        word: "daily",
        title: "Daily stand-up",
        days: "mon tue wed thu fri",
        hours: "4",
        questions: &["What got done since the last time?", "What is next?"],
        proposes_work: true,
        asks_mood: false,
    },
    Preset {
        word: "plan",
        title: "Weekly plan",
        days: "mon",
        hours: "8",
        questions: &["What do you want to have done by Friday?", "Which of it needs somebody else?"],
        proposes_work: false,
        asks_mood: false,
    },
    Preset {
        word: "wins",
        title: "Weekly wins",
        days: "fri",
        hours: "8",
        questions: &["What went well this week?", "Who made your week easier, and how?"],
        proposes_work: true,
        asks_mood: false,
    },
    Preset {
        word: "mood",
        title: "How are you",
        days: "wed",
        hours: "8",
        questions: &["Is there anything the team should know?"],
        proposes_work: false,
        asks_mood: true,
    },
];

const TITLE: &str = "Start a check-in";

/// `GET /check-ins/new`
pub async fn new(cx: Cx) -> Answer {
    let preset = PRESETS.iter().find(|one| one.word == cx.text("preset")).unwrap_or(&PRESETS[0]);
    let mut texts: Vec<(String, String)> = [
        ("team", cx.text("team")),
        ("name", preset.title),
        ("opens", "09:30"),
        ("hours", preset.hours),
        ("proposes_work", if preset.proposes_work { "true" } else { "" }),
        ("asks_mood", if preset.asks_mood { "true" } else { "" }),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    texts.extend(preset.days.split(' ').map(|day| ("days".to_owned(), day.to_owned())));
    texts.extend(preset.questions.iter().map(|words| ("questions".to_owned(), (*words).to_owned())));
    let questions = preset.questions.iter().map(|words| (*words).to_owned()).collect::<Vec<_>>();
    let body = view(&cx, &Form::refused(texts, Vec::new()), &questions).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /check-ins/new`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<StartCheckin>().await {
        Ok(checkin) => {
            let sentence = "Started. It opens for each person at their own hour.";
            Ok(form.go(&format!("/check-ins/{}", checkin.id), Flash::says(sentence)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state, &typed(&form)).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

/// The questions as somebody typed them.
pub(super) fn typed(form: &Submitted) -> Vec<String> {
    let questions = form.texts.iter().filter(|(name, _)| name == "questions");
    questions.map(|(_, words)| words.clone()).filter(|words| !words.is_empty()).collect()
}

async fn view(cx: &Cx, form: &Form, questions: &[String]) -> kernel::Result<Markup> {
    let teams = cx.read(super::ListCheckins {}).await?.teams;
    let teams: Vec<_> = teams.into_iter().map(|team| (team.id.to_string(), team.name)).collect();
    let lead = "It opens for each person at their own hour, on days on which they work. Late is fine.";
    Ok(html! {
        (Head { crumbs: vec![("/check-ins", "Check-ins")], title: TITLE, lead, ..Head::default() }.show())
        @if teams.is_empty() {
            (ui::empty("A check-in belongs to a team, and you are on none. Ask its lead to add you.", Some(("/teams", "Teams"))))
        } @else { div.stack {
            nav.segments aria-label="What it is for" {
                @for preset in &PRESETS { a href={ "/check-ins/new?preset=" (preset.word) } { (preset.title) } }
            }
            form.form method="post" action="/check-ins/new" data-guard {
                (token(cx)) (form.summary())
                (form.select("team", "Team", "", None, &teams))
                (fields(form, questions))
                footer.form-foot { button.button.primary data-key="mod+enter" { "Start" } a.button.quiet href="/check-ins" { "Cancel" } }
            }
        } }
    })
}

/// The fields that a new check-in and its settings share.
pub(super) fn fields(form: &Form, questions: &[String]) -> Markup {
    let free = MOST_QUESTIONS.min(questions.len() + 2);
    html! {
        (form.text("name", "Name", ""))
        fieldset.choices { legend { "Days" } p.hint { "If it comes once a week, whoever is off that day has it when they are back, up to the day before it comes again." }
            div.row.wrap { @for day in Day::ALL {
                label.choice { input type="checkbox" name="days" value=(day.word()) checked[form.holds("days", day.word())]; span { (day.title()) } }
            } }
            @if let Some(sentence) = form.flaw("days") { p.error { (sentence) } }
        }
        div.field-row {
            (form.input("time", "opens", "Opens at", "The local time of each person.", false))
            (form.input("number", "hours", "Working hours to answer", "At the longest until the end of their day.", false))
        }
        fieldset.choices #questions { legend { "Questions" } p.hint { "Blockers are asked for besides. Leave empty what you do not need." }
            @for at in 0..free {
                div.field { label.vh for={ "question-" (at) } { "Question " (at + 1) }
                    input id={ "question-" (at) } name="questions" type="text" value=(questions.get(at).map_or("", String::as_str)); }
            }
            @if let Some(sentence) = form.flaw("questions") { p.error { (sentence) } }
        }
        (form.area("goals", "Goals", "What the team is after, one a line. The roll-up puts answers under them.", 3))
        fieldset.choices { legend { "Besides" }
            label.choice { input type="checkbox" name="proposes_work" value="true" checked[form.value("proposes_work") == "true"];
                span { "Begin the first answer with what one did" span.hint { "Issues and pull requests of their own, which they edit." } } }
            label.choice { input type="checkbox" name="asks_mood" value="true" checked[form.value("asks_mood") == "true"];
                span { "Ask how one feels" span.hint { "Only oneself sees the answers." } } }
        }
    }
}
