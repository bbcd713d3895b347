//! Pull requests of a project that stopped are told to whoever looks after it, while issues are open.
use super::{edit, project, view};
use crate::{
    issues::{asked, issue, state},
    pulls::import,
};
use jiff::SignedDuration;
use kernel::{Json, json};
use testkit::{World, worlds};

/// Brings a merged pull request over that names the issue, from each of these weeks, counted back from now.
async fn worked(world: &World, name: &str, issue: &Json, weeks: std::ops::Range<i64>) {
    let now = world.clock.now().timestamp();
    let key = issue["key"].as_str().unwrap();
    let who = json!({ "login": "ann", "id": 7, "type": "User" });
    let one = |week: i64| {
        let at = (now - SignedDuration::from_hours(24 * 7 * week + 5)).to_string();
        let number = key.rsplit('-').next().unwrap().parse::<i64>().unwrap() * 100 + week;
        json!({
            "id": number, "number": number, "title": format!("{key}: step {week}"), "state": "closed", "user": who, "draft": false,
            "html_url": format!("https://github.com/northwind/shop/pull/{number}"), "created_at": at, "updated_at": at,
            "closed_at": at, "merged_at": at, "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" },
        })
    };
    let path = std::env::temp_dir().join(format!("cairn-quiet-{name}-{}.json", std::process::id()));
    std::fs::write(&path, json!(weeks.map(one).collect::<Vec<_>>()).to_string()).unwrap();
    import(world, &["github", path.to_str().unwrap(), "--team", "payments"]).await;
    std::fs::remove_file(&path).unwrap_or_default();
}

async fn today(world: &World, who: &str) -> Vec<String> {
    let found = asked(world, who, "today.show", json!({})).await;
    let signals = found["signals"].as_array().unwrap().iter();
    signals
        .map(|one| one["sentence"].as_str().unwrap().to_owned())
        .filter(|one| one.contains("no pull request"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_whose_pull_requests_stopped_is_told_while_issues_are_open() {
    for world in worlds().await {
        let started = json!({ "state": "started" });
        let stopped = project(&world, "Wallets", started.clone()).await;
        let steady = project(&world, "Vouchers", started.clone()).await;
        let young = project(&world, "Gift cards", started).await;
        let within = |project: &Json| json!({ "project": project["id"] });
        let (one, two, three) = (
            issue(&world, within(&stopped)).await,
            issue(&world, within(&steady)).await,
            issue(&world, within(&young)).await,
        );
        worked(&world, "stopped", &one, 6..18).await;
        worked(&world, "steady", &two, 0..18).await;
        worked(&world, "young", &three, 6..12).await;

        let seen = view(&world, &stopped).await;
        let quiet = &seen["quiet"];
        assert_eq!((&quiet["weeks"], &quiet["active"], &quiet["of"]), (&json!(6), &json!(12), &json!(12)), "{quiet}");
        assert_eq!((seen["code"].as_array().unwrap().len(), &seen["code"][0]["mentions"]), (8, &json!(false)));
        assert_eq!(view(&world, &steady).await["quiet"], Json::Null);
        assert_eq!(view(&world, &young).await["quiet"], Json::Null, "six weeks tell nothing");

        let told = today(&world, "mara").await;
        assert!(told.len() == 1 && told[0].starts_with("Wallets has had no pull request since "), "{told:?}");
        assert_eq!(today(&world, "dele").await, Vec::<String>::new(), "only those who look after it are told");
        let mut client = world.browser("mara").await;
        let page = client.get(&format!("/projects/{}", stopped["id"].as_str().unwrap())).await;
        assert!(page.text().contains("None for 6 weeks"), "{}", page.text());

        edit(&world, "dele", &one, json!({ "state": state(&world, "Done").await })).await;
        assert_eq!(today(&world, "mara").await, Vec::<String>::new(), "there is nothing left to do");
        assert_eq!(view(&world, &stopped).await["quiet"], Json::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_initiative_is_quiet_when_all_of_its_projects_are() {
    for world in worlds().await {
        let initiative = json!({ "name": "Fewer cards", "owner": world.person("mara"), "state": "started" });
        let initiative = asked(&world, "mara", "initiative.add", initiative).await;
        let within = json!({ "initiative": initiative["id"], "state": "planned" });
        let (a, b) = (project(&world, "Wallets", within.clone()).await, project(&world, "Vouchers", within).await);
        let one = issue(&world, json!({ "project": a["id"] })).await;
        let two = issue(&world, json!({ "project": b["id"] })).await;
        worked(&world, "first", &one, 7..13).await;
        worked(&world, "second", &two, 10..20).await;
        let told = today(&world, "mara").await;
        assert!(told.len() == 1 && told[0].starts_with("Fewer cards has had no pull request since "), "{told:?}");
        worked(&world, "again", &two, 1..2).await;
        assert_eq!(today(&world, "mara").await, Vec::<String>::new());
    }
}
