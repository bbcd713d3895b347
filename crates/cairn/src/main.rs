//! `cairn`: one program that serves Cairn and looks after its data.
use cairn::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    command::run()
}
