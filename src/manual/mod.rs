//! The manual: longer chapters on how the house is built and what it promises, kept where rustdoc checks their links.

#[doc = include_str!("architecture.md")]
pub mod architecture {}

#[doc = include_str!("operations.md")]
pub mod operations {}

#[doc = include_str!("performance.md")]
pub mod performance {}
#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("threat-model.md")]
pub mod threat_model {}

#[doc = include_str!("protocol.md")]
pub mod protocol {}

#[doc = include_str!("publishers.md")]
pub mod publishers {}

#[doc = include_str!("scanning.md")]
pub mod scanning {}

#[doc = include_str!("build-a-client.md")]
pub mod build_a_client {}

#[doc = include_str!("sign-without-palinode.md")]
pub mod sign_without_palinode {}

#[doc = include_str!("check-without-palinode.md")]
pub mod check_without_palinode {}
