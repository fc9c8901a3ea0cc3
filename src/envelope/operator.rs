//! Operator statements: what a server did or saw (protocol, section 6).
//!
//! A server signs them with its operator key and appends them to its own log only. The protocol gives their names and fields; the
//! wire form is an object whose `type` names the statement, beside the fields of that statement.

use super::form::{parsed, read_document, timestamp, walk_object};
use super::{FormError, LineageId, MAX_STATEMENT, Payload, PayloadType, PublicKey};
use crate::notice::{DocumentHash, MAX_NAME, Timestamp, codes, hex32, line};
use crate::strict_json::{Fields, Flaws, Pointer, Value};

/// `{"origin", "issued", "statement": {"type", ...}}`
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperatorStatement {
    /// The log that the statement belongs to: host and path without scheme, 1 to 255 bytes of printable ASCII without `+`.
    pub origin: String,
    /// When the operator claims to have issued it.
    pub issued: Timestamp,
    /// What is stated.
    pub statement: Statement,
}

/// What a server did or saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// The domain of a lineage answers for its keys.
    DomainVerified {
        /// Which lineage.
        lineage: LineageId,
        /// How it was verified.
        method: DomainMethod,
    },
    /// A detached document was removed here. Advice to others: nobody can erase another server's copy.
    DocumentRemoved {
        /// Which document.
        document: DocumentHash,
        /// On what ground.
        basis: RemovalBasis,
        /// Under whose law: an ISO 3166 code such as `DE` or `US-CA`.
        jurisdiction: Option<String>,
        /// A file number or the like, at most 300 characters, never a person's name.
        reference: Option<String>,
    },
    /// This log goes on where another one ended, after a restore or a move.
    LogSucceeds {
        /// The origin of the log before.
        origin: String,
        /// Its tree size as last known.
        size: u64,
        /// Its root at that size.
        root: LogRoot,
        /// The keys of the log that goes on. Whoever knows only the operator learns them here; a statement without them, of an
        /// earlier version, cannot be followed.
        keys: Option<Box<LogKeys>>,
    },
}

/// The keys of a log and of its witness, as its operator names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogKeys {
    /// Signs its checkpoints; its name is the origin of the statement.
    pub log: PublicKey,
    /// Signs cosignatures; its name is `<origin>/witness`.
    pub witness: PublicKey,
}

impl Statement {
    /// Which kind of statement it is.
    pub fn kind(&self) -> StatementKind {
        match self {
            Self::DomainVerified { .. } => StatementKind::DomainVerified,
            Self::DocumentRemoved { .. } => StatementKind::DocumentRemoved,
            Self::LogSucceeds { .. } => StatementKind::LogSucceeds,
        }
    }

    /// What it is about, as it is written: a lineage, the hash of a document, or the origin of a log.
    pub fn subject(&self) -> String {
        match self {
            Self::DomainVerified { lineage, .. } => lineage.to_string(),
            Self::DocumentRemoved { document, .. } => document.to_string(),
            Self::LogSucceeds { origin, .. } => origin.clone(),
        }
    }
}

/// The kinds of statements, named as their `type` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementKind {
    /// [`Statement::DomainVerified`].
    DomainVerified,
    /// [`Statement::DocumentRemoved`].
    DocumentRemoved,
    /// [`Statement::LogSucceeds`].
    LogSucceeds,
}

codes!(StatementKind {
    DomainVerified => "domain-verified",
    DocumentRemoved => "document-removed",
    LogSucceeds => "log-succeeds",
});

/// How a domain was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DomainMethod {
    /// `https://<domain>/.well-known/did.json` lists the active keys of the record.
    DidDocument,
    /// The operator made sure by other means and pinned the lineage.
    Pin,
}

codes!(DomainMethod { DidDocument => "did-document", Pin => "pin" });

/// On what ground a document was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemovalBasis {
    /// A court or an authority ordered it.
    LegalOrder,
    /// Personal data had to go.
    PersonalData,
    /// It infringed somebody's rights.
    Rights,
    /// Whoever wrote it asked for it.
    IssuerRequest,
    /// It broke the rules of this server.
    Policy,
}

codes!(RemovalBasis {
    LegalOrder => "legal-order",
    PersonalData => "personal-data",
    Rights => "rights",
    IssuerRequest => "issuer-request",
    Policy => "policy",
});

hex32! {
    /// The root of a log as a statement names it: 64 hex digits.
    LogRoot
}

impl Payload for OperatorStatement {
    const TYPE: PayloadType = PayloadType::Operator;
    type Fault = FormError;

    fn parse(payload: &[u8]) -> Result<Self, FormError> {
        Self::parse(payload)
    }
}

impl OperatorStatement {
    /// Reads the payload of an operator statement.
    ///
    /// # Errors
    /// [`FormError`] with every fault of form.
    pub fn parse(payload: &[u8]) -> Result<Self, FormError> {
        read_document(payload, MAX_STATEMENT, |fields, flaws| {
            let origin = fields.required("origin", flaws).and_then(|(at, v)| origin(v, &at, flaws));
            let issued = fields.required("issued", flaws).and_then(|(at, v)| timestamp(v, &at, flaws));
            let statement = fields.required("statement", flaws).and_then(|(at, v)| walk_object(v, &at, flaws, read_statement));
            Some(Self { origin: origin?, issued: issued?, statement: statement? })
        })
    }

    /// Writes a statement: the bytes to sign, compact JSON in the field order of the protocol.
    ///
    /// # Errors
    /// [`FormError`] when it would break a rule of form: the payload is read back before it is given out.
    pub fn write(origin: &str, issued: Timestamp, statement: &Statement) -> Result<Vec<u8>, FormError> {
        let json = |text: &dyn ToString| serde_json::Value::from(text.to_string()).to_string();
        let optional = |field: &str, text: &Option<String>| match text {
            Some(text) => format!(",\"{field}\":{}", json(text)),
            None => String::new(),
        };
        let statement = match statement {
            Statement::DomainVerified { lineage, method } => {
                format!(r#"{{"type":"domain-verified","lineage":{},"method":{}}}"#, json(lineage), json(method))
            }
            Statement::DocumentRemoved { document, basis, jurisdiction, reference } => format!(
                r#"{{"type":"document-removed","document":{},"basis":{}{}{}}}"#,
                json(document),
                json(basis),
                optional("jurisdiction", jurisdiction),
                optional("reference", reference),
            ),
            Statement::LogSucceeds { origin, size, root, keys } => {
                let keys = keys.as_ref().map_or_else(String::new, |keys| {
                    let (log, witness) = (keys.log.to_multibase(), keys.witness.to_multibase());
                    format!(",\"log_key\":{},\"witness_key\":{}", json(&log), json(&witness))
                });
                format!(r#"{{"type":"log-succeeds","origin":{},"size":{size},"root":{}{keys}}}"#, json(origin), json(root))
            }
        };
        let payload =
            format!(r#"{{"origin":{},"issued":{},"statement":{statement}}}"#, json(&origin), json(&issued)).into_bytes();
        Self::parse(&payload).map(|_| payload)
    }
}

fn read_statement(fields: &mut Fields<'_>, flaws: &mut Flaws) -> Option<Statement> {
    let (at, kind) = fields.required("type", flaws)?;
    match StatementKind::parse(Fields::text(kind, &at, flaws)?) {
        Some(StatementKind::DomainVerified) => domain_verified(fields, flaws),
        Some(StatementKind::DocumentRemoved) => document_removed(fields, flaws),
        Some(StatementKind::LogSucceeds) => log_succeeds(fields, flaws),
        None => {
            flaws.add(&at, "unknown-code", "must be domain-verified, document-removed or log-succeeds");
            None
        }
    }
}

fn domain_verified(fields: &mut Fields<'_>, flaws: &mut Flaws) -> Option<Statement> {
    let lineage = fields.required("lineage", flaws).and_then(|(at, v)| {
        let message = "must be a did:web and the id of its record 0, as did:web:example.org#<64 hex digits>";
        parsed(v, &at, flaws, "not-a-lineage", message, |text| LineageId::parse(text).filter(|l| l.record0.is_some()))
    });
    let method = fields
        .required("method", flaws)
        .and_then(|(at, v)| parsed(v, &at, flaws, "unknown-code", "must be did-document or pin", DomainMethod::parse));
    Some(Statement::DomainVerified { lineage: lineage?, method: method? })
}

fn document_removed(fields: &mut Fields<'_>, flaws: &mut Flaws) -> Option<Statement> {
    let document = fields
        .required("document", flaws)
        .and_then(|(at, v)| parsed(v, &at, flaws, "not-a-sha256", "must be 64 lowercase hex digits", DocumentHash::parse));
    let basis = fields.required("basis", flaws).and_then(|(at, v)| {
        let message = "must be legal-order, personal-data, rights, issuer-request or policy";
        parsed(v, &at, flaws, "unknown-code", message, RemovalBasis::parse)
    });
    let jurisdiction = fields.optional("jurisdiction").and_then(|(at, v)| {
        let message = "must be an ISO 3166 code such as DE or US-CA";
        parsed(v, &at, flaws, "not-a-jurisdiction", message, |text| is_jurisdiction(text).then(|| text.to_owned()))
    });
    let reference = fields.optional("reference").and_then(|(at, v)| line(v, &at, MAX_NAME, flaws));
    Some(Statement::DocumentRemoved { document: document?, basis: basis?, jurisdiction, reference })
}

fn log_succeeds(fields: &mut Fields<'_>, flaws: &mut Flaws) -> Option<Statement> {
    let before = fields.required("origin", flaws).and_then(|(at, v)| origin(v, &at, flaws));
    let size = fields.required("size", flaws).and_then(|(at, v)| Fields::integer(v, &at, flaws));
    let root = fields
        .required("root", flaws)
        .and_then(|(at, v)| parsed(v, &at, flaws, "not-a-sha256", "must be 64 lowercase hex digits", LogRoot::parse));
    let keys = match (fields.optional("log_key"), fields.optional("witness_key")) {
        (Some(log), Some(witness)) => {
            let (log, witness) = (key(log, flaws), key(witness, flaws));
            Some(Box::new(LogKeys { log: log?, witness: witness? }))
        }
        (None, None) => None,
        _ => {
            flaws.add(fields.at(), "keys-incomplete", "log_key and witness_key come together, or not at all");
            None
        }
    };
    Some(Statement::LogSucceeds { origin: before?, size: size?, root: root?, keys })
}

fn key((at, value): (Pointer, &Value<'_>), flaws: &mut Flaws) -> Option<PublicKey> {
    parsed(value, &at, flaws, "not-a-key", "must be an Ed25519 public key, z6Mk...", |text| {
        PublicKey::parse(text).ok().filter(|key| key.to_multibase() == text)
    })
}

/// An origin as signed notes can name it (C2SP signed-note: no space, no `+`), without a scheme.
fn origin(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<String> {
    let message = "must be host and path without scheme: 1 to 255 printable ASCII characters without +";
    parsed(value, at, flaws, "not-an-origin", message, |text| {
        let printable = text.bytes().all(|b| b.is_ascii_graphic() && b != b'+');
        let sound = (1..=255).contains(&text.len()) && printable && !text.contains("://") && !text.ends_with('/');
        sound.then(|| text.to_owned())
    })
}

/// `DE`, or a subdivision: `US-CA`, `GB-SCT`.
fn is_jurisdiction(text: &str) -> bool {
    let (country, part) = text.split_once('-').unwrap_or((text, "X"));
    let upper = |s: &str| s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()) && (1..=3).contains(&part.len()) && upper(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::SecretKey;

    fn written(statement: &Statement) -> Vec<u8> {
        let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
        OperatorStatement::write("ledger.example.org/log", issued, statement).expect("valid form")
    }

    fn key(seed: u8) -> PublicKey {
        SecretKey::from_seed([seed; 32]).public()
    }

    fn succeeds(keys: Option<(u8, u8)>) -> Statement {
        let keys = keys.map(|(log, witness)| Box::new(LogKeys { log: key(log), witness: key(witness) }));
        Statement::LogSucceeds { origin: "old.example.org/log".to_owned(), size: 12, root: LogRoot::from_bytes([7; 32]), keys }
    }

    fn flaws(payload: &str) -> Vec<String> {
        match OperatorStatement::parse(payload.as_bytes()) {
            Err(FormError::Form(flaws)) => flaws.as_slice().iter().map(|f| format!("{} {}", f.pointer, f.rule)).collect(),
            other => panic!("{payload}: {other:?}"),
        }
    }

    #[test]
    fn every_statement_reads_back_as_it_was_written() {
        let lineage = LineageId::parse(&format!("did:web:example.org#{}", "ab".repeat(32))).expect("a lineage");
        let document = DocumentHash::of(b"texts");
        let statements = [
            Statement::DomainVerified { lineage, method: DomainMethod::DidDocument },
            Statement::DocumentRemoved { document, basis: RemovalBasis::LegalOrder, jurisdiction: None, reference: None },
            Statement::DocumentRemoved {
                document,
                basis: RemovalBasis::PersonalData,
                jurisdiction: Some("US-CA".to_owned()),
                reference: Some("file \"12\"/26".to_owned()),
            },
            succeeds(None),
            succeeds(Some((1, 2))),
        ];
        for statement in statements {
            let payload = written(&statement);
            assert_eq!(OperatorStatement::parse(&payload).expect("valid form").statement, statement);
        }
    }

    #[test]
    fn the_wire_form_is_compact_and_in_order() {
        let root = LogRoot::from_bytes([7; 32]);
        let head = r#"{"origin":"ledger.example.org/log","issued":"2026-11-23T10:00:00Z","statement":{"type":"log-succeeds""#;
        let expected = format!(r#"{head},"origin":"old.example.org/log","size":12,"root":"{root}"}}}}"#);
        assert_eq!(String::from_utf8(written(&succeeds(None))).expect("UTF-8"), expected);
        let (log, witness) = (key(1).to_multibase(), key(2).to_multibase());
        let keys = format!(r#""log_key":"{log}","witness_key":"{witness}""#);
        let expected = format!(r#"{head},"origin":"old.example.org/log","size":12,"root":"{root}",{keys}}}}}"#);
        let written = written(&succeeds(Some((1, 2))));
        assert_eq!(String::from_utf8(written).expect("UTF-8"), expected);
    }

    #[test]
    fn every_fault_is_named_by_its_pointer() {
        let found = flaws(
            r#"{"origin":"https://x.org","issued":"now","extra":1,"statement":{"type":"document-removed","document":"AB","basis":"because","jurisdiction":"Germany","reference":"","name":"x"}}"#,
        );
        assert_eq!(
            found,
            [
                "/origin not-an-origin",
                "/issued not-a-time",
                "/statement/document not-a-sha256",
                "/statement/basis unknown-code",
                "/statement/jurisdiction not-a-jurisdiction",
                "/statement/reference empty-text",
                "/statement/name unknown-field",
                "/extra unknown-field",
            ]
        );
        let head = r#""origin":"a.org/log","issued":"2026-11-23T10:00:00Z""#;
        assert_eq!(flaws(&format!(r#"{{{head},"statement":{{"type":"log-renamed"}}}}"#)), ["/statement/type unknown-code"]);
        let unsaid =
            format!(r#"{{{head},"statement":{{"type":"domain-verified","lineage":"did:web:a.org","method":"vouch"}}}}"#);
        assert_eq!(flaws(&unsaid), ["/statement/lineage not-a-lineage", "/statement/method unknown-code"]);
        let root = LogRoot::from_bytes([7; 32]);
        let half = format!(
            r#"{{{head},"statement":{{"type":"log-succeeds","origin":"b.org/log","size":1,"root":"{root}","log_key":"{}"}}}}"#,
            key(1).to_multibase()
        );
        assert_eq!(flaws(&half), ["/statement keys-incomplete"]);
    }
}
