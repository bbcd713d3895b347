//! A live page is told of nothing more once the access of its reader has ended, and its stream ends with that.
use super::{PASSWORD, add, begun, settle, sign_in};
use std::time::Duration;
use testkit::{Client, Stream, World};

async fn listen(browser: &mut Client, page: &str) -> Stream {
    let text = browser.get(page).await.text();
    let address = text.split("name=\"cairn-live\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    let stream = Stream::open(browser, &address.replace("&amp;", "&")).await;
    tokio::time::sleep(Duration::from_millis(300)).await; // PostgreSQL needs a moment until it listens
    stream
}

async fn said(stream: Stream) -> String {
    stream.ended(Duration::from_secs(1)).await
}

async fn change(owner: &mut Client, path: &str) {
    let answer = owner.post_from("/me", path, &[("confirmed", "yes")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

#[tokio::test]
async fn a_stream_ends_within_a_second_of_the_access_of_its_reader() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut browser = settle(&world, &mut owner, ada, &["member"]).await;
        let page = format!("/people/{ada}");

        let mut other = again(&world).await;
        let stream = listen(&mut browser, &page).await;
        other.post_from("/me", "/me/sessions/others/end", &[]).await;
        assert!(!said(stream).await.contains("changed"), "a stream told a session that was over of a change");

        let stream = listen(&mut other, &page).await;
        change(&mut owner, &format!("/people/{ada}/account/disabling")).await;
        change(&mut owner, &format!("/people/{ada}/deactivation")).await;
        assert!(!said(stream).await.contains("changed"), "a stream told somebody without access of a change");
        change(&mut owner, &format!("/people/{ada}/reactivation")).await;
        change(&mut owner, &format!("/people/{ada}/account/enabling")).await;

        let mut browser = again(&world).await;
        let stream = listen(&mut browser, &page).await;
        browser.post_from("/me", "/sign-out", &[]).await;
        said(stream).await;
    }
}

#[tokio::test]
async fn a_stream_goes_on_while_access_stands() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut browser = settle(&world, &mut owner, ada, &["member"]).await;
        let stream = listen(&mut browser, &format!("/people/{ada}")).await;
        again(&world).await.post_from("/me", "/sign-out", &[]).await; // another session of the same person
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!stream.has_ended());
        change(&mut owner, &format!("/people/{ada}/deactivation")).await;
        said(stream).await;
    }
}

async fn again(world: &World) -> Client {
    sign_in(world, "ada@northwind.example", PASSWORD).await
}
