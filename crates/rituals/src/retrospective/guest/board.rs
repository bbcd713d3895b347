use super::{Guest, Remark, remarks};
use crate::retrospective::{Board, Retrospective};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The board of a guest, as far as its phase shows it.
#[derive(Deserialize, JsonSchema)]
pub struct ShowGuestBoard {
    pub retrospective: Id<Retrospective>,
    pub secret: String,
}

#[derive(Serialize, JsonSchema)]
pub struct GuestBoard {
    /// Without what the team rated and promised.
    pub board: Board,
    /// Under which the others know the guest; empty on a board without names.
    pub name: String,
    pub remarks: Vec<Remark>,
}

impl Operation for ShowGuestBoard {
    const NAME: &str = "guest.show_board";
    const ROUTE: Route = Route(Get, "/guests/board");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = (Retrospective, Guest);
    type Output = GuestBoard;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Guest::at(tx, self.retrospective, &self.secret).await
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, guest): Self::Target) -> Result<GuestBoard> {
        let remarks = remarks(tx, board.id).await?;
        let board = Board::shared(tx, board, guest.id.as_str()).await?;
        Ok(GuestBoard { board, name: guest.name, remarks })
    }
}
