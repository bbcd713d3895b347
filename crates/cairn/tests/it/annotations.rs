//! What is noted of days of a team stands on its charts.
use axum::http::StatusCode;
use kernel::{Json, json};
use testkit::{World, worlds};

async fn noted(world: &World, who: &str) -> Json {
    world.ask(&world.actor(who).await, "annotation.list", json!({ "team": world.team("payments") })).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lead_notes_of_a_day_is_read_by_the_team_and_taken_back() {
    for world in worlds().await {
        let team = world.team("payments").to_string();
        let (page, form) = (format!("/teams/{team}/delivery/notes"), format!("/teams/{team}/delivery/notes#new"));
        let mut mara = world.browser("mara").await;
        for (date, text, url, sentence) in [
            ("2026-03-10", "", "", "Write something here."),
            ("2031-01-01", "Freeze", "", "This day is still to come."),
            ("1999-01-01", "Freeze", "", "Give a day since 2000."),
            ("2026-03-10", "Freeze", "javascript:alert(1)", "This is no address of a page"),
        ] {
            let answer = mara.post_from(&form, &page, &[("date", date), ("text", text), ("url", url)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text} {url}");
            assert!(answer.text().contains(sentence), "{sentence}");
        }
        for (date, text) in [("2026-03-02", "New machines"), ("2026-03-10", "Release <freeze>")] {
            let fields = [("date", date), ("text", text), ("url", "https://status.example.com/42")];
            assert_eq!(mara.post_from(&form, &page, &fields).await.status, StatusCode::SEE_OTHER);
        }
        let all = noted(&world, "dele").await;
        assert_eq!((&all["may_note"], all["annotations"].as_array().unwrap().len()), (&json!(false), 2));
        assert_eq!(all["annotations"][0]["text"], "Release <freeze>", "the last day first");
        let mut dele = world.browser("dele").await;
        let shown = dele.get(&page).await.text();
        assert!(shown.contains("Release &lt;freeze&gt;") && !shown.contains("Note it"), "{shown}");
        let tried = json!({ "team": team, "date": "2026-03-10", "text": "Freeze" });
        assert!(world.ask(&world.actor("dele").await, "annotation.add", tried).await.is_err());

        let id = all["annotations"][0]["id"].as_str().unwrap();
        let gone = world.ask(&world.actor("dele").await, "annotation.remove", json!({ "annotation": id })).await;
        assert!(gone.is_err(), "whoever does not lead the team takes nothing back");
        world.ask(&world.actor("mara").await, "annotation.remove", json!({ "annotation": id })).await.unwrap();
        assert_eq!(noted(&world, "mara").await["annotations"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_has_the_notes_of_its_weeks_and_no_others() {
    for world in worlds().await {
        let builds: Vec<Json> = (1..=20)
            .map(|day| {
                let at = |hour: u32| format!("2026-02-{day:02}T{hour:02}:00:00Z");
                json!({ "id": format!("{day}"), "attempt": 1, "project": "a", "name": "check", "outcome": "succeeded", "said": "success",
                    "started_at": at(9), "finished_at": at(10), "as_of": at(10) })
            })
            .collect();
        let joana = world.actor("joana").await;
        let repository =
            json!({ "name": "shop", "location": "https://git.example/a/shop", "team": world.team("payments") });
        let repository = world.ask(&joana, "repository.add", repository).await.unwrap()["id"].clone();
        let records = json!({ "system": "jenkins", "repository": repository, "builds": builds });
        world.ask(&joana, "pipeline.import", records).await.unwrap();
        for (date, text) in [("2026-02-11", "New machines"), ("2020-01-01", "Long ago")] {
            let note = json!({ "team": world.team("payments"), "date": date, "text": text });
            world.ask(&world.actor("mara").await, "annotation.add", note).await.unwrap();
        }
        let page = world.browser("dele").await.get(&format!("/teams/{}/builds", world.team("payments"))).await.text();
        let chart = page.split("id=\"builds-by-week\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(chart.contains("11 Feb: New machines") && chart.contains("class=\"goal\""), "{chart}");
        assert!(!page.contains("Long ago"), "what was before the chart is not on it");
        let asked = json!({ "team": world.team("payments") });
        let told = world.ask(&world.actor("dele").await, "delivery.builds", asked).await.unwrap();
        assert_eq!(told["annotations"][0]["date"], "2026-02-11");
    }
}
