//! What mail programs write around a reply, in the languages in which they do.

/// What an absence note's subject begins with.
pub const ABSENCE: &[&str] = &[
    "automatic reply", "auto reply", "auto-reply", "autoreply", "out of office", "out of the office", "abwesenheit",
    "automatische antwort", "réponse automatique", "absence du bureau", "respuesta automática", "fuera de la oficina",
    "risposta automatica", "fuori sede", "resposta automática", "ausência", "automatisch antwoord", "afwezig",
    "autosvar", "automatiskt svar", "automatisk svar", "frånvarande", "automaattinen vastaus", "automatyczna odpowiedź",
    "automatická odpověď", "automatická odpoveď", "automatikus válasz", "răspuns automat", "otomatik yanıt",
    "автоответ", "автоматический ответ", "автоматична відповідь", "αυτόματη απάντηση", "自動応答", "自動返信", "自动答复",
    "自動回覆", "자동 회신", "자동 응답",
];

/// The word with which the line above a quote begins, where a date comes first.
pub const OPENINGS: &[&str] = &[
    "on", "am", "le", "el", "il", "em", "no dia", "op", "den", "på", "w dniu", "dnia", "dne", "dňa", "pe", "în data de",
    "vào", "pada", "στις", "на",
];

/// "Wrote", as it stands in the line above a quote.
pub const WROTE: &[&str] = &[
    "wrote", "writes", "schrieb", "a écrit", "a ecrit", "escribió", "escribio", "va escriure", "ha scritto", "escreveu",
    "schreef", "skrev", "kirjoitti", "napisał", "pisze", "napsal", "napísal", "írta", "ezt írta", "a scris", "yazdı", "yazmış",
    "написал", "пишет", "написав", "пише", "έγραψε", "đã viết", "menulis", "写道", "寫道", "작성", "のメール", "が書きました", "skrifaði", "rakstīja", "rašė",
    "kirjutas", "napisao", "napisala",
];

/// The first label of the headers that Outlook writes above a quote.
pub const FROM: &[&str] = &[
    "from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "odesílatel", "odosielateľ", "feladó", "de la",
    "kimden", "gönderen", "от", "від", "από", "差出人", "发件人", "寄件者", "보낸 사람",
];

/// The label of the time at which the quoted message was sent.
pub const SENT: &[&str] = &[
    "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "fecha", "inviato", "data", "enviada",
    "enviado em", "enviada em", "data de envio", "verzonden", "skickat", "sendt", "dato", "lähetetty", "päivämäärä", "wysłano", "odesláno",
    "dátum", "odoslané", "küldve", "elküldve", "trimis", "gönderildi", "tarih", "отправлено", "дата", "надіслано",
    "στάλθηκε", "ημερομηνία", "送信日時", "日付", "日時", "发送时间", "日期", "寄件日期", "傳送時間", "보낸 날짜", "날짜",
];

pub const SUBJECT: &[&str] = &[
    "subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "ämne", "emne", "aihe", "temat",
    "předmět", "predmet", "tárgy", "subiect", "konu", "тема", "θέμα", "件名", "主题", "主旨", "제목",
];

/// "Sent from" and "sent with": what begins or ends the line that a mail program adds below a text.
pub const SENT_FROM: &[&str] = &[
    "sent from", "sent with", "sent via", "gesendet", "diese nachricht wurde von", "envoyé", "enviado", "enviada", "inviato",
    "verzonden", "verstuurd", "skickat", "sendt", "lähetetty", "wysłan", "odesláno", "odoslané", "küldve", "trimis",
    "gönderildi", "отправлено", "надіслано", "εστάλη", "στάλθηκε", "から送信", "发自", "發自", "傳送自", "发送自", "보냄",
    "에서 보낸",
];

/// What such a line names: without one of these it is a sentence.
pub const DEVICES: &[&str] = &[
    "iphone", "ipad", "android", "samsung", "galaxy", "huawei", "xiaomi", "pixel", "outlook", "windows", "mail app",
    "apple mail", "yahoo", "proton", "gmail", "gmx", "web.de", "blackberry", "bluemail", "spark", "superhuman", "thunderbird", "fairphone",
    "mobile", "mobil", "handy", "smartphone", "phone", "telefon", "téléphone", "telefono", "teléfono", "móvil", "mobilní",
    "puhelimesta", "мобильного", "телефон", "айфон", "gerät", "tablet", "mail für", "mail for", "mailbox", "手机", "手機", "휴대폰", "スマホ",
];
