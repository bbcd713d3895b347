//! Letters as they leave: through lettre to a real SMTP server (aiosmtpd) on this machine. Without it the test says that
//! it was skipped.
use super::{Digest, answerable};
use crate::writers::free_port;
use cairn::{config::Config, outside::Real};
use kernel::{Letter, Outside};
use mail_parser::MessageParser;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A Python that has this module: Debian's packages are for the one in `/usr/bin`.
pub fn python(module: &str) -> Option<String> {
    let has = |python: &&str| {
        let mut command = Command::new(python);
        command.args(["-c", &format!("import {module}")]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(has).map(str::to_owned)
}

/// A server that puts each message into a folder.
struct Server {
    port: u16,
    folder: PathBuf,
    child: Child,
}

impl Server {
    fn start() -> Option<Server> {
        let python = python("aiosmtpd")?;
        let (port, folder) = (free_port(), PathBuf::from(testkit::sqlite_file().replace(".db", "-smtp")));
        let mut command = Command::new(python);
        command.args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"]);
        let child = command.arg(&folder).spawn().unwrap();
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "aiosmtpd did not start");
            thread::sleep(Duration::from_millis(20));
        }
        Some(Server { port, folder, child })
    }

    fn received(&self) -> Vec<Vec<u8>> {
        let files = fs::read_dir(self.folder.join("new")).unwrap();
        files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn outside(server: &Server, folder: &Path) -> Real {
    let values = [
        ("smtp-url", format!("smtp://127.0.0.1:{}", server.port)),
        ("mail-from", "Cairn <cairn@cairn.example>".to_owned()),
        ("base-url", "http://cairn.test".to_owned()),
        ("data", folder.to_string_lossy().into_owned()),
    ];
    let given = |name: &str| values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
    Real::new(&Config::load(given, None).unwrap(), false).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_arrives_at_a_real_server_as_it_was_written() {
    let Some(server) = Server::start() else {
        return println!("skipped, aiosmtpd is not here: a digest arrives at a real server as it was written");
    };
    let world = answerable().await.remove(0);
    let digest = Digest::of(&world, 3).await;
    let folder = PathBuf::from(testkit::sqlite_file().replace(".db", "-outside"));
    let mut letter = digest.letter.clone();
    letter.subject = format!("{}, zażółć gęślą jaźń — 保留", letter.subject);
    outside(&server, &folder).send(letter.clone()).await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 1);
    well_formed(&received[0], &letter);
}

/// What a mail program finds when it reads the message.
fn well_formed(raw: &[u8], letter: &Letter) {
    let longest = raw.split(|byte| *byte == b'\n').map(<[u8]>::len).max().unwrap();
    assert!(longest <= 998, "a line has {longest} bytes");
    assert!(raw.is_ascii(), "nothing needs 8BITMIME");
    let mail = MessageParser::default().parse(raw).unwrap();
    let header = |name: &'static str| {
        mail.header_raw(name).map(str::trim).unwrap_or_default().replace("\r\n", "").replace('\n', "")
    };
    let address = |list: Option<&mail_parser::Address<'_>>| {
        list.and_then(|list| list.first()).and_then(|one| one.address()).unwrap_or_default().to_owned()
    };
    assert_eq!(address(mail.from()), "cairn@cairn.example");
    assert_eq!(address(mail.to()), letter.to);
    assert_eq!(mail.subject(), Some(letter.subject.as_str()));
    assert_eq!(mail.message_id(), Some(format!("{}@cairn.test", letter.id).as_str()));
    for (name, value) in &letter.headers {
        let name: &'static str = name.clone().leak();
        assert_eq!(&header(name), value, "{name}");
        assert_eq!(mail.headers_raw().filter(|(key, _)| key.eq_ignore_ascii_case(name)).count(), 1, "{name}");
    }
    assert_eq!(address(mail.reply_to()), super::header(letter, "Reply-To").unwrap());
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(header("References").starts_with("<digest-"));
    assert!(mail.date().is_some());
    let lines = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
    assert_eq!(lines(&mail.body_text(0).unwrap()), lines(&letter.text));
    assert_eq!(lines(&mail.body_html(0).unwrap()), lines(&letter.html));
    assert_eq!((mail.text_body_count(), mail.html_body_count(), mail.attachment_count()), (1, 1, 0));
}
