//! Answers by mail, through each door.
mod checkin;
mod doors;
mod imap;
mod invitations;
mod outgoing;
mod refused;

use asks::{Ask, RaiseAsk, ShowAsk, State};
use cairn::mail::{Fate, Post};
use kernel::{Json, Letter, Operation, ReplyTo, json, parse};
use testkit::{World, worlds};

const REPLY: &str = "reply@cairn.example";

/// The sample company with an address for answers, once on each engine.
async fn answerable() -> Vec<World> {
    let mut all = worlds().await;
    for world in &mut all {
        let replies: ReplyTo = REPLY.parse().unwrap();
        world.opened.app = world.opened.app.clone().with_reply_to(Some(replies));
    }
    all
}

fn post(world: &World) -> Post {
    Post { app: world.opened.app.clone(), workspace: world.workspace() }
}

async fn call<O: Operation>(world: &World, who: &str, input: Json) -> O::Output {
    let actor = world.actor(who).await;
    world.call(&actor, parse::<O>(input).unwrap()).await.unwrap()
}

fn letters_to(world: &World, who: &str) -> Vec<Letter> {
    let address = format!("{who}@");
    world.outside.letters().into_iter().filter(|letter| letter.to.starts_with(&address)).collect()
}

fn header<'a>(letter: &'a Letter, name: &str) -> Option<&'a str> {
    letter.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A digest that Tomasz got, and the asks in it by their numbers.
struct Digest {
    letter: Letter,
    asks: Vec<Ask>,
}

impl Digest {
    /// Mara asks so many things, and the next morning comes.
    async fn of(world: &World, count: usize) -> Digest {
        world.drain().await;
        let before = letters_to(world, "tomasz").len();
        for number in 1..=count {
            let ask =
                json!({ "to": [world.person("tomasz")], "verb": "review", "subject": format!("Budget {number}") });
            call::<RaiseAsk>(world, "mara", ask).await;
        }
        world.drain().await;
        for hours in 1..=96 {
            world.pass_to_time(world.clock.now() + std::time::Duration::from_secs(3600)).await;
            if letters_to(world, "tomasz").len() > before {
                break;
            }
            assert!(hours < 96, "no letter came");
        }
        Digest::read(world, letters_to(world, "tomasz").pop().unwrap()).await
    }

    async fn read(world: &World, letter: Letter) -> Digest {
        let mut asks = Vec::new();
        for line in letter.text.lines() {
            if let Some((_, id)) = line.trim().split_once("http://cairn.test/asks/") {
                asks.push(show(world, "tomasz", id).await);
            }
        }
        Digest { letter, asks }
    }

    fn address(&self) -> &str {
        header(&self.letter, "Reply-To").unwrap()
    }

    /// The number of the ask with this subject.
    fn number(&self, subject: &str) -> usize {
        self.asks.iter().position(|ask| ask.subject == subject).unwrap() + 1
    }

    /// What Tomasz's mail program sends.
    fn reply(&self, id: &str, text: &str) -> String {
        let quoted: String = self.letter.text.lines().map(|line| format!("> {line}\r\n")).collect();
        format!(
            "From: Tomasz Nowak <{}>\r\nTo: Cairn <{}>\r\nSubject: Re: {}\r\nMessage-ID: <{id}@northwind.example>\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\n\
             On Tue, Mar 17, 2026 at 9:00 AM Cairn <cairn@cairn.example> wrote:\r\n{quoted}",
            self.letter.to,
            self.address(),
            self.letter.subject
        )
    }

    async fn states(&self, world: &World) -> Vec<State> {
        let mut states = Vec::new();
        for ask in &self.asks {
            states.push(show(world, "tomasz", ask.id.as_str()).await.state);
        }
        states
    }
}

async fn show(world: &World, who: &str, ask: &str) -> Ask {
    call::<ShowAsk>(world, who, json!({ "ask": ask })).await.ask
}

async fn outcome(world: &World, raw: &str) -> (&'static str, usize) {
    match post(world).receive(raw.as_bytes(), "").await.unwrap() {
        Fate::Received(receipt) => (receipt.outcome.word(), receipt.answered),
        Fate::Unreadable(sentence) => panic!("{sentence}"),
    }
}

#[tokio::test]
async fn a_digest_is_answered_item_by_item_as_on_the_pages() {
    for world in answerable().await {
        let digest = Digest::of(&world, 3).await;
        let (one, two, three) = (digest.number("Budget 1"), digest.number("Budget 2"), digest.number("Budget 3"));
        let text = format!("Hi,\r\n\r\n{one} done\r\n{two}: yes, ship it\r\n{three} decline: Priya knows this code.");
        assert_eq!(outcome(&world, &digest.reply("a", &text)).await, ("answered", 3));
        let mut seen = Vec::new();
        for number in [one, two, three] {
            let ask = show(&world, "mara", digest.asks[number - 1].id.as_str()).await;
            seen.push((ask.state, ask.outcome));
        }
        let said = |state, text: &str| (state, text.to_owned());
        let expected =
            [said(State::Done, ""), said(State::Done, "yes, ship it"), said(State::Declined, "Priya knows this code.")];
        assert_eq!(seen, expected);
        let others = digest.states(&world).await.iter().filter(|state| **state == State::Open).count();
        assert_eq!(others, digest.asks.len() - 3, "only what was answered has ended");
    }
}

#[tokio::test]
async fn the_history_names_the_sender_and_the_door() {
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        let number = digest.number("Budget 1");
        outcome(&world, &digest.reply("a", &format!("{number} done"))).await;
        let ask = digest.asks[number - 1].id.to_string();
        let found = world.call(&world.system(), History { subject: ask }).await.unwrap();
        assert_eq!(found, [(world.person("tomasz").to_string(), "mail".to_owned(), "ask.done".to_owned())]);
    }
}

/// Who ended an ask, and through which door.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct History {
    subject: String,
}

impl Operation for History {
    const NAME: &str = "test.history";
    const ROUTE: kernel::Route = kernel::Route(kernel::Method::Get, "/test/history");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<(String, String, String)>;

    async fn target(&self, _: &mut kernel::Tx<'_>) -> kernel::Result<()> {
        Ok(())
    }

    fn allows(actor: &kernel::Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut kernel::Tx<'_>, _: ()) -> kernel::Result<Self::Output> {
        let select = kernel::sql!(
            "select actor, door, verb from events where workspace_id = $1 and subject = $2 and verb = 'ask.done' order by id"
        );
        tx.all(select, kernel::args![tx.workspace(), self.subject]).await
    }
}
