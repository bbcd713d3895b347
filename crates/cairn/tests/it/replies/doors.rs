//! The doors through which answers come: LMTP, SMTP, the API and the command.
use super::{Digest, REPLY, answerable, post};
use asks::State;
use base64::{Engine, engine::general_purpose::STANDARD};
use cairn::mail::listener::{Door, Limits, Place};
use kernel::{Json, json};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::{Address, Envelope},
};
use std::{
    io::Write,
    net::SocketAddr,
    process::{Command, Stdio},
    time::Duration,
};
use testkit::{Client, World};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpStream, UnixStream},
    task::JoinHandle,
};

/// A listener that ends with the test.
struct Listening {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(world: &World, limits: Limits) -> Listening {
    let door = Door::open(&Place::Port("127.0.0.1:0".parse().unwrap())).await.unwrap();
    let address = door.local_addr().unwrap();
    Listening { address, task: tokio::spawn(door.serve(post(world), limits)) }
}

/// A mail server that delivers.
struct Peer<S> {
    stream: BufReader<S>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    async fn greeted(stream: S) -> Peer<S> {
        let mut peer = Peer { stream: BufReader::new(stream) };
        assert!(peer.hear().await.starts_with("220 "));
        peer
    }

    async fn send(&mut self, text: &str) {
        self.stream.get_mut().write_all(text.as_bytes()).await.unwrap();
    }

    /// The next answer, of as many lines as it has.
    async fn hear(&mut self) -> String {
        let mut answer = String::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.unwrap();
            answer.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                return answer;
            }
        }
    }

    async fn say(&mut self, line: &str) -> String {
        self.send(&format!("{line}\r\n")).await;
        self.hear().await
    }

    async fn announce(&mut self, recipient: &str) -> String {
        self.say("LHLO mx.example").await;
        self.say("MAIL FROM:<tomasz@northwind.example>").await;
        self.say(&format!("RCPT TO:<{recipient}>")).await
    }
}

fn stuffed(message: &str) -> String {
    format!("{}\r\n.\r\n", message.trim_end().replace("\r\n.", "\r\n.."))
}

#[tokio::test]
async fn a_reply_is_delivered_by_lmtp() {
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        let number = digest.number("Budget 1");
        let door = listen(&world, Limits::default()).await;
        let mut peer = Peer::greeted(TcpStream::connect(door.address).await.unwrap()).await;
        assert!(peer.announce(digest.address()).await.starts_with("250 "));
        assert!(peer.say("DATA").await.starts_with("354 "));
        peer.send(&stuffed(&digest.reply("a", &format!("{number} yes:\r\n.\r\n..two dots")))).await;
        assert_eq!(peer.hear().await, "250 2.0.0 Saved\r\n");
        assert!(peer.say("QUIT").await.starts_with("221 "));
        let ask = super::show(&world, "mara", digest.asks[number - 1].id.as_str()).await;
        assert_eq!((ask.state, ask.outcome.as_str()), (State::Done, "yes:\n.\n..two dots"));
    }
}

#[tokio::test]
async fn commands_may_be_sent_without_waiting_for_the_answers() {
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        let door = listen(&world, Limits::default()).await;
        let mut peer = Peer::greeted(TcpStream::connect(door.address).await.unwrap()).await;
        let to = digest.address();
        let reply = stuffed(&digest.reply("a", &format!("{} done", digest.number("Budget 1"))));
        let all = format!(
            "LHLO mx\r\nMAIL FROM:<t@x.example>\r\nRCPT TO:<x@elsewhere.example>\r\nRCPT TO:<{to}>\r\nRCPT TO:<{to}>\r\n\
             DATA\r\n{reply}NOOP\r\nQUIT\r\n"
        );
        peer.send(&all).await;
        let mut heard = String::new();
        peer.stream.read_to_string(&mut heard).await.unwrap();
        let codes: Vec<&str> = heard.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect();
        assert_eq!(codes, ["250", "250", "550", "250", "250", "354", "250", "250", "250", "221"], "{heard}");
        assert_eq!(digest.states(&world).await[digest.number("Budget 1") - 1], State::Done);
    }
}

#[tokio::test]
async fn a_message_that_was_sent_by_half_is_none() {
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        let before = digest.states(&world).await;
        let door = listen(&world, Limits { text: Duration::from_millis(300), ..Limits::default() }).await;
        let reply = digest.reply("a", &format!("{} done", digest.number("Budget 1")));
        for ending in ["", "\r\n.", "\n.\n", "\r\n.\n", "\n.\r\n", "\r\n..\r\n"] {
            let mut peer = Peer::greeted(TcpStream::connect(door.address).await.unwrap()).await;
            peer.announce(digest.address()).await;
            peer.say("DATA").await;
            peer.send(&format!("{}{ending}", reply.trim_end())).await;
            assert!(peer.hear().await.starts_with("421 "), "{ending:?}");
        }
        let mut gone = Peer::greeted(TcpStream::connect(door.address).await.unwrap()).await;
        gone.announce(digest.address()).await;
        gone.say("DATA").await;
        gone.send(&reply).await;
        drop(gone);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(digest.states(&world).await, before);
    }
}

#[tokio::test]
async fn too_much_is_refused_and_the_connection_goes_on() {
    let world = answerable().await.remove(0);
    let digest = Digest::of(&world, 1).await;
    let door = listen(&world, Limits { connections: 1, ..Limits::default() }).await;
    let mut peer = Peer::greeted(TcpStream::connect(door.address).await.unwrap()).await;
    peer.announce(digest.address()).await;
    peer.say("DATA").await;
    let line = format!("{}\r\n", "a".repeat(998));
    let large = format!("{}{}", digest.reply("a", "1 done"), line.repeat(11 * 1024));
    peer.send(&stuffed(&large)).await;
    assert!(peer.hear().await.starts_with("552 "));
    assert!(peer.say("NOOP").await.starts_with("250 "));
    let mut second = BufReader::new(TcpStream::connect(door.address).await.unwrap());
    let mut refusal = String::new();
    second.read_line(&mut refusal).await.unwrap();
    assert!(refusal.starts_with("421 "), "{refusal}");
    peer.send(&"x".repeat(5000)).await;
    assert!(peer.hear().await.starts_with("500 "));
    assert!(digest.states(&world).await.iter().all(|state| *state == State::Open));
}

#[tokio::test]
async fn a_bounce_is_taken_and_does_nothing() {
    let world = answerable().await.remove(0);
    let digest = Digest::of(&world, 1).await;
    let letters = world.outside.letters().len();
    let door = listen(&world, Limits::default()).await;
    let mut peer = Peer::greeted(TcpStream::connect(door.address).await.unwrap()).await;
    peer.say("LHLO mx").await;
    peer.say("MAIL FROM:<>").await;
    peer.say(&format!("RCPT TO:<{}>", digest.address())).await;
    peer.say("DATA").await;
    peer.send(&stuffed(&digest.reply("a", "1 done"))).await;
    assert!(peer.hear().await.starts_with("250 "));
    world.drain().await;
    assert!(digest.states(&world).await.iter().all(|state| *state == State::Open));
    assert_eq!(world.outside.letters().len(), letters);
}

#[tokio::test]
async fn a_socket_in_a_folder_is_a_door_too() {
    let world = answerable().await.remove(0);
    let digest = Digest::of(&world, 1).await;
    let path = std::path::PathBuf::from(testkit::sqlite_file().replace(".db", ".lmtp"));
    for _ in 0..2 {
        let door = Door::open(&Place::Socket(path.clone())).await.unwrap(); // the second time one is left over
        drop(door);
    }
    let door = Door::open(&Place::Socket(path.clone())).await.unwrap();
    let task = tokio::spawn(door.serve(post(&world), Limits::default()));
    let mut peer = Peer::greeted(UnixStream::connect(&path).await.unwrap()).await;
    peer.announce(digest.address()).await;
    peer.say("DATA").await;
    peer.send(&stuffed(&digest.reply("a", "1 done"))).await;
    assert!(peer.hear().await.starts_with("250 "));
    assert_eq!(digest.states(&world).await[0], State::Done);
    task.abort();
    std::fs::write(path.with_extension("file"), "mine").unwrap();
    assert!(Door::open(&Place::Socket(path.with_extension("file"))).await.is_err(), "a file is not removed");
}

/// Breaks what the answers need.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Break {}

impl kernel::Operation for Break {
    const NAME: &str = "test.break_replies";
    const ROUTE: kernel::Route = kernel::Route(kernel::Method::Post, "/test/break-replies");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut kernel::Tx<'_>) -> kernel::Result<()> {
        Ok(())
    }

    fn allows(actor: &kernel::Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut kernel::Tx<'_>, _: ()) -> kernel::Result<()> {
        let wrong = kernel::sql!("update ask_letters set asks = 'broken' where workspace_id = $1");
        tx.run(wrong, kernel::args![tx.workspace()]).await.map(|_| ())
    }
}

#[tokio::test]
async fn what_cannot_be_saved_is_not_acknowledged() {
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        world.call(&world.system(), Break {}).await.unwrap();
        let door = listen(&world, Limits::default()).await;
        let mut peer = Peer::greeted(TcpStream::connect(door.address).await.unwrap()).await;
        peer.announce(digest.address()).await;
        peer.say("DATA").await;
        peer.send(&stuffed(&digest.reply("a", "1 done"))).await;
        assert!(peer.hear().await.starts_with("451 "), "it will be offered again");
        assert!(digest.states(&world).await.iter().all(|state| *state == State::Open));
        assert!(peer.say("NOOP").await.starts_with("250 "));
    }
}

/// An SMTP client that others wrote.
#[tokio::test]
async fn a_reply_is_delivered_by_smtp() {
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        let door = listen(&world, Limits::default()).await;
        let client = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1");
        let client = client.port(door.address.port()).build();
        let address = |text: &str| text.parse::<Address>().unwrap();
        let sender = Some(address("tomasz@northwind.example"));
        let reply = digest.reply("a", &format!("{} done", digest.number("Budget 1")));
        let elsewhere = Envelope::new(sender.clone(), vec![address("someone@elsewhere.example")]).unwrap();
        let refused = client.send_raw(&elsewhere, reply.as_bytes()).await.unwrap_err();
        assert!(refused.is_permanent(), "{refused}");
        let envelope = Envelope::new(sender, vec![address(digest.address())]).unwrap();
        assert!(client.send_raw(&envelope, reply.as_bytes()).await.unwrap().is_positive());
        assert_eq!(digest.states(&world).await[digest.number("Budget 1") - 1], State::Done);
    }
}

/// The LMTP client of Python's library, which Mailman uses.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_others_wrote_delivers_by_lmtp() {
    let Some(python) = super::outgoing::python("smtplib") else {
        return println!("skipped, Python is not here: a client that others wrote delivers by LMTP");
    };
    for world in answerable().await {
        let digest = Digest::of(&world, 1).await;
        let door = listen(&world, Limits::default()).await;
        let script = "import smtplib, sys\nwith smtplib.LMTP('127.0.0.1', int(sys.argv[1])) as peer:\n    \
                      print(peer.sendmail('tomasz@northwind.example', [sys.argv[2]], sys.stdin.buffer.read()))";
        let port = door.address.port().to_string();
        let mut child = Command::new(&python)
            .args(["-c", script, &port, digest.address()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let reply = digest.reply("a", &format!("{} done", digest.number("Budget 1")));
        child.stdin.take().unwrap().write_all(reply.as_bytes()).unwrap();
        let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.unwrap().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "{}", "nothing was refused");
        assert_eq!(digest.states(&world).await[digest.number("Budget 1") - 1], State::Done);
    }
}

/// A program with a token of this person.
async fn program(world: &World, who: &str, scope: &str) -> Client {
    let actor = world.actor(who).await;
    let session = Some(world.signed_in(world.workspace(), actor.person).await.1);
    let input = json!({ "name": "Mail", "scopes": [scope], "days": 3 });
    let made = world.ask(&kernel::Actor { session, ..actor }, "token.create", input).await.unwrap();
    world.client().bearer(made["token"].as_str().unwrap())
}

#[tokio::test]
async fn a_reply_is_posted_to_the_api() {
    for world in answerable().await {
        let digest = Digest::of(&world, 2).await;
        let (one, two) = (digest.number("Budget 1"), digest.number("Budget 2"));
        let path = "/api/v1/mails/inbound";
        let text = json!({ "raw": digest.reply("a", &format!("{one} done")) });
        assert_eq!(world.client().json("POST", path, &text).await.status, 401);
        for (who, scope) in [("tomasz", "*:write"), ("hanneke", "mail:read"), ("hanneke", "person:write")] {
            let mut program = program(&world, who, scope).await;
            assert_eq!(program.json("POST", path, &text).await.status, 403, "{who} {scope}");
        }
        let mut program = program(&world, "hanneke", "mail:write").await;
        let answer = program.json("POST", path, &text).await;
        let receipt: Json = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(receipt, json!({ "outcome": "answered", "answered": 1 }), "{}", answer.text());
        let coded = STANDARD.encode(digest.reply("b", &format!("{two} decline: Zażółć")));
        let sent = json!({ "raw": coded, "recipient": digest.address() });
        assert_eq!(program.json("POST", path, &sent).await.status, 200);
        let ask = super::show(&world, "mara", digest.asks[two - 1].id.as_str()).await;
        assert_eq!((ask.state, ask.outcome.as_str()), (State::Declined, "Zażółć"));
        for wrong in [json!({ "raw": "?" }), json!({ "raw": "" }), json!({})] {
            assert_eq!(program.json("POST", path, &wrong).await.status, 422, "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_reply_is_piped_to_the_command() {
    for world in answerable().await {
        world.clock.set(kernel::Time::now());
        let digest = Digest::of(&world, 1).await;
        let number = digest.number("Budget 1");
        let folder = testkit::sqlite_file().replace(".db", "-data");
        let receive = |message: &[u8]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
            command.args(["receive", "--data", &folder, "--database-url", &world.url, "--mail-reply", REPLY]);
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(message).unwrap();
            let output = child.wait_with_output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        let reply = digest.reply("a", &format!("{number} done"));
        assert_eq!(receive(reply.as_bytes()), (Some(0), "answered\n".into()));
        assert_eq!(receive(reply.as_bytes()), (Some(0), "repeated\n".into()));
        assert_eq!(receive(b"").0, Some(65));
        assert_eq!(digest.states(&world).await[number - 1], State::Done);
    }
}
