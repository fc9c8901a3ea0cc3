//! `palinode notice`: a publisher's way from a draft to a posted notice.

pub mod draft;
pub mod post;
pub mod show;
pub mod sign;
pub mod verify;

use clap::Subcommand;

/// `palinode notice ...`
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// Write a draft to fill in
    Draft(draft::DraftArguments),
    /// Check a draft, complete it and sign it
    Sign(sign::SignArguments),
    /// Post signed notices to servers
    Post(post::PostArguments),
    /// Show what a signed notice says
    Show(show::ShowArguments),
    /// Check the signature of a notice
    Verify(verify::VerifyArguments),
}
