//! The one reading of JSON that signed things get.
//!
//! Two programs that read the same signed bytes differently are a hole in every signed protocol, so signed JSON here has one
//! reading only: strict UTF-8 without a byte-order mark, no duplicate keys, no floats, integers `0|[1-9][0-9]*` up to 2^53-1,
//! at most [`MAX_DEPTH`] levels, nothing after the value (protocol, section 3, steps 2 and 5). [`parse`] turns bytes into a
//! [`Value`] or stops at the first syntax fault; [`Fields`] then walks an object and collects *every* fault of form as a
//! [`Flaw`] with its JSON pointer (RFC 6901), so that a publisher mends a draft in one go.
//!
//! Out of scope: writing JSON (serde does that) and any meaning of the fields.

mod base64;
mod fields;
mod flaw;
mod value;

pub use base64::decode_base64;
pub use fields::Fields;
pub use flaw::{Flaw, Flaws, Pointer};
pub use value::{MAX_DEPTH, MAX_INTEGER, SyntaxFault, Value, parse};
