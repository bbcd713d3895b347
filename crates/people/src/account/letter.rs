//! The letters about accounts: who writes, what happened, and at most one link.
use kernel::{Result, Tx, args, sql};
use ui::html;

pub(super) struct Letter<'a> {
    pub name: &'a str,
    pub text: &'a str,
    /// The words of the button, and where it leads.
    pub link: Option<(&'a str, String)>,
    /// What to do when the letter was not expected.
    pub otherwise: &'a str,
}

impl Letter<'_> {
    pub async fn send(&self, tx: &mut Tx<'_>, to: &str, subject: &str) -> Result<()> {
        tx.mail(to, subject, &self.plain(), &self.rich()).await
    }

    fn plain(&self) -> String {
        let link = self.link.as_ref().map_or_else(String::new, |(_, address)| format!("{address}\n\n"));
        format!("Hello {},\n\n{}\n\n{link}{}\n", self.name, self.text, self.otherwise)
    }

    fn rich(&self) -> String {
        let body = html! {
            p { "Hello " (self.name) "," }
            p { (self.text) }
            @if let Some((words, address)) = &self.link {
                p { a href=(address) { (words) } }
                p { "If the link does not open, copy this address into your browser:" br; (address) }
            }
            p { (self.otherwise) }
        };
        body.into_string()
    }
}

/// What the workspace is called, for the subject of a letter.
pub(super) async fn workspace_name(tx: &mut Tx<'_>) -> Result<String> {
    let select = sql!("select name from workspaces where id = $1");
    tx.one(select, args![tx.workspace()]).await
}
