//! `palinode lock` and `palinode verify-lock`: what lay in a folder, and what ledgers knew of it, for the supplement of a paper.

mod surveying;
mod verify;
mod write;

pub use surveying::SurveyArguments;
pub(super) use surveying::Surveyed;
pub use verify::VerifyLockArguments;
pub(super) use verify::run as run_verify;
pub use write::LockArguments;
pub(super) use write::run as run_lock;
