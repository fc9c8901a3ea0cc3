//! Refusals of a server, as a client reads and shows them.

use palinode::client::Problem;
use palinode::federation::Response;

pub fn check(data: &[u8]) {
    let problem = Problem::read(&Response::new(422, data));
    assert_eq!(problem.status, 422, "the status is that of the answer, whatever the document says");
    assert!(!problem.to_string().is_empty());
}
