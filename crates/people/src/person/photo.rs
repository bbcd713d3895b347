use super::{
    Profile, Record, ShowPerson,
    edit::{Part, again},
};
use crate::{
    access::{Nearness, cares_for_people},
    picture,
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::{ImageFormat, imageops::FilterType};
use kernel::{
    Actor, Blob, Content, Error, Id,
    Method::{Delete, Put},
    Operation, Person, Result, Route, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, Upload, face, html};

const PIXELS: u32 = 256;
const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// Set a person's photo.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPhoto {
    pub person: Id<Person>,
    /// A JPEG, PNG, WebP or GIF picture in base64, of at most 10 MB. It is cut to a square, and what cameras write into
    /// a picture is removed.
    pub picture: Square,
}

/// A picture that was decoded within limits and written anew, so that nothing of the file but its pixels remains. That
/// takes a while, and happens before the transaction.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Square(Blob);

impl TryFrom<String> for Square {
    type Error = String;

    fn try_from(text: String) -> Result<Square, String> {
        let bytes = STANDARD.decode(text).map_err(|_| "This is not base64.".to_owned())?;
        square(&bytes)
    }
}

impl Operation for SetPhoto {
    const NAME: &str = "person.set_photo";
    const ROUTE: Route = Route(Put, "/people/{person}/photo");
    type Target = Nearness;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Nearness> {
        Record::visible(tx, self.person).await?;
        Nearness::of(tx, self.person).await
    }

    fn allows(actor: &Actor, near: &Nearness) -> bool {
        near.own || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Nearness) -> Result<Record> {
        let Square(blob) = &self.picture;
        let name = kernel::fingerprint(&STANDARD.encode(blob.bytes())).unsigned_abs().to_string();
        forget(tx, self.person).await?;
        let blob = tx.keep(blob).await?;
        let save = sql!(
            "insert into photos (workspace_id, person_id, name, content_type, blob_id) values ($1, $2, $3, $4, $5)"
        );
        tx.run(save, args![tx.workspace(), self.person, name, "image/png", blob]).await?;
        let update = sql!("update people set photo = $3, updated_at = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.person, name, tx.now()]).await?;
        tx.record("person.photo_changed", self.person, json!({}));
        Record::visible(tx, self.person).await
    }
}

/// Remove a person's photo.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovePhoto {
    pub person: Id<Person>,
}

impl Operation for RemovePhoto {
    const NAME: &str = "person.remove_photo";
    const ROUTE: Route = Route(Delete, "/people/{person}/photo");
    type Target = Nearness;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Nearness> {
        Record::visible(tx, self.person).await?;
        Nearness::of(tx, self.person).await
    }

    fn allows(actor: &Actor, near: &Nearness) -> bool {
        near.own || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Nearness) -> Result<Record> {
        if forget(tx, self.person).await? {
            let update = sql!("update people set photo = null, updated_at = $3 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), self.person, tx.now()]).await?;
            tx.record("person.photo_changed", self.person, json!({}));
        }
        Record::visible(tx, self.person).await
    }
}

/// Whether there was a photo.
async fn forget(tx: &mut Tx<'_>, person: Id<Person>) -> Result<bool> {
    let delete = sql!("delete from photos where workspace_id = $1 and person_id = $2 returning blob_id");
    let blob: Option<Id<Blob>> = tx.find(delete, args![tx.workspace(), person]).await?;
    if let Some(blob) = blob {
        tx.drop_blob(blob).await?;
    }
    Ok(blob.is_some())
}

fn square(bytes: &[u8]) -> Result<Square, String> {
    if bytes.len() > LARGEST_FILE {
        return Err("This picture is larger than 10 MB.".into());
    }
    picture::read(bytes, |picture| {
        let small = picture.resize_to_fill(PIXELS, PIXELS, FilterType::CatmullRom);
        picture::encode(small, ImageFormat::Png).map(|bytes| Square(Blob::of(bytes)))
    })
}

struct Picture {
    content_type: String,
    blob_id: Id<Blob>,
}
columns!(Picture { content_type, blob_id });

/// The picture, for those who can see the person. Its name changes with it, so a browser may keep it.
#[derive(Deserialize, JsonSchema)]
pub struct ReadPhoto {
    pub person: Id<Person>,
    pub name: String,
}

impl Operation for ReadPhoto {
    const NAME: &str = "person.read_photo";
    const ROUTE: Route = Route(kernel::Method::Get, "/people/{person}/photo/{name}");
    const READS: bool = true;
    type Target = ();
    type Output = (String, Content);

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        Record::visible(tx, self.person).await.map(|_| ())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Self::Output> {
        let select =
            sql!("select content_type, blob_id from photos where workspace_id = $1 and person_id = $2 and name = $3");
        let picture: Picture = tx.one(select, args![tx.workspace(), self.person, self.name]).await?;
        Ok((picture.content_type, tx.content(picture.blob_id).await?))
    }
}

/// `GET /people/{person}/photo/{name}`
pub async fn photo(cx: Cx) -> Answer {
    let (content_type, content) = cx.read_here::<ReadPhoto>().await?;
    let bytes = cx.bytes(content).await?;
    let headers =
        [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "private, max-age=31536000, immutable".into())];
    let response: Response = (headers, bytes).into_response();
    Ok(response)
}

/// `POST /people/{person}/photo`
pub async fn save(upload: Upload) -> Answer {
    let Upload { form, bytes, .. } = upload;
    match set(&form, bytes).await {
        Ok(person) => Ok(form.go(&format!("/people/{}/edit", person.id), Flash::says("The photo is saved."))),
        Err(error) => again(&form, Part::Photo, error).await,
    }
}

async fn set(form: &Submitted, bytes: axum::body::Bytes) -> Result<Record> {
    if bytes.is_empty() {
        return Err(Error::invalid("picture", "Choose a picture first."));
    }
    let picture = tokio::task::spawn_blocking(move || square(&bytes)).await.map_err(Error::internal)?;
    let picture = picture.map_err(|sentence| Error::invalid("picture", sentence))?;
    form.change(SetPhoto { person: form.text("person").parse()?, picture }).await
}

/// `POST /people/{person}/photo/removal`
pub async fn remove(form: Submitted) -> Answer {
    let person = form.cx.read_here::<ShowPerson>().await?;
    if !form.confirmed() {
        return form.ask(&format!("Remove the photo of {}?", person.name), "Remove");
    }
    form.submit::<RemovePhoto>().await?;
    Ok(form.go(&format!("/people/{}/edit", person.id), Flash::says("The photo is removed.")))
}

pub(super) fn card(cx: &Cx, person: &Profile, form: &Form) -> Markup {
    let action = format!("/people/{}/photo", person.id);
    html! {
        section.card { header { h2 { "Photo" } span.right { (face(&person.id, &person.name, person.photo.as_deref(), "l")) } }
            div.body.stack.tight {
                form.form method="post" action=(action) enctype="multipart/form-data" {
                    (ui::token(cx)) (form.summary())
                    drop-file data-max-bytes=(LARGEST_FILE) { div.field {
                        label for="picture" { "Picture" }
                        p.hint #picture-hint { "JPEG, PNG, WebP or GIF, up to 10 MB. It is cut to a square." }
                        input #picture type="file" name="picture" accept="image/jpeg,image/png,image/webp,image/gif" required aria-describedby="picture-hint";
                    } }
                    div.buttons { button.button { "Use this picture" } }
                }
                @if person.photo.is_some() {
                    form method="post" action={ (action) "/removal" }
                        data-confirm={ "Remove the photo of " (person.name) "?" } data-confirm-button="Remove" {
                        (ui::token(cx)) button.button.quiet { "Remove the photo" }
                    }
                }
            }
        }
    }
}
