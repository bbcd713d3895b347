//! Files beside comments: who reads them, what they are, and how many there may be.
use super::*;

async fn bring(world: &World, who: &str, about: &Json, name: &str, content: &[u8]) -> Result<Json> {
    ask(world, who, "file.add", with(about, json!({ "name": name, "content": STANDARD.encode(content) }))).await
}

#[tokio::test]
async fn a_file_is_read_by_those_who_see_the_comment_in_which_it_stands() {
    for world in worlds().await {
        let about = plan(&world).await;
        let picture = STANDARD.decode(PIXEL).unwrap();
        let file = bring(&world, "mara", &about, "desk.gif", &picture).await.unwrap();
        assert_eq!((file["name"].as_str(), file["content_type"].as_str()), (Some("desk.png"), Some("image/png")));
        let path = format!("/files/{}/desk.png", file["id"].as_str().unwrap());
        let fetch = async |who: &str| world.browser(who).await.get(&path).await;
        assert_eq!(fetch("mara").await.status, 200);
        assert_eq!(fetch("dele").await.status, 404, "it stands nowhere yet");
        let stolen = with(&about, json!({ "body": "Mine now", "files": [file["id"]] }));
        assert!(matches!(ask(&world, "priya", "comment.add", stolen).await, Err(Error::NotFound)));
        let body = format!("![desk]({path})");
        let comment = id(&says(&world, "mara", &about, json!({ "body": body })).await);
        let answer = fetch("dele").await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("image/png")));
        assert!(answer.header("content-disposition").unwrap().starts_with("inline"));
        assert!(answer.header("content-security-policy").unwrap().starts_with("sandbox"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(fetch("yuki").await.status, 404);
        let page = world.browser("dele").await.get(&format!("/onboarding/{}", about["record"].as_str().unwrap())).await;
        assert!(page.text().contains(&format!("<img src=\"{path}\"")), "{}", page.text());
        done(&world, "mara", "comment.delete", json!({ "comment": comment })).await;
        assert_eq!(fetch("dele").await.status, 404, "what is deleted is not read");
    }
}

#[tokio::test]
async fn what_a_file_is_its_bytes_say_and_what_may_run_is_only_saved() {
    for world in worlds().await {
        let about = on_team(&world);
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        for lie in ["logo.png", "logo.jpg", "logo.gif"] {
            let refused = bring(&world, "mara", &about, lie, svg).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{lie}: {refused:?}");
        }
        for name in ["logo.svg", "page.html"] {
            let file = bring(&world, "mara", &about, name, svg).await.unwrap();
            says(&world, "mara", &about, json!({ "body": "See the file", "files": [file["id"]] })).await;
            let path = format!("/files/{}/{name}", file["id"].as_str().unwrap());
            let answer = world.browser("priya").await.get(&path).await;
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
            let place = answer.header("content-disposition").unwrap();
            assert!(place.starts_with("attachment") && place.ends_with(name), "{place}");
            assert_eq!(answer.body.as_ref(), svg);
        }
        for refused in [&b"\x7fELF\x02\x01\x01"[..], b"MZ\x90\x00\x03", b"", b"\x89PNG\r\n\x1a\nno picture"] {
            assert!(
                matches!(bring(&world, "mara", &about, "a.bin", refused).await, Err(Error::Invalid(_))),
                "{refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_comment_takes_ten_files_and_a_person_brings_so_much_a_day() {
    let world = worlds().await.remove(0);
    let about = on_team(&world);
    let mut files = Vec::new();
    for i in 0..11 {
        files.push(bring(&world, "mara", &about, &format!("{i}.txt"), b"text").await.unwrap()["id"].clone());
    }
    let all = ask(&world, "mara", "comment.add", with(&about, json!({ "body": "All", "files": files }))).await;
    assert!(matches!(all, Err(Error::Invalid(_))), "{all:?}");
    says(&world, "mara", &about, json!({ "body": "Ten", "files": files[..10] })).await;
    let large = [b"%PDF-".to_vec(), vec![b'x'; 20 * 1024 * 1024 - 5]].concat();
    for _ in 0..9 {
        bring(&world, "mara", &about, "large.pdf", &large).await.unwrap();
    }
    bring(&world, "mara", &about, "large.pdf", &large[..20 * 1024 * 1024 - 100]).await.unwrap();
    assert!(matches!(bring(&world, "mara", &about, "large.pdf", &large).await, Err(Error::Conflict(_))));
    bring(&world, "priya", &about, "small.pdf", b"%PDF-1").await.unwrap();
}

#[tokio::test]
async fn a_form_with_a_file_needs_no_script() {
    for world in worlds().await {
        let mut browser = world.browser("mara").await;
        let page = format!("/teams/{}", world.team("money"));
        let csrf = browser.get(&page).await.field("csrf");
        let sent = send(&mut browser, &world, &csrf, "notes.txt").await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let text = world.browser("priya").await.get(&page).await.text();
        assert!(text.contains("notes.txt</a>") && text.contains("/notes.txt\""), "{text}");
        let refused = send(&mut browser, &world, &csrf, "picture.png").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("is not a picture"), "{}", refused.text());
    }
}

async fn send(browser: &mut Client, world: &World, csrf: &str, name: &str) -> Answer {
    let part = |head: &str, text: &str| format!("--part\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
    let body = [
        part("name=\"csrf\"", csrf),
        part("name=\"kind\"", "team"),
        part("name=\"record\"", world.team("money").as_str()),
        part("name=\"body\"", "With a file."),
        part("name=\"intent\"", "inform"),
        part("name=\"to\"", ""),
        part("name=\"due\"", ""),
        part("name=\"file\"; filename=\"\"", ""),
        part(&format!("name=\"file\"; filename=\"{name}\""), "what was noted"),
        "--part--\r\n".to_owned(),
    ];
    let headers = [("content-type", "multipart/form-data; boundary=part"), ("origin", "http://cairn.test")];
    browser.send("POST", "/comments", &headers, Body::from(body.concat())).await
}
