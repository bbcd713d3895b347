//! What the working time of a team goes into, by rules of the team.
use crate::{
    issues::{asked, issue},
    pulls::import,
};
use jiff::{SignedDuration, Timestamp};
use kernel::{Json, json};
use std::path::PathBuf;
use testkit::{World, worlds};

/// Pull requests of these people of the team, one in each of the last ten weeks, and what they are called and labelled.
fn opened(now: Timestamp, people: &[&str]) -> Vec<Json> {
    let kinds =
        [("Pay out in yen", "feature"), ("Tidy the ledger", "debt"), ("Answer a merchant", ""), ("fix: rounding", "")];
    let one = |(week, place): (i64, usize)| {
        let person = people[place];
        let (at, number) = ((now - SignedDuration::from_hours(24 * 7 * week)).to_string(), 100 * week + place as i64);
        let (title, label) = kinds[(week % 4) as usize];
        json!({
            "id": 1000 + number, "number": number, "title": title, "state": "open", "draft": false, "body": "",
            "user": { "login": person, "id": 7 + place, "type": "User", "email": format!("{person}@northwind.example") },
            "html_url": format!("https://github.com/northwind/shop/pull/{number}"),
            "created_at": at, "updated_at": at, "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" },
            "labels": if label.is_empty() { json!([]) } else { json!([{ "id": 1, "name": label }]) },
        })
    };
    (1..=10).flat_map(|week| (0..people.len()).map(move |place| (week, place))).map(one).collect()
}

async fn imported(world: &World, people: &[&str]) {
    let text = json!(opened(world.clock.now().timestamp(), people)).to_string();
    imported_text(world, &people.len().to_string(), &text).await;
}

async fn imported_text(world: &World, name: &str, text: &str) {
    let name = format!("cairn-investment-{name}-{}.json", std::process::id());
    let path: PathBuf = std::env::temp_dir().join(name);
    std::fs::write(&path, text).unwrap();
    import(world, &["github", path.to_str().unwrap()]).await;
    std::fs::remove_file(&path).unwrap_or_default();
}

async fn show(world: &World, who: &str) -> Json {
    let input = json!({ "team": world.team("payments"), "back": "3m" });
    world.ask(&world.actor(who).await, "investment.show", input).await.unwrap()
}

/// The days of one kind in all months.
fn days(all: &Json, kind: &str) -> f64 {
    let months = all["months"].as_array().unwrap().iter();
    months.filter_map(|month| month["days"][kind].as_f64()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_team_is_sorted_by_its_rules_and_its_sum_stays() {
    for world in worlds().await {
        imported(&world, &["ines", "priya"]).await;
        let two = show(&world, "dele").await;
        assert_eq!((&two["people"], &two["months"], &two["newest"]), (&json!(2), &Json::Null, &json!([])));

        imported(&world, &["ines", "priya", "dele", "yuki"]).await;
        let usual = show(&world, "dele").await;
        assert_eq!((&usual["people"], &usual["rules"]["usual"]), (&json!(4), &json!(true)));
        let kinds = ["value", "upkeep", "debt", "support", "unplanned", "unnamed", "unseen"];
        for kind in ["value", "upkeep", "debt", "unnamed"] {
            assert!(days(&usual, kind) > 5.0, "{kind}: {}", days(&usual, kind));
        }
        assert_eq!(days(&usual, "support") + days(&usual, "unplanned"), 0.0);
        assert!((days(&usual, "capitalised") - days(&usual, "value")).abs() < 1e-9);
        assert_eq!(usual["newest"][0]["kind"], Json::Null, "what no rule names comes first");

        let rules = json!([
            { "looks_at": "label", "pattern": "FEATURE", "kind": "value" },
            { "looks_at": "title", "pattern": "answer*merchant", "kind": "support" },
            { "looks_at": "repository", "pattern": "sh*p", "kind": "unplanned" },
        ]);
        let set = json!({ "team": world.team("payments"), "rules": rules, "capitalised": ["value", "support"] });
        assert!(world.ask(&world.actor("dele").await, "investment_rule.set", set.clone()).await.is_err());
        world.ask(&world.actor("mara").await, "investment_rule.set", set).await.unwrap();
        let own = show(&world, "mara").await;
        assert_eq!((&own["rules"]["usual"], &own["unnamed"]), (&json!(false), &json!(0)));
        assert_eq!(days(&own, "value"), days(&usual, "value"));
        assert!((days(&own, "support") - days(&usual, "unnamed")).abs() < 1e-9);
        assert!((days(&own, "unplanned") - days(&usual, "upkeep") - days(&usual, "debt")).abs() < 1e-9);
        assert!((days(&own, "capitalised") - days(&own, "value") - days(&own, "support")).abs() < 1e-9);
        let sum = |all: &Json| kinds.iter().map(|kind| days(all, kind)).sum::<f64>();
        assert!((sum(&usual) - sum(&own)).abs() < 1e-6, "rules sort the time, they do not make any");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_of_the_issues_on_which_a_change_works_count_whatever_became_of_their_keys() {
    for world in worlds().await {
        let people = ["ines", "priya", "dele"];
        let team = world.team("payments");
        let label = asked(&world, "tomasz", "label.add", json!({ "team": team, "name": "Support" })).await;
        let answered = issue(&world, json!({ "labels": [label["id"]] })).await;
        let key = answered["key"].as_str().unwrap();
        let now = world.clock.now().timestamp();
        let named = json!(opened(now, &people)).to_string().replace("Answer a merchant", &format!("{key}: answer"));
        imported_text(&world, "named", &named).await;
        let by_issue = show(&world, "dele").await;
        assert!(days(&by_issue, "support") > 5.0 && by_issue["unnamed"] == 0, "{by_issue}");

        let ledger = world.team("ledger");
        asked(&world, "tomasz", "issue.move", json!({ "issue": answered["id"], "team": ledger })).await;
        let label = asked(&world, "arjun", "label.add", json!({ "team": ledger, "name": "Tech debt" })).await;
        let edit = json!({ "issue": answered["id"], "labels": [label["id"]] });
        asked(&world, "arjun", "issue.edit", edit).await;
        let moved = show(&world, "dele").await;
        let both = days(&by_issue, "debt") + days(&by_issue, "support");
        assert!((days(&moved, "debt") - both).abs() < 1e-6 && days(&moved, "support") == 0.0, "{moved}");

        let before = days(&moved, "debt");
        commits(&world, &people, &[key, "PAY-9999999999999999", "PAY-"]).await;
        let with_commits = show(&world, "dele").await;
        assert!(days(&with_commits, "debt") > before, "a commit that is part of no pull request works on it as well");
    }
}

/// A commit of each of these people in a week of new value, of no pull request, which names these keys.
async fn commits(world: &World, people: &[&str], keys: &[&str]) {
    let (system, team) = (world.system(), world.team("payments"));
    let new = json!({ "name": "Pay", "location": "https://git.example/octo-org/pay.git", "team": team });
    let repository = world.ask(&system, "repository.add", new).await.unwrap()["id"].clone();
    let commit = |(at, person): (usize, &&str)| {
        let on = (world.clock.now().timestamp() - SignedDuration::from_hours(24 * (25 + at as i64))).to_string();
        json!({
            "hash": format!("{:040x}", at + 1), "parents": [], "author": { "name": person, "mail": format!("{person}@northwind.example") },
            "authored_at": on, "committed_at": on, "committed_offset": 0, "subject": "Plain", "changes": [], "issues": keys,
        })
    };
    let all: Vec<Json> = people.iter().enumerate().map(commit).collect();
    world.ask(&system, "repository.import", json!({ "repository": repository, "commits": all })).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_changed_on_a_page_and_the_report_is_a_table() {
    for world in worlds().await {
        imported(&world, &["ines", "priya", "dele"]).await;
        let mut mara = world.browser("mara").await;
        let page = format!("/teams/{}/delivery/investment", world.team("payments"));
        let shown = mara.get(&page).await.text();
        assert!(shown.contains("of the time of Payments went into new value"), "{shown}");
        for name in ["Inês", "Priya", "Dele"] {
            let card = shown.split("id=\"months\"").nth(1).unwrap();
            assert!(!card.contains(name), "nobody is named beside a number");
        }
        let rules = format!("{page}/rules");
        assert!(mara.get(&rules).await.text().contains("These are the usual rules."));
        let fields = [
            ("looks_at_0", "title"),
            ("pattern_0", "*"),
            ("kind_0", "debt"),
            ("looks_at_1", "label"),
            ("pattern_1", ""),
            ("kind_1", "value"),
            ("capital_debt", "yes"),
        ];
        mara.post_from(&rules, &rules, &fields).await;
        let shown = mara.get(&page).await.text();
        assert!(
            shown.contains("0 % of the time of Payments went into new value") && shown.contains("Capitalised: Debt.")
        );
        let long = "x".repeat(201);
        let wrong =
            mara.post_from(&rules, &rules, &[("looks_at_0", "title"), ("pattern_0", &long), ("kind_0", "debt")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(&long), "what was typed stays");

        let table = mara.get(&format!("{page}.csv?back=3m")).await;
        assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = table.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "month,kind,days,capitalised");
        assert!(lines.iter().any(|line| line.contains(",debt,") && line.ends_with(",yes")), "{text}");
        assert!(lines.iter().any(|line| line.contains(",value,0.000,no")), "{text}");

        let mut dele = world.browser("dele").await;
        assert!(dele.get(&rules).await.text().contains("Whoever leads the team changes them."));
    }
}
