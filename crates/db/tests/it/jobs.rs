use crate::{
    core::CountRows,
    demo::{Answer, Show, Spell},
    support::{Nowhere, World, engines, postgres},
};
use futures_util::future::join_all;
use std::{sync::Arc, time::Duration};

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_on_one_postgres_run_each_job_once() {
    let Some(url) = postgres().await else { return };
    let (a, b) = (World::at(&url).await, World::at(&url).await);
    let runners = [&a, &b].map(|w| tokio::spawn(db::work_forever(w.db.clone(), w.app.clone(), Arc::new(Nowhere))));
    let checkin = a.checkin().await;
    let answers = (0..200).map(|i| {
        let (app, member) = if i % 2 == 0 { (a.app.clone(), a.member()) } else { (b.app.clone(), b.member()) };
        tokio::spawn(async move { app.call(&member, Answer { checkin, body: "x".into() }).await })
    });
    for answer in join_all(answers).await {
        answer.unwrap().unwrap();
    }
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while a.app.call(&a.member(), CountRows {}).await.unwrap().1 > 0 {
        assert!(tokio::time::Instant::now() < deadline, "jobs are left");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(a.app.call(&a.member(), Show { checkin }).await.unwrap().answers, 200);
    runners.iter().for_each(|runner| runner.abort());
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_about_one_subject_run_in_the_order_in_which_they_were_wanted() {
    for world in engines().await {
        let checkin = world.checkin().await;
        let letters: String = ('a'..='z').collect();
        world.app.call(&world.member(), Spell { checkin, letters: letters.clone() }).await.unwrap();
        world.drain().await;
        let spelled = world.app.call(&world.member(), Show { checkin }).await.unwrap().question;
        assert!(spelled.ends_with(&letters), "{spelled}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_to_the_pages_of_every_program() {
    let Some(url) = postgres().await else { return };
    let (a, b) = (World::at(&url).await, World::at(&url).await);
    let mut heard = b.db.changes();
    tokio::time::sleep(Duration::from_millis(500)).await; // until the other program listens
    let checkin = a.checkin().await;
    let found = tokio::time::timeout(Duration::from_secs(5), async {
        loop {
            let topics = heard.recv().await.unwrap();
            if topics.iter().any(|topic| topic.text == checkin.as_str() && topic.workspace == a.workspace) {
                return;
            }
        }
    });
    found.await.expect("the other program tells its pages");
}
