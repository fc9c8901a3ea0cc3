//! `GET /v1/digests/{algorithm}/{prefix}`: what is known of all digests that begin alike?

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::answer::Written;
use crate::http::blocking::on_ledger;
use crate::http::problem::{Problem, ProblemDocument};
use crate::ledger::Ledger;
use crate::ledger::digest_range::{KnownDigest, RangeAnswer, RangeError};
use crate::notice::{DigestAlgorithm, DigestPrefix, DigestPrefixFault, NoticeId};
use crate::verdict::{Part, Verdict};

/// How many bytes stand around the digests, and how many one has, about.
const AROUND: usize = 320;
const EACH: usize = 192;

/// What is known of the digests of a range, all as of one tree.
#[derive(Serialize, ToSchema)]
struct DigestRangeAnswer {
    /// Whose answer this is.
    #[schema(example = "ledger.example.org/log")]
    origin: String,
    /// Size of the tree it was decided from.
    #[schema(example = 128)]
    tree_size: u64,
    /// When this server last cosigned that tree: how fresh the answer is.
    #[schema(example = "2026-11-23T12:00:00Z")]
    checkpoint_time: Option<DateTime<Utc>>,
    /// Hash of the trust settings it was decided with.
    trust: String,
    /// How the digests were made.
    #[schema(value_type = String, example = "sha256")]
    algorithm: DigestAlgorithm,
    /// The digits that all of them begin with.
    #[schema(example = "0a1b")]
    prefix: String,
    /// A list that a notice names is not here, so that a digest which is not named here may stand in it.
    #[serde(skip_serializing_if = "is_false")]
    incomplete: bool,
    /// Every digest of the range that a notice meets, ascending; at most 1,000.
    digests: Vec<KnownDigestView>,
}

/// What is known of one digest: what `/v1/check` would say of it, in short.
#[derive(Serialize, ToSchema)]
struct KnownDigestView {
    /// The whole digest, in lower-case hex.
    #[schema(example = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9")]
    digest: String,
    /// For example `retracted`.
    #[schema(value_type = String, example = "retracted")]
    verdict: Verdict,
    /// With `part-retracted`: `affected` or `cannot-tell`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    part: Option<Part>,
    /// Something that could change the answer could not be looked at.
    #[serde(skip_serializing_if = "is_false")]
    incomplete: bool,
    /// The derivation was too large to be walked to its end.
    #[serde(skip_serializing_if = "is_false")]
    truncated: bool,
    /// Voices of the same power contradict each other.
    #[serde(skip_serializing_if = "is_false")]
    conflict: bool,
    /// The notices that meet it, most severe first, at most 50.
    #[schema(value_type = Vec<String>)]
    notices: Vec<NoticeId>,
    /// How many more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
}

/// What is known of all digests that begin alike?
///
/// For those who do not want to tell which file they hold: ask with the first digits of its digest, and compare at home (k-anonymity,
/// as in the range queries of password-breach services). A digest that is not in the answer meets no notice as of that tree, unless the
/// answer is `incomplete`, or a sensitive notice names it blinded: blinded digests are not found by their beginning.
///
/// A range of more than 1,000 digests is refused with 422, `too-many-digests`: `digits` says how many digits are enough.
#[utoipa::path(
    tag = "check",
    params(
        ("algorithm" = String, Path, description = "`md5`, `sha1`, `sha256`, `sha512` or `blake3`", example = "sha256"),
        ("prefix" = String, Path, description = "The first 4 to 16 digits of the digest, in lower-case hex", example = "0a1b",
         min_length = 4, max_length = 16, pattern = "^[0-9a-f]+$"),
    ),
    responses(
        (status = 200, description = "Every digest of the range that a notice meets", body = DigestRangeAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/digests/{algorithm}/{prefix}")]
pub(super) async fn range(
    request: HttpRequest,
    ledger: Data<Ledger>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (algorithm, digits) = path.into_inner();
    let prefix = DigestPrefix::parse(&algorithm, &digits)?;
    // A long answer is written there too, where it keeps no other connection waiting.
    let written = on_ledger(&ledger, move |ledger| -> Result<_, Problem> {
        let answer = ledger.check_range(&prefix)?;
        DigestRangeAnswer::new(&prefix, answer).written()
    });
    Ok(written.await?.json_answer(&request))
}

impl DigestRangeAnswer {
    fn new(prefix: &DigestPrefix, RangeAnswer { as_of, incomplete, digests }: RangeAnswer) -> Self {
        Self {
            origin: as_of.origin,
            tree_size: as_of.tree_size,
            checkpoint_time: as_of.checkpoint_time,
            trust: as_of.trust,
            algorithm: prefix.algorithm(),
            prefix: prefix.digits().to_owned(),
            incomplete,
            digests: digests.into_iter().map(KnownDigestView::from).collect(),
        }
    }

    fn written(&self) -> Result<Written, Problem> {
        Written::json(self, AROUND + self.digests.len() * EACH)
    }
}

impl From<KnownDigest> for KnownDigestView {
    fn from(known: KnownDigest) -> Self {
        let KnownDigest { id, verdict, part, incomplete, truncated, conflict, notices, more } = known;
        let digest = id.digest().map(|(_, bytes)| HEXLOWER.encode(&bytes)).unwrap_or_default();
        Self { digest, verdict, part, incomplete, truncated, conflict, notices, more: (more > 0).then_some(more) }
    }
}

impl From<DigestPrefixFault> for Problem {
    fn from(fault: DigestPrefixFault) -> Self {
        match fault {
            DigestPrefixFault::Algorithm | DigestPrefixFault::Blind => Self::not_found(fault.to_string()),
            DigestPrefixFault::Digits => {
                let title = "The prefix of a digest cannot be read";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "digest-prefix", title, fault.to_string())
            }
        }
    }
}

impl From<RangeError> for Problem {
    fn from(error: RangeError) -> Self {
        let detail = error.to_string();
        match error {
            RangeError::TooMany { enough } => {
                let title = "Too many digests begin like this";
                let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "too-many-digests", title, detail);
                enough.map_or(problem.clone(), |digits| problem.with_digits(digits))
            }
            RangeError::Store(error) => error.into(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
