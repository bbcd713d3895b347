//! The pages of the roadmap.
use super::{milestone, project};
use crate::issues::{issue, shown};
use kernel::json;
use testkit::worlds;

#[tokio::test]
async fn a_project_is_begun_and_given_milestones_in_the_browser() {
    for world in worlds().await {
        let mut mara = world.browser("mara").await;
        let (payments, owner) = (world.team("payments").to_string(), world.person("mara").to_string());
        let fields = [
            ("name", "<b>Payouts</b> & \"euro\""),
            ("about", "What it is **for**"),
            ("owner", owner.as_str()),
            ("state", "started"),
            ("start", ""),
            ("target", "Q3 2026"),
            ("teams", ""),
            ("teams", &payments),
        ];
        let wrong = fields.map(|(name, text)| (name, if name == "target" { "soon" } else { text }));
        let again = mara.post_from("/projects/new", "/projects", &wrong).await;
        assert_eq!(again.status.as_u16(), 422);
        assert!(again.text().contains("is no day, month or quarter"), "{}", again.text());
        let made = mara.post_from("/projects/new", "/projects", &fields).await;
        let page = made.header("location").unwrap().to_owned();
        let text = mara.get(&page).await.text();
        assert!(text.contains("&lt;b&gt;Payouts&lt;/b&gt;") && !text.contains("<b>Payouts"), "{text}");
        assert!(text.contains("Q3 2026") && text.contains("<strong>for</strong>"), "{text}");

        let new = format!("{page}/milestones/new");
        let sent = [("name", "Closed beta"), ("target", "2026-08")];
        let added = mara.post_from(&new, &format!("{page}/milestones"), &sent).await;
        assert_eq!(added.status.as_u16(), 303, "{}", added.text());
        let list = mara.get("/projects").await.text();
        assert!(list.contains("Q3 2026") && list.contains("No issues yet"), "{list}");
        assert!(mara.get(&page).await.text().contains("August 2026"));
        let edit = mara.get(&format!("{page}/edit")).await;
        assert!(edit.text().contains("value=\"2026-Q3\""), "{}", edit.text());
        for weeks in ["2", ""] {
            let rhythm =
                fields.map(|(name, text)| if name == "start" { ("rhythm_weeks", weeks) } else { (name, text) });
            let saved = mara.post_from(&format!("{page}/edit"), &format!("{page}/edit"), &rhythm).await;
            assert_eq!(saved.status.as_u16(), 303, "every {weeks} weeks: {}", saved.text());
        }
    }
}

#[tokio::test]
async fn the_page_of_an_issue_puts_it_into_a_milestone_and_out_of_it() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({})).await;
        let beta = milestone(&world, &euro, "Beta", json!(null)).await;
        let one = issue(&world, json!({})).await;
        let page = format!("/issues/{}", one["key"].as_str().unwrap());
        let mut priya = world.browser("priya").await;
        let both = format!("{}/{}", euro["id"].as_str().unwrap(), beta["id"].as_str().unwrap());
        let text = priya.get(&page).await.text();
        assert!(text.contains(&format!("value=\"{both}\"")), "{text}");
        let saved = priya.post_from(&page, &format!("{page}/fields"), &[("project", &both)]).await;
        assert_eq!(saved.status.as_u16(), 303, "{}", saved.text());
        assert_eq!(shown(&world, &one["id"]).await["milestone_name"], "Beta");
        assert!(priya.get(&page).await.text().contains("Euro: Beta"));
        let choose = [("issues", one["id"].as_str().unwrap()), ("project", "none")];
        let picked = priya.post_from(&page, "/issue-edits/field", &choose).await;
        assert_eq!(picked.status.as_u16(), 303, "{}", picked.text());
        assert_eq!(shown(&world, &one["id"]).await["project_name"], kernel::Json::Null);
        let columns = priya.get("/issues?q=is%3Aopen&columns=key&columns=project").await;
        assert_eq!(columns.status.as_u16(), 200);
    }
}
