use crate::notice::codes;

/// What an envelope holds (protocol, section 3, "Payload types"). The type is part of what is signed, so a payload of one type can
/// never be passed off as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayloadType {
    /// A notice about a dataset.
    Notice,
    /// Who an issuer is and which keys speak for it.
    Publisher,
    /// What a server did or saw.
    Operator,
    /// The head of a compact list: signed by an operator, never a log entry.
    Index,
}

codes!(PayloadType {
    Notice => "application/vnd.palinode.notice.v1+json",
    Publisher => "application/vnd.palinode.publisher.v1+json",
    Operator => "application/vnd.palinode.operator.v1+json",
    Index => "application/vnd.palinode.index.v1+json",
});
