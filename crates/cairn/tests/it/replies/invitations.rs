//! What calendar programs answer to an invitation, in the shapes in which Google, Outlook and Apple write it.
use super::{answerable, outcome};
use crate::one_on_ones::{done, started};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Json, json};
use testkit::World;

/// A one-on-one with a date to which Tomasz was invited, and what his invitation says.
struct Invited {
    pair: Json,
    uid: String,
    sequence: i64,
    /// The address to which calendar programs answer.
    organizer: String,
    mail: String,
}

impl Invited {
    async fn to(world: &World, at: &str) -> Invited {
        let pair = started(world).await;
        Invited::again(world, pair, at).await
    }

    /// The date is set, or moved.
    async fn again(world: &World, pair: Json, at: &str) -> Invited {
        done(world, "mara", "one_on_one.move", json!({ "one_on_one": pair, "starts_at": at })).await;
        world.drain().await;
        let letters = world.outside.letters();
        let letter = letters.iter().rfind(|one| one.to.starts_with("tomasz@") && one.calendar.is_some()).unwrap();
        let text = letter.calendar.as_ref().unwrap().replace("\r\n ", "");
        let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap();
        Invited {
            pair,
            uid: line("UID:")["UID:".len()..].to_owned(),
            sequence: line("SEQUENCE:")["SEQUENCE:".len()..].parse().unwrap(),
            organizer: line("ORGANIZER").split("mailto:").nth(1).unwrap().to_owned(),
            mail: letter.to.clone(),
        }
    }

    fn says(&self, answer: &str, stamp: &str) -> Reply<'_> {
        let (sequence, from) = (self.sequence, self.mail.clone());
        let (attendee, uid) = (from.clone(), self.uid.clone());
        Reply { invited: self, answer: answer.to_owned(), stamp: stamp.to_owned(), sequence, from, attendee, uid }
    }

    async fn shown(&self, world: &World, who: &str) -> Json {
        done(world, who, "one_on_one.show", json!({ "one_on_one": self.pair })).await
    }

    async fn answers(&self, world: &World) -> Vec<String> {
        let (mara, tomasz) = (self.shown(world, "mara").await, self.shown(world, "tomasz").await);
        assert_eq!(mara["answers"], tomasz["answers"], "both see the same");
        let all = mara["answers"].as_array().unwrap();
        all.iter().map(|one| one["attendance"].as_str().unwrap().to_owned()).collect()
    }
}

#[derive(Clone)]
struct Reply<'i> {
    invited: &'i Invited,
    answer: String,
    stamp: String,
    sequence: i64,
    from: String,
    attendee: String,
    uid: String,
}

impl Reply<'_> {
    fn calendar(&self, more: &str) -> String {
        let Reply { invited, stamp, sequence, uid, .. } = self;
        let organizer = &invited.organizer;
        format!(
            "BEGIN:VCALENDAR\r\nPRODID:-//x//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nDTSTART:20260319T100000Z\r\n\
             DTEND:20260319T103000Z\r\nDTSTAMP:{stamp}\r\nORGANIZER;CN=Mara:mailto:{organizer}\r\nUID:{uid}\r\n{more}\r\n\
             SEQUENCE:{sequence}\r\nSUMMARY:One-on-one with Mara\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    }

    fn head(&self, more: &str) -> String {
        let (from, to) = (&self.from, &self.invited.organizer);
        format!(
            "From: Tomasz <{from}>\r\nTo: Mara <{to}>\r\nMessage-ID: <{}@x>\r\nMIME-Version: 1.0\r\nSubject: {}: One-on-one\r\n{more}",
            self.stamp, self.answer
        )
    }

    /// Sent by a machine, with the calendar in the letter and once more as a file.
    fn google(&self) -> String {
        let lines = format!(
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={};CN=Tomasz\r\n ;X-NUM-GUESTS=0:mailto:{}",
            self.answer, self.attendee
        );
        let (head, calendar) = (
            self.head(
                "Auto-Submitted: auto-generated\r\nSender: Google Calendar <calendar-notification@google.com>\r\n",
            ),
            self.calendar(&lines),
        );
        format!(
            "{head}Content-Type: multipart/mixed; boundary=\"a\"\r\n\r\n--a\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n\r\nTomasz has replied.\r\n--b\r\n\
             Content-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{calendar}\r\n--b--\r\n\
             --a\r\nContent-Type: application/ics; name=\"invite.ics\"\r\nContent-Disposition: attachment; filename=\"invite.ics\"\r\n\r\n{calendar}\r\n--a--\r\n"
        )
    }

    /// In base64, with the address in capitals.
    fn outlook(&self) -> String {
        let lines = format!("ATTENDEE;PARTSTAT={};CN=Tomasz:MAILTO:{}", self.answer, self.attendee.to_uppercase());
        let calendar = STANDARD.encode(self.calendar(&lines));
        let calendar = calendar.as_bytes().chunks(76).map(|line| format!("{}\r\n", std::str::from_utf8(line).unwrap()));
        let (head, calendar) = (self.head("Thread-Topic: One-on-one\r\n"), calendar.collect::<String>());
        format!(
            "{head}Content-Type: multipart/alternative;\r\n\tboundary=\"_000_\"\r\n\r\n--_000_\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\n\r\n\r\n\
             --_000_\r\nContent-Type: text/calendar; charset=\"utf-8\"; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n{calendar}\r\n--_000_--\r\n"
        )
    }

    /// With an address that is none, and the mail beside it.
    fn apple(&self) -> String {
        let lines = format!(
            "ATTENDEE;CN=Tomasz;CUTYPE=INDIVIDUAL;EMAIL={};PARTSTAT={}:/aMTIz\r\n /principal/",
            self.attendee, self.answer
        );
        let (head, calendar) = (self.head("X-Mailer: Apple Mail\r\n"), self.calendar(&lines));
        format!("{head}Content-Type: text/calendar;\r\n\tcharset=utf-8;\r\n\tmethod=REPLY\r\n\r\n{calendar}")
    }
}

async fn inbox(world: &World, who: &str) -> String {
    world.drain().await;
    world.browser(who).await.get("/inbox").await.text()
}

const ASKED: &str = "calendar declined";

#[tokio::test]
async fn the_two_see_beside_the_date_what_a_calendar_answered() {
    for world in answerable().await {
        let invited = Invited::to(&world, "2026-03-19T10:00:00Z").await;
        assert!(invited.organizer.starts_with("reply+"), "{}", invited.organizer);
        assert!(invited.answers(&world).await.is_empty());
        let place = format!("/one-on-ones/{}", invited.pair.as_str().unwrap());
        let said = [
            (invited.says("ACCEPTED", "20260317T120000Z").google(), "accepted", "accepted"),
            (invited.says("TENTATIVE", "20260317T120100Z").apple(), "tentative", "perhaps"),
            (invited.says("DECLINED", "20260317T120200Z").outlook(), "declined", "declined"),
        ];
        for (raw, kept, word) in said {
            assert_eq!(outcome(&world, &raw).await, ("answered", 0));
            assert_eq!(invited.answers(&world).await, [kept]);
            for (who, whose) in [("mara", "Tomasz’s calendar"), ("tomasz", "Your calendar")] {
                let page = world.browser(who).await.get(&place).await.text();
                assert!(page.contains(&format!("{whose}: {word}")), "{who}: {page}");
            }
        }
        let meeting = invited.shown(&world, "mara").await["meetings"][0].clone();
        assert_eq!(meeting["starts_at"], "2026-03-19T10:00:00Z", "an answer moves no date");
    }
}

#[tokio::test]
async fn who_is_declined_is_asked_what_becomes_of_the_date_until_it_changes() {
    for world in answerable().await {
        let invited = Invited::to(&world, "2026-03-19T10:00:00Z").await;
        let decline = invited.says("DECLINED", "20260317T120000Z");
        assert_eq!(outcome(&world, &decline.outlook()).await.0, "answered");
        assert!(inbox(&world, "mara").await.contains(ASKED));
        assert!(!inbox(&world, "tomasz").await.contains(ASKED) && !inbox(&world, "hanneke").await.contains(ASKED));
        let meeting = invited.shown(&world, "mara").await["meetings"][0]["id"].clone();
        let path = format!("/one-on-one-dates/{}", meeting.as_str().unwrap());
        assert_eq!(world.browser("mara").await.get(&path).await.status, 303);
        for who in ["hanneke", "joana", "grace"] {
            assert_eq!(world.browser(who).await.get(&path).await.status, 404, "{who}");
        }
        outcome(&world, &invited.says("ACCEPTED", "20260317T120100Z").google()).await;
        assert!(!inbox(&world, "mara").await.contains(ASKED), "he can come after all");
        outcome(&world, &invited.says("DECLINED", "20260317T120200Z").apple()).await;
        assert!(inbox(&world, "mara").await.contains(ASKED));
        let moved = Invited::again(&world, invited.pair.clone(), "2026-03-20T10:00:00Z").await;
        assert!(!inbox(&world, "mara").await.contains(ASKED), "the date is another one");
        assert_eq!((&moved.organizer, &moved.uid), (&invited.organizer, &invited.uid), "programs know it again");
        assert!(moved.answers(&world).await.is_empty(), "what was answered was about another date");
        assert_eq!(outcome(&world, &invited.says("ACCEPTED", "20260317T120300Z").google()).await.0, "too_old");
        assert!(moved.answers(&world).await.is_empty());
        assert_eq!(outcome(&world, &moved.says("ACCEPTED", "20260317T120300Z").google()).await.0, "answered");
        assert_eq!(moved.answers(&world).await, ["accepted"]);
    }
}

#[tokio::test]
async fn nobody_answers_for_somebody_else() {
    for world in answerable().await {
        let invited = Invited::to(&world, "2026-03-19T10:00:00Z").await;
        let own = invited.says("DECLINED", "20260317T120000Z");
        let host = invited.mail.split('@').nth(1).unwrap();
        let mara = format!("mara@{host}");
        let wrong = [
            Reply { from: mara.clone(), ..own.clone() },
            Reply { attendee: mara, ..own.clone() },
            Reply { from: "eve@evil.example".into(), ..own.clone() },
            Reply { uid: format!("x{}", invited.uid), ..own.clone() },
        ];
        for reply in wrong {
            for raw in [reply.google(), reply.outlook(), reply.apple()] {
                assert_eq!(outcome(&world, &raw).await, ("other_sender", 0), "{raw}");
            }
        }
        let secret = invited.organizer.trim_start_matches("reply+").split('@').next().unwrap();
        let forged = own.apple().replace(secret, &"a".repeat(40));
        assert_eq!(outcome(&world, &forged).await.0, "unknown");
        let request = own.apple().replace("METHOD:REPLY", "METHOD:REQUEST");
        assert_eq!(outcome(&world, &request).await.0, "unknown", "that is no answer");
        let later = Reply { sequence: invited.sequence + 1, ..own.clone() };
        assert_eq!(outcome(&world, &later.google()).await.0, "too_old");
        assert!(invited.answers(&world).await.is_empty());
        assert_eq!(outcome(&world, &own.google()).await.0, "answered");
        let overtaken = invited.says("ACCEPTED", "20260317T110000Z");
        assert_eq!(outcome(&world, &overtaken.google()).await.0, "too_old", "it was written before");
        assert_eq!(invited.answers(&world).await, ["declined"]);
        let letters = world.outside.letters().len();
        world.drain().await;
        assert_eq!(world.outside.letters().len(), letters, "a machine is not written to");
    }
}
