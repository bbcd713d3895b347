//! What a message may not do, whatever it says.
use super::{Digest, answerable, header, letters_to, outcome, post};
use asks::State;
use cairn::mail::Fate;
use kernel::json;
use std::time::Duration;
use testkit::World;

const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Asserts that a message does nothing, and that nobody hears of it.
async fn does_nothing(world: &World, digest: &Digest, raw: &str, expected: &str) {
    let (before, letters) = (digest.states(world).await, world.outside.letters().len());
    assert_eq!(outcome(world, raw).await, (expected, 0));
    world.drain().await;
    assert_eq!(digest.states(world).await, before, "{expected}");
    assert_eq!(world.outside.letters().len(), letters, "{expected}");
}

#[tokio::test]
async fn a_forged_address_does_nothing() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let reply = digest.reply("a", "1 done");
        let (secret, host) = digest.address().strip_prefix("reply+").unwrap().split_once('@').unwrap();
        let flipped = if secret.starts_with('0') { "1" } else { "0" };
        let forged = [
            format!("reply+{flipped}{}@{host}", &secret[1..]),
            format!("reply+{}@{host}", &secret[..39]),
            format!("reply+{secret}0@{host}"),
            format!("reply+{secret}@evil.example"),
            format!("other+{secret}@{host}"),
            format!("reply@{host}"),
        ];
        for address in forged {
            does_nothing(&world, &digest, &reply.replace(digest.address(), &address), "unknown").await;
        }
        let shouted = reply.replace(digest.address(), &digest.address().to_uppercase());
        assert_eq!(outcome(&world, &shouted).await.0, "answered", "case does not count");
    }
}

#[tokio::test]
async fn somebody_else_cannot_answer_even_with_the_address() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let reply = digest.reply("a", "1 done");
        let from = format!("From: Tomasz Nowak <{}>", digest.letter.to);
        let others = [
            "From: Mara <mara@northwind.example>".to_owned(),
            format!("From: \"{}\" <eve@evil.example>", digest.letter.to),
            format!("From: {}, eve@evil.example", digest.letter.to),
            format!("{from}\r\nFrom: eve@evil.example"),
            format!("Reply-To: {}", digest.letter.to),
            format!("From: {}.evil.example", digest.letter.to),
        ];
        for other in others {
            does_nothing(&world, &digest, &reply.replace(&from, &other), "other_sender").await;
        }
        let shouted = reply.replace(&from, &from.to_uppercase());
        assert_eq!(outcome(&world, &shouted).await.0, "answered");
    }
}

#[tokio::test]
async fn a_message_counts_once() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let number = digest.number("Budget 1");
        let reply = digest.reply("a", &format!("{number} done"));
        assert_eq!(outcome(&world, &reply).await, ("answered", 1));
        let reopen = json!({ "asks": [digest.asks[number - 1].id] });
        super::call::<asks::ReopenAsks>(&world, "tomasz", reopen).await;
        does_nothing(&world, &digest, &reply, "repeated").await;
        does_nothing(&world, &digest, &reply.replace(&format!("{number} done"), "2 decline: no"), "repeated").await;
        assert_eq!(digest.states(&world).await[number - 1], State::Open);
        let nameless = reply.replace("Message-ID: <a@northwind.example>\r\n", "");
        assert_eq!(outcome(&world, &nameless).await, ("answered", 1));
        does_nothing(&world, &digest, &nameless, "repeated").await;
    }
}

#[tokio::test]
async fn the_same_message_at_the_same_time_counts_once() {
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        let reply = digest.reply("a", &format!("{} done", digest.number("Budget 1")));
        let all = (0..8).map(|_| {
            let (post, reply) = (post(&world), reply.clone());
            tokio::spawn(async move { post.receive(reply.as_bytes(), "").await })
        });
        let mut answered = 0;
        for one in all.collect::<Vec<_>>() {
            if let Ok(Fate::Received(receipt)) = one.await.unwrap() {
                answered += receipt.answered;
            }
        }
        assert_eq!(answered, 1);
    }
}

#[tokio::test]
async fn machines_are_not_answered() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let reply = digest.reply("a", "I am away until Monday.");
        let machines = ["Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "Return-Path: <>"];
        for line in machines {
            does_nothing(&world, &digest, &format!("{line}\r\n{reply}"), "automatic").await;
        }
        let absent = reply.replace("Subject: Re: ", "Subject: Automatic reply: ");
        does_nothing(&world, &digest, &absent, "automatic").await;
    }
}

#[tokio::test]
async fn who_has_lost_access_cannot_answer() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let disable = json!({ "person": world.person("tomasz") });
        let hanneke = world.actor("hanneke").await;
        let session = Some(world.signed_in(world.workspace(), hanneke.person).await.1);
        let hanneke = kernel::Actor { session, ..hanneke };
        world.ask(&hanneke, "account.disable", disable).await.unwrap();
        let letters = world.outside.letters().len();
        assert_eq!(outcome(&world, &digest.reply("a", "1 done")).await, ("no_access", 0));
        assert_eq!(world.outside.letters().len(), letters);
    }
}

#[tokio::test]
async fn a_letter_is_answered_within_thirty_days() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        world.clock.set(world.clock.now() + A_DAY * 30 + Duration::from_secs(1));
        let before = digest.states(&world).await;
        assert_eq!(outcome(&world, &digest.reply("a", "1 done")).await, ("too_old", 0));
        assert_eq!(digest.states(&world).await, before);
    }
}

#[tokio::test]
async fn what_is_not_understood_is_explained_once_and_at_most_three_times_a_letter() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let before = digest.states(&world).await;
        let count = letters_to(&world, "tomasz").len();
        let unclear = ["Yes, ship it all.", "999 done", "1 decline", "1 done\r\n1 decline: no"];
        for (place, text) in unclear.iter().enumerate() {
            let reply = digest.reply(&place.to_string(), text);
            assert_eq!(outcome(&world, &reply).await, ("explained", 0), "{text}");
            assert_eq!(outcome(&world, &reply).await, ("repeated", 0), "{text}");
            world.drain().await;
            assert_eq!(letters_to(&world, "tomasz").len(), count + (place + 1).min(3), "{text}");
        }
        assert_eq!(digest.states(&world).await, before);
        let letter = &letters_to(&world, "tomasz")[count];
        assert!(letter.text.contains("No line in it began with a number"), "{}", letter.text);
        assert!(letter.text.contains("1. Review:"), "{}", letter.text);
        assert_eq!(header(letter, "Auto-Submitted"), Some("auto-replied"));
        assert_eq!(header(letter, "In-Reply-To"), Some("<0@northwind.example>"));
        assert_eq!(header(letter, "Reply-To"), Some(digest.address()), "it can be answered in turn");
        assert_eq!(outcome(&world, &digest.reply("better", "1 done")).await, ("answered", 1));
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_said_to_have_come_too_late() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let (one, two) = (digest.number("Budget 1"), digest.number("Budget 2"));
        super::call::<asks::WithdrawAsks>(&world, "mara", json!({ "asks": [digest.asks[one - 1].id] })).await;
        let reply = digest.reply("a", &format!("{one} yes, ship it\r\n{two} done"));
        assert_eq!(outcome(&world, &reply).await, ("answered", 1));
        world.drain().await;
        let letter = letters_to(&world, "tomasz").pop().unwrap();
        assert!(letter.text.contains(&format!("Number {one} had ended before")), "{}", letter.text);
        assert!(letter.text.contains("One other ask was answered."), "{}", letter.text);
    }
}

#[tokio::test]
async fn without_an_address_for_answers_nothing_is_taken_in() {
    let world = testkit::worlds().await.remove(0);
    let error =
        post(&world).receive(b"From: a@x.example\r\nTo: reply+a@cairn.example\r\n\r\n1 done", "").await.unwrap_err();
    assert!(error.to_string().contains("mail-reply"), "{error}");
    let digest = super::call::<asks::delivery::ShowDelivery>(&world, "tomasz", json!({})).await;
    assert!(digest.next_at.is_some());
}

/// What is kept of letters and answers, by how many days ago the letters left.
#[tokio::test]
async fn letters_and_their_answers_are_forgotten_when_they_have_served_their_time() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let raw = digest.reply("a", "1 done");
        assert_eq!(outcome(&world, &raw).await, ("answered", 1));
        let kept = async || world.call(&world.system(), Kept {}).await.unwrap();
        let (letters, replies) = kept().await;
        assert!(letters >= 1 && replies == 1);
        world.pass_to("2026-04-10T12:00:00Z").await;
        assert_eq!(kept().await.1, 1, "within a month a message must not count twice");
        assert_eq!(outcome(&world, &raw).await.0, "repeated");
        for at in ["2026-04-20T12:00:00Z", "2026-04-22T12:00:00Z"] {
            world.pass_to(at).await;
        }
        assert_eq!(kept().await.1, 0);
        assert_eq!(outcome(&world, &raw).await.0, "too_old");
        let before = kept().await.0;
        for at in ["2026-10-20T12:00:00Z", "2026-10-22T12:00:00Z"] {
            world.pass_to(at).await;
        }
        assert!(kept().await.0 < before + letters, "letters of March are gone");
        assert_eq!(outcome(&world, &raw).await.0, "unknown");
    }
}

/// How many letters and answers are kept.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Kept {}

impl kernel::Operation for Kept {
    const NAME: &str = "test.kept_letters";
    const ROUTE: kernel::Route = kernel::Route(kernel::Method::Get, "/test/kept_letters");
    const READS: bool = true;
    type Target = ();
    type Output = (i64, i64);

    async fn target(&self, _: &mut kernel::Tx<'_>) -> kernel::Result<()> {
        Ok(())
    }

    fn allows(actor: &kernel::Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut kernel::Tx<'_>, _: ()) -> kernel::Result<(i64, i64)> {
        let letters = kernel::sql!("select count(*) from ask_letters where workspace_id = $1");
        let replies = kernel::sql!("select count(*) from mail_replies where workspace_id = $1");
        let workspace = tx.workspace();
        Ok((tx.one(letters, kernel::args![workspace]).await?, tx.one(replies, kernel::args![workspace]).await?))
    }
}
