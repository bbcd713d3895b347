//! Those whom a comment names: who is asked, who is not, and how the answer comes back.
use super::*;

#[tokio::test]
async fn a_question_waits_in_the_inbox_of_those_who_are_named_and_its_answer_comes_back() {
    for world in worlds().await {
        let about = on_team(&world);
        let tomasz = world.person("tomasz");
        let text = format!("[@Tomasz](/people/{tomasz}), does the **ledger** retry twice?\n\nMore words.");
        let question = json!({ "body": text, "intent": "question", "due": "8 working hours" });
        let added = says(&world, "mara", &about, question).await;
        assert_eq!(added["asked"].as_array().unwrap().len(), 1);
        world.drain().await;
        let waits = owed(&world, "tomasz").await;
        let one = waits.iter().find(|one| one.subject.starts_with("Does the ledger retry twice?")).unwrap();
        assert_eq!(one.verb, kernel::Verb::Answer);
        let href = one.href.clone().unwrap();
        let led = world.browser("tomasz").await.get(&href).await;
        let place = format!("/teams/{}#comment-{}", world.team("money"), id(&added));
        assert_eq!(led.header("location"), Some(place.as_str()));
        let waiting = done(&world, "tomasz", "comment.list", about.clone()).await["waiting"].clone();
        assert_eq!(waiting[0]["comment"], added["comment"]["id"]);
        tick(&world);
        let finish = FinishAsks { asks: vec![one.id], outcome: "Twice, then it *stops*.".parse().unwrap() };
        world.call(&world.actor("tomasz").await, finish).await.unwrap();
        world.drain().await;
        let answer = said(&world, "priya", &about).await.pop().unwrap();
        assert_eq!(
            (answer["body"].as_str(), answer["mark"].as_str()),
            (Some("Twice, then it *stops*."), Some("answer"))
        );
        assert_eq!(answer["author_id"], json!(world.person("tomasz")));
        let again = ReopenAsks { asks: vec![one.id] };
        world.call(&world.actor("tomasz").await, again).await.unwrap();
        world.drain().await;
        assert!(!said(&world, "priya", &about).await.pop().unwrap()["deleted_at"].is_null(), "it was taken back");
        let finish = FinishAsks { asks: vec![one.id], outcome: "Three times.".parse().unwrap() };
        world.call(&world.actor("tomasz").await, finish).await.unwrap();
        world.drain().await;
        let all = said(&world, "priya", &about).await;
        assert_eq!((all.len(), all[1]["body"].as_str()), (2, Some("Three times.")), "one answer, said anew");
    }
}

#[tokio::test]
async fn what_two_people_ask_each_other_elsewhere_about_a_record_stays_between_them() {
    for world in worlds().await {
        let about = json!({ "kind": "team", "id": world.team("money") });
        let raise =
            json!({ "to": [world.person("tomasz")], "verb": "answer", "subject": "How is the team?", "about": about });
        let raised = done(&world, "mara", "ask.raise", raise).await;
        let asks = vec![raised[0]["id"].as_str().unwrap().parse::<Id<Ask>>().unwrap()];
        let finish = FinishAsks { asks, outcome: "Tired, to be honest.".parse().unwrap() };
        world.call(&world.actor("tomasz").await, finish).await.unwrap();
        world.drain().await;
        assert_eq!(said(&world, "priya", &on_team(&world)).await.len(), 0);
    }
}

#[tokio::test]
async fn who_cannot_see_the_record_is_not_asked_and_the_author_learns_it() {
    for world in worlds().await {
        let about = plan(&world).await;
        let text = format!("{} {} what do you think?", mention(&world, "priya"), mention(&world, "yuki"));
        let outlook = with(&about, json!({ "people": [world.person("priya"), world.person("yuki")] }));
        let outlook = done(&world, "mara", "comment.outlook", outlook).await;
        let sees: Vec<bool> = outlook.as_array().unwrap().iter().map(|one| one["sees"].as_bool().unwrap()).collect();
        assert_eq!(sees.iter().filter(|sees| **sees).count(), 1);
        let added = says(&world, "mara", &about, json!({ "body": text, "intent": "decision" })).await;
        assert!(added["blind"][0].as_str().unwrap().starts_with("Yuki"), "{added}");
        assert_eq!(added["asked"].as_array().unwrap().len(), 1);
        world.drain().await;
        let asked = |all: Vec<Ask>| all.iter().any(|one| one.subject.contains("what do you think?"));
        assert!(asked(owed(&world, "priya").await) && !asked(owed(&world, "yuki").await));
        let watchers = done(&world, "mara", "comment.list", about.clone()).await["watchers"].to_string();
        assert!(!watchers.contains("Yuki"), "{watchers}");
        let mut browser = world.browser("mara").await;
        let page = format!("/onboarding/{}", about["record"].as_str().unwrap());
        let fields = [
            ("kind", "onboarding"),
            ("record", about["record"].as_str().unwrap()),
            ("body", &text),
            ("intent", "question"),
        ];
        let sent = browser.post_from(&page, "/comments", &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let flash = browser.get(&page).await.text();
        assert!(flash.contains("cannot see this record and is not asked."), "{flash}");
    }
}

#[tokio::test]
async fn a_comment_names_so_many_and_no_more() {
    for world in worlds().await {
        let crowd = vec![world.person("tomasz"); 51];
        let input = with(&on_team(&world), json!({ "body": "All of you.", "to": crowd }));
        assert!(matches!(ask(&world, "mara", "comment.add", input).await, Err(Error::Invalid(_))));
        let few = with(&on_team(&world), json!({ "body": "All of you.", "to": vec![world.person("tomasz"); 50] }));
        done(&world, "mara", "comment.add", few).await;
    }
}

#[tokio::test]
async fn a_team_stands_for_its_members_and_nothing_is_asked_without_an_intent() {
    for world in worlds().await {
        let about = on_team(&world);
        let before = owed(&world, "tomasz").await.len();
        let team = format!("[@Payments](/teams/{}) look at this", world.team("payments"));
        let told = says(&world, "mara", &about, json!({ "body": team })).await;
        assert_eq!(told["asked"], json!([]));
        world.drain().await;
        assert_eq!(owed(&world, "tomasz").await.len(), before, "for your information asks for nothing");
        let watchers = done(&world, "mara", "comment.list", about.clone()).await["watchers"].to_string();
        assert!(watchers.contains("Tomasz") && watchers.contains("Mara"), "{watchers}");
        let asked = says(&world, "mara", &about, json!({ "body": team, "intent": "decision" })).await;
        assert!(asked["asked"].as_array().unwrap().len() > 3, "{asked}");
        world.drain().await;
        assert_eq!(owed(&world, "tomasz").await.len(), before + 1);
        assert!(
            ask(&world, "mara", "comment.add", with(&about, json!({ "body": "Well?", "intent": "question" })))
                .await
                .is_err()
        );
        done(&world, "tomasz", "comment.add", with(&about, json!({ "body": "Fine by me.", "answers": true }))).await;
        world.drain().await;
        assert_eq!(owed(&world, "tomasz").await.len(), before, "an answer in place ends what waited");
    }
}
