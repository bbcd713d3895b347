//! `cairn report delivery` writes files that need nothing else.
use std::process::Command;
use testkit::{World, worlds};

fn report(world: &World, format: &str) -> String {
    let folder = testkit::sqlite_file().replace(".db", "-data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    command.args(["report", "delivery", "--team", "payments", "--format", format]);
    let output = command.args(["--data", &folder, "--database-url", &world.url]).output().unwrap();
    assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_a_page_a_picture_or_a_table() {
    for world in worlds().await {
        world.clock.set(kernel::Time::now());
        let empty = report(&world, "html");
        assert!(empty.contains("Not enough data: fewer than three people are behind it."));
        sample::deliver(&world.opened.app, world.company.as_ref().unwrap()).await.unwrap();

        let page = report(&world, "html");
        for held in [
            "<h1>How Payments delivers</h1>",
            "Change lead time",
            "Pull requests wait longer for an answer since",
            "Stages of ",
            "A pull request changes at most 300 lines",
            "aria-label=\"Deployments by week\"",
        ] {
            assert!(page.contains(held), "{held}");
        }
        for needed in ["<script", "<link", "src=", "url(", "priya", "Priya"] {
            assert!(!page.contains(needed), "the page stands alone and names nobody: {needed}");
        }
        let picture = report(&world, "svg");
        assert!(
            picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && picture.matches("<rect").count() > 10
        );
        assert_eq!(picture.matches("<svg").count(), picture.matches("</svg>").count());
        assert!(report(&world, "csv").starts_with("key,value,unit,sample,low,high\nchange_lead_time,"));
    }
}
