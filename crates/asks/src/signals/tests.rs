use super::*;
use crate::health::Share;
use kernel::Time;

fn health(now: Option<usize>, before: Option<usize>) -> Health {
    let span = |percent| Span {
        from: Time(0),
        to: Time(1),
        asks: 40,
        answers: Vec::new(),
        overdue: Share { percent: Some(percent), of: 40 },
        urgent: Share::default(),
        crossed: Share::default(),
        short: Share::default(),
        silent: Share::default(),
    };
    let team = Record {
        id: Id::from_u128(7),
        parent_id: None,
        name: "Payments".into(),
        mission: String::new(),
        about: String::new(),
        lead_id: None,
        archived_at: None,
    };
    Health { team, people: 7, now: now.map(span), before: before.map(span) }
}

#[test]
fn a_share_is_a_signal_when_it_is_large_or_has_fallen() {
    let tone = |now, before| late(&health(now, before)).map(|signal| signal.tone);
    assert_eq!(tone(Some(10), Some(12)), None, "few are late, as before");
    assert_eq!(tone(Some(30), None), Some(Tone::Warn));
    assert_eq!(tone(Some(30), Some(28)), Some(Tone::Warn));
    assert_eq!(tone(Some(45), Some(28)), Some(Tone::Bad));
    assert_eq!(tone(Some(20), Some(45)), Some(Tone::Good));
    assert_eq!(tone(None, Some(45)), None, "fewer than five people");
}

#[test]
fn a_signal_says_what_it_rests_on_and_where() {
    let signal = late(&health(Some(45), Some(28))).unwrap();
    assert_eq!(signal.basis, "45 % of about 40 in four weeks, 28 % in the four weeks before");
    assert_eq!(signal.evidence, format!("/teams/{}/async-health", Id::<Team>::from_u128(7)));
}
