//! The question bank, by theme, with what the two have asked lately.
use super::{OneOnOne, place};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Time, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::LazyLock};
use ui::{Answer, Cx, Head, Markup, ago, html, token};

/// The question bank, and when the two of a one-on-one last had each question on their list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListQuestions {
    pub one_on_one: Id<OneOnOne>,
}

/// Questions about one thing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Theme {
    pub name: &'static str,
    pub questions: Vec<Question>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Question {
    pub key: &'static str,
    pub text: &'static str,
    pub asked_at: Option<Time>,
}

/// The theme of growth, of which the rhythm of a one-on-one says how long ago it was talked about.
pub(super) const GROWTH: &str = "growth";

const BANK: &[(&str, &str, &[&str])] = &[
    (
        "how",
        "How it goes",
        &[
            "What took more energy than it should have since we last talked?",
            "What went well that nobody noticed?",
            "When did you last stop on time, and what made that possible?",
            "If next week had one meeting less, which one should it be?",
            "What are you worried about that has no ticket?",
        ],
    ),
    (
        "work",
        "The work",
        &[
            "What do you know about our plan that I probably do not?",
            "Where do you wait on somebody, and does that person know it?",
            "Which decision are we living with that you would make differently today?",
            "What are we building that you would not miss?",
            "What would have to be true for you to bet on the date?",
        ],
    ),
    (
        GROWTH,
        "Growth",
        &[
            "What can you do today that you could not do half a year ago?",
            "Which part of your work would you like to hand to somebody else, so that you can take up what?",
            "Who does something that you would like to learn, and have you told them?",
            "What would the next level ask of you that you have had no chance to show?",
            "What should we stop calling a weakness, and start arranging our work around?",
        ],
    ),
    (
        "feedback",
        "Feedback",
        &[
            "What should I do more of, less of, or differently with you?",
            "When did I last make your work harder?",
            "Is there something that I keep asking about that you wish I left alone?",
            "Which of my habits would surprise me if you told me about it?",
            "What have you held back from saying in the team, and what would make it easy?",
        ],
    ),
    (
        "team",
        "The team",
        &[
            "Whom have you seen help somebody lately?",
            "Whose view do we hear too late, or not at all?",
            "Which of our agreements do we keep in words only?",
            "What would you tell a friend who is about to join this team?",
            "Who is carrying something alone?",
        ],
    ),
    (
        "distance",
        "Distance",
        &[
            "Which hours cost you most, and who decided on them?",
            "What do you learn late because of where you live?",
            "Where do we still need a call for what a page could do?",
            "Do you feel seen by people whom you have never met?",
            "What would make your mornings better: what should be written when you begin?",
        ],
    ),
    (
        "staying",
        "Staying",
        &[
            "What would you miss most if you left?",
            "When did you last think about leaving, and what set it off?",
            "What do you want from the next year here, whether or not it is on any plan?",
            "Are you paid and placed as you think is fair? If not, what have you not been told?",
            "What could we change within a month that would matter to you?",
        ],
    ),
];

/// Whether the bank has a question with this key.
pub(super) fn knows(key: &str) -> bool {
    KEYS.iter().any(|(known, _)| known == key)
}

/// The keys live as long as the program.
static KEYS: LazyLock<Vec<(String, &str)>> = LazyLock::new(|| {
    let of = |(theme, _, texts): &(&str, &str, &'static [&'static str])| {
        let theme = theme.to_string();
        (1..).zip(*texts).map(move |(place, text)| (format!("{theme}-{place}"), *text))
    };
    BANK.iter().flat_map(of).collect()
});

impl Operation for ListQuestions {
    const NAME: &str = "one_on_one.questions";
    const ROUTE: Route = Route(Get, "/one-on-ones/{one_on_one}/questions");
    const READS: bool = true;
    type Target = OneOnOne;
    type Output = Vec<Theme>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Vec<Theme>> {
        let select = sql!(
            "select question, max(added_at) from talking_points
              where workspace_id = $1 and one_on_one_id = $2 and question is not null group by question"
        );
        let asked: Vec<(String, Time)> = tx.all(select, args![tx.workspace(), one_on_one.id]).await?;
        let asked: BTreeMap<String, Time> = asked.into_iter().collect();
        let of = |theme: &str| -> Vec<Question> {
            let mine = KEYS.iter().filter(|(key, _)| key.rsplit_once('-').is_some_and(|(known, _)| known == theme));
            mine.map(|(key, text)| Question { key, text, asked_at: asked.get(key).copied() }).collect()
        };
        Ok(BANK.iter().map(|(theme, name, _)| Theme { name, questions: of(theme) }).collect())
    }
}

/// `GET /one-on-ones/{one_on_one}/questions`
pub async fn show(cx: Cx) -> Answer {
    let shown = cx.read_here::<super::ShowOneOnOne>().await?;
    let themes = cx.read_here::<ListQuestions>().await?;
    let one_on_one = &shown.one_on_one;
    let (title, place) = (one_on_one.title(), place(one_on_one.id));
    let crumbs = vec![("/one-on-ones", "One-on-ones"), (place.as_str(), title.as_str())];
    let lead = "Choose one or two. What you asked lately says so; nobody keeps count.";
    let body = html! {
        (Head { crumbs, title: "Questions worth asking", lead, ..Head::default() }.show())
        div.grid.g2 {
            @for theme in &themes {
                section.card {
                    header { h2 { (theme.name) } }
                    ul.list.plain { @for question in &theme.questions { (line(&cx, &place, question)) } }
                }
            }
        }
    };
    Ok(cx.page("Questions worth asking", body))
}

fn line(cx: &Cx, place: &str, question: &Question) -> Markup {
    html! {
        li {
            div.what.wrap {
                p { (question.text) }
                @if let Some(at) = question.asked_at {
                    p.small.muted { "On your list " (ago(at, cx.now(), &cx.viewer.zone)) }
                }
            }
            form method="post" action={ (place) "/points" } {
                (token(cx))
                input type="hidden" name="body" value=(question.text);
                input type="hidden" name="question" value=(question.key);
                button.button.small aria-label={ "Add: " (question.text) } { "Add" }
            }
        }
    }
}
