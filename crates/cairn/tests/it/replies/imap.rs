//! A mailbox on a real server: Dovecot, as a private instance in a temporary folder. Without Dovecot 2.3 these tests say
//! that they were skipped.
use super::{Digest, answerable, post};
use crate::writers::free_port;
use asks::State;
use base64::{Engine, engine::general_purpose::STANDARD};
use cairn::mail::imap::Mailbox;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};

/// Letters that mean something in addresses and in IMAP.
const PASSWORD: &str = "p:w/d\"";

/// A running server with one mailbox.
struct Dovecot {
    folder: PathBuf,
    plain: u16,
    encrypted: u16,
    server: Child,
}

impl Dovecot {
    /// Nothing where it is not installed.
    fn start() -> Option<Dovecot> {
        let version = Command::new("dovecot").arg("--version").output().ok()?;
        if !version.stdout.starts_with(b"2.3.") {
            return None; // 2.4 reads another language of configuration
        }
        // A socket's path has at most 107 bytes.
        let folder = PathBuf::from(format!("/tmp/cairn-dovecot-{}-{}", std::process::id(), free_port()));
        let (plain, encrypted) = (free_port(), free_port());
        for name in ["new", "cur", "tmp"] {
            fs::create_dir_all(folder.join("home/Maildir").join(name)).unwrap();
        }
        certificate(&folder);
        fs::write(folder.join("users"), format!("cairn:{{PLAIN.B64}}{}\n", STANDARD.encode(PASSWORD))).unwrap();
        let owner = owner(&folder);
        fs::write(folder.join("dovecot.conf"), configuration(&folder, &owner, plain, encrypted)).unwrap();
        let mut command = Command::new("dovecot");
        command.arg("-F").arg("-c").arg(folder.join("dovecot.conf")).stdout(Stdio::null()).stderr(Stdio::null());
        let server = command.spawn().unwrap();
        let dovecot = Dovecot { folder, plain, encrypted, server };
        dovecot.wait();
        Some(dovecot)
    }

    fn wait(&self) {
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.encrypted)).is_err() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(start.elapsed() < Duration::from_secs(20), "Dovecot did not start: {}", log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What a mail server does that delivers: a file that appears whole.
    fn deliver(&self, name: &str, message: &[u8]) {
        let maildir = self.folder.join("home/Maildir");
        fs::write(maildir.join("tmp").join(name), message).unwrap();
        self.give(&maildir.join("tmp").join(name));
        fs::rename(maildir.join("tmp").join(name), maildir.join("new").join(name)).unwrap();
    }

    fn give(&self, path: &Path) {
        if is_root() {
            assert!(Command::new("chown").arg("nobody").arg(path).status().unwrap().success());
        }
    }

    fn mailbox(&self) -> Mailbox {
        Mailbox::parse(&format!("imap://cairn:p%3Aw%2Fd%22@127.0.0.1:{}/INBOX", self.plain)).unwrap()
    }

    fn encrypted(&self) -> Mailbox {
        let mailbox = Mailbox::parse(&format!("imaps://cairn:p%3Aw%2Fd%22@localhost:{}/INBOX", self.encrypted));
        mailbox.unwrap().trusting(trust(&self.folder))
    }

    /// The names of the messages that were marked as seen.
    fn seen(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.join("home/Maildir/cur")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let seen = names.filter(|name| name.split_once(":2,").is_some_and(|(_, flags)| flags.contains('S')));
        let mut seen: Vec<String> = seen.map(|name| name.split(':').next().unwrap().to_owned()).collect();
        seen.sort();
        seen
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = Command::new("doveadm").arg("-c").arg(self.folder.join("dovecot.conf")).arg("stop").status();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

/// Who reads the mail: Dovecot does not let root do it.
fn owner(folder: &Path) -> String {
    if !is_root() {
        return String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned();
    }
    assert!(Command::new("chown").arg("-R").arg("nobody").arg(folder.join("home")).status().unwrap().success());
    "nobody".into()
}

fn certificate(folder: &Path) {
    let mut make = Command::new("openssl");
    make.args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"]);
    make.args([
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=CA:FALSE",
    ]);
    make.arg("-keyout").arg(folder.join("key.pem")).arg("-out").arg(folder.join("certificate.pem"));
    assert!(make.stderr(Stdio::null()).status().unwrap().success());
}

fn trust(folder: &Path) -> Arc<ClientConfig> {
    let pem = fs::read_to_string(folder.join("certificate.pem")).unwrap();
    let letters: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(STANDARD.decode(letters).unwrap())).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

fn configuration(folder: &Path, owner: &str, plain: u16, encrypted: u16) -> String {
    let folder = folder.display();
    format!(
        "base_dir = {folder}/run\nstate_dir = {folder}/state\nlog_path = {folder}/log\nprotocols = imap\n\
         listen = 127.0.0.1\nssl = yes\nssl_cert = <{folder}/certificate.pem\nssl_key = <{folder}/key.pem\n\
         disable_plaintext_auth = no\ndefault_internal_user = {owner}\ndefault_login_user = {owner}\n\
         default_internal_group = nogroup\nfirst_valid_uid = 1\nfirst_valid_gid = 0\n\
         mail_location = maildir:{folder}/home/Maildir\n\
         passdb {{\n  driver = passwd-file\n  args = scheme=PLAIN username_format=%u {folder}/users\n}}\n\
         userdb {{\n  driver = static\n  args = uid={owner} gid=nogroup home={folder}/home\n}}\n\
         service anvil {{\n  chroot =\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {plain}\n  }}\n  \
         inet_listener imaps {{\n    port = {encrypted}\n    ssl = yes\n  }}\n}}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_fetched_from_a_mailbox_and_marked_as_seen_after_it_was_saved() {
    let Some(dovecot) = Dovecot::start() else {
        return println!("skipped, Dovecot 2.3 is not here: a reply is fetched from a mailbox");
    };
    for (place, world) in answerable().await.into_iter().enumerate() {
        let digest = Digest::of(&world, 2).await;
        let (one, two) = (digest.number("Budget 1"), digest.number("Budget 2"));
        let name = |what: &str| format!("{place}-{what}");
        dovecot.deliver(&name("first"), digest.reply("a", &format!("{one} done")).as_bytes());
        dovecot.deliver(&name("junk"), b"From: a@x.example\r\nTo: b@x.example\r\n\r\nBuy now");
        assert_eq!(dovecot.mailbox().look(&post(&world)).await.unwrap(), 2);
        assert_eq!(dovecot.mailbox().look(&post(&world)).await.unwrap(), 0, "what was seen is not taken again");
        let large = [b"From: a@x.example\r\n\r\n".as_slice(), &vec![b'a'; 11 * 1024 * 1024]].concat();
        dovecot.deliver(&name("large"), &large);
        dovecot.deliver(&name("second"), digest.reply("b", &format!("{two} decline: Zażółć {{7}}")).as_bytes());
        assert_eq!(dovecot.encrypted().look(&post(&world)).await.unwrap(), 2, "over TLS");
        let seen = dovecot.seen();
        for what in ["first", "junk", "large", "second"] {
            assert!(seen.contains(&name(what)), "{what}: {seen:?}");
        }
        let states = digest.states(&world).await;
        assert_eq!((states[one - 1], states[two - 1]), (State::Done, State::Declined));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_saved_stays_unseen() {
    let Some(dovecot) = Dovecot::start() else {
        return println!("skipped, Dovecot 2.3 is not here: what was not saved stays unseen");
    };
    let world = answerable().await.remove(0);
    let digest = Digest::of(&world, 1).await;
    dovecot.deliver("reply", digest.reply("a", "1 done").as_bytes());
    let mut closed = post(&world);
    closed.app = closed.app.with_reply_to(None); // then the operation fails
    assert!(dovecot.mailbox().look(&closed).await.is_err());
    assert!(dovecot.seen().is_empty());
    assert_eq!(dovecot.mailbox().look(&post(&world)).await.unwrap(), 1);
    assert_eq!(dovecot.seen(), ["reply"]);
    assert_eq!(digest.states(&world).await[0], State::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_or_certificate_is_an_error_that_says_so() {
    let Some(dovecot) = Dovecot::start() else {
        return println!("skipped, Dovecot 2.3 is not here: a wrong password or certificate is an error");
    };
    let world = answerable().await.remove(0);
    let wrong = Mailbox::parse(&format!("imap://cairn:wrong@127.0.0.1:{}/INBOX", dovecot.plain)).unwrap();
    let refused = format!("{:?}", wrong.look(&post(&world)).await.unwrap_err());
    assert!(refused.contains("the mail server refused") && !refused.contains("wrong"), "{refused}");
    let stranger = Mailbox::parse(&format!("imaps://cairn:x@localhost:{}/INBOX", dovecot.encrypted)).unwrap();
    let refused = format!("{:?}", stranger.look(&post(&world)).await.unwrap_err());
    assert!(refused.contains("UnknownIssuer"), "{refused}");
}
