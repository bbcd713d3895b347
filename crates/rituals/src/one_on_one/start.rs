use super::{Cadence, Kind, OneOnOne, place, tell};
use kernel::{Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, sql};
use people::{
    access::managers_of,
    person::{self, choices::Picker},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Start a one-on-one with somebody. There is one of each kind for two people, and only these two see it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartOneOnOne {
    pub person: Id<Person>,
    pub kind: Kind,
    /// Among mentors and buddies, whether the other one is the mentor or the buddy.
    #[serde(default)]
    pub led_by_them: bool,
    #[serde(default = "fortnightly")]
    pub cadence: Cadence,
    /// How long a call is meant to take; 30 if left out.
    #[serde(default = "half_an_hour")]
    pub minutes: i64,
}

fn fortnightly() -> Cadence {
    Cadence::Fortnightly
}

fn half_an_hour() -> i64 {
    30
}

/// The calls that can be chosen, in minutes.
pub(super) const LENGTHS: [i64; 5] = [15, 30, 45, 60, 90];

impl Operation for StartOneOnOne {
    const NAME: &str = "one_on_one.start";
    const ROUTE: Route = Route(Post, "/one-on-ones");
    type Target = person::Record;
    type Output = OneOnOne;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<person::Record> {
        person::Record::visible(tx, self.person).await
    }

    fn allows(actor: &Actor, _: &person::Record) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, person: person::Record) -> Result<OneOnOne> {
        check_minutes(self.minutes)?;
        let me = tx.me();
        if person.id == me {
            return Err(Error::invalid("person", "Choose somebody else; what is yours alone is a note."));
        }
        if people::access::actor_of(tx, person.id).await?.is_none() {
            let sentence = format!("{} has no account here and could not read it.", person.name);
            return Err(Error::invalid("person", sentence));
        }
        let (lead, other) = self.sides(tx, &person).await?;
        self.refuse_second(tx, lead, other).await?;
        let id: Id<OneOnOne> = tx.id();
        let insert = sql!(
            "insert into one_on_ones (workspace_id, id, kind, lead_id, other_id, cadence, minutes, started_by, started_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let now = tx.now();
        tx.run(insert, args![tx.workspace(), id, self.kind, lead, other, self.cadence, self.minutes, me, now]).await?;
        super::meeting::begin(tx, id, None).await?;
        let started = OneOnOne::visible(tx, id).await?;
        tell(tx, "one_on_one.started", &started);
        Ok(started)
    }
}

pub(super) fn check_minutes(minutes: i64) -> Result<()> {
    match (5..=240).contains(&minutes) {
        true => Ok(()),
        false => Err(Error::invalid("minutes", "Choose between 5 minutes and 4 hours.")),
    }
}

impl StartOneOnOne {
    /// The lead and the other one. Where the reporting line says it, the line decides.
    async fn sides(&self, tx: &mut Tx<'_>, person: &person::Record) -> Result<(Id<Person>, Id<Person>)> {
        let (me, them) = (tx.me(), person.id);
        let depth = |line: &[Id<Person>], who| line.iter().position(|above| *above == who);
        let (mine, theirs) = (managers_of(tx, me).await?, managers_of(tx, them).await?);
        let led = (depth(&mine, them), depth(&theirs, me));
        let wrong = |sentence: String| Err(Error::invalid("kind", sentence));
        match (self.kind, led) {
            (Kind::Report, (Some(0), _)) => Ok((them, me)),
            (Kind::Report, (_, Some(0))) => Ok((me, them)),
            (Kind::Report, _) => wrong(format!("Neither of you reports to the other; {} is not in it.", person.name)),
            (Kind::SkipLevel, (Some(1..), _)) => Ok((them, me)),
            (Kind::SkipLevel, (_, Some(1..))) => Ok((me, them)),
            (Kind::SkipLevel, _) => wrong(format!("{} is not two or more levels from you.", person.name)),
            _ if self.led_by_them => Ok((them, me)),
            _ => Ok((me, them)),
        }
    }

    async fn refuse_second(&self, tx: &mut Tx<'_>, lead: Id<Person>, other: Id<Person>) -> Result<()> {
        let same = sql!(
            "select ended_at is not null as ended from one_on_ones
              where workspace_id = $1 and kind = $2
                and (lead_id = $3 and other_id = $4 or lead_id = $4 and other_id = $3)"
        );
        match tx.find::<bool>(same, args![tx.workspace(), self.kind, lead, other]).await? {
            None => Ok(()),
            Some(false) => Err(Error::invalid("person", "The two of you have a one-on-one of this kind already.")),
            Some(true) => {
                let sentence = "The two of you ended a one-on-one of this kind. Take that one up again.";
                Err(Error::invalid("person", sentence))
            }
        }
    }
}

const TITLE: &str = "Start a one-on-one";

/// `GET /one-on-ones/new`
pub async fn new(cx: Cx) -> Answer {
    let picker = Picker::load(&cx, "").await?;
    let named = cx.text("person").to_owned();
    let kind = if cx.text("kind").is_empty() { "report" } else { cx.text("kind") }.to_owned();
    let form = Form::of([
        ("person", named),
        ("kind", kind),
        ("cadence", Cadence::Fortnightly.word().into()),
        ("minutes", "30".into()),
    ]);
    Ok(cx.page(TITLE, view(&cx, &form, &picker)))
}

/// `POST /one-on-ones/new`
pub async fn save(form: Submitted) -> Answer {
    let started = async {
        let form = person::choices::with_ids(&form, &["person"]).await?;
        form.submit::<StartOneOnOne>().await
    };
    match started.await {
        Ok(started) => {
            let sentence = format!("Only you and {} see this.", started.facing(form.cx.actor().person).first_name());
            Ok(form.go(&place(started.id), Flash::says(sentence)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let picker = Picker::load(&form.cx, form.text("person")).await?;
            Ok(form.again(TITLE, view(&form.cx, &state, &picker)))
        }
    }
}

fn view(cx: &Cx, form: &Form, picker: &Picker) -> Markup {
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.title().to_owned())).collect();
    let lead = "A standing page for the two of you: what to talk about, notes, promises. Nobody else sees it, nor that it exists.";
    html! {
        (Head { crumbs: vec![("/one-on-ones", "One-on-ones")], title: TITLE, lead, ..Head::default() }.show())
        form.form method="post" action="/one-on-ones/new" data-guard {
            (token(cx)) (form.summary())
            (picker.field(form, "person", "With whom", "", None, None))
            (form.select("kind", "What you are to each other", "", None, &kinds))
            fieldset.choices { legend { "Mentors and buddies" }
                label.choice { input type="checkbox" name="led_by_them" value="true" checked[form.value("led_by_them") == "true"];
                    span { "They are the mentor or the buddy" span.hint { "Else you are." } } } }
            (rhythm(form))
            footer.form-foot { button.button.primary data-key="mod+enter" { "Start" } a.button.quiet href="/one-on-ones" { "Cancel" } }
        }
    }
}

/// The fields for how often and how long.
pub(super) fn rhythm(form: &Form) -> Markup {
    let cadences: Vec<_> = Cadence::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let lengths: Vec<_> = LENGTHS.iter().map(|minutes| (minutes.to_string(), ui::minutes(*minutes))).collect();
    html! {
        div.field-row {
            (form.select("cadence", "How often", "", None, &cadences))
            (form.select("minutes", "How long a call is", "", None, &lengths))
        }
    }
}
