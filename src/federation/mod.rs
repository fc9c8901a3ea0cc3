//! stub
mod http_transport;
mod memory;
mod transport;

pub use http_transport::*;
pub use memory::*;
pub use transport::*;
