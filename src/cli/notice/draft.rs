//! `palinode notice draft`: a template for each type of notice.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::blinding;
use crate::cli::file::{self, Readers};
use crate::cli::{ExitCode, Failure, Output};
use crate::notice::{Draft, NoticeId, NoticeType, Prior, PriorRelation};

const EXAMPLES: &str = "\
A draft is the notice as JSON with its texts inline. Replace what stands in angle brackets, delete what does not apply, and sign it.

Examples:
  palinode notice draft retraction --out draft.json
  palinode notice draft --reinstates <NOTICE ID> --out draft.json
  palinode notice draft --disputes <NOTICE ID>

About material that nobody should be led to, such as images of abuse, make a sensitive notice. It names files by blinded digests only:
whoever holds a file finds the notice, and nobody finds the file by it. Neither the digest nor the name of the file is written anywhere.
  palinode notice draft removal --blind found/0001.jpg --blind md5:88813c6b15de58afc8fa75ea83361d7f --out draft.json";

/// Arguments of `palinode notice draft`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = clap::ArgGroup::new("prior"))]
pub struct DraftArguments {
    /// What the notice says; without it, what the flag below asks for, else a retraction
    #[arg(value_name = "TYPE", value_parser = notice_type())]
    pub kind: Option<NoticeType>,
    /// An earlier notice that this one adds to
    #[arg(long, value_name = "ID", group = "prior", value_parser = notice_id)]
    pub amends: Option<NoticeId>,
    /// An earlier notice of yours whose place this one takes
    #[arg(long, value_name = "ID", group = "prior", value_parser = notice_id)]
    pub replaces: Option<NoticeId>,
    /// An earlier notice of yours that no longer holds (type revocation)
    #[arg(long, value_name = "ID", group = "prior", value_parser = notice_id)]
    pub revokes: Option<NoticeId>,
    /// An earlier notice of yours that this one lifts (type reinstatement)
    #[arg(long, value_name = "ID", group = "prior", value_parser = notice_id)]
    pub reinstates: Option<NoticeId>,
    /// A notice that this one objects to (type response)
    #[arg(long, value_name = "ID", group = "prior", value_parser = notice_id)]
    pub disputes: Option<NoticeId>,
    /// A file, or its digest, that the notice names by its blinded digest only (repeatable); makes the draft sensitive. Of a file,
    /// the SHA-256 is taken; a path that looks like a digest is written with ./ before it
    #[arg(long, value_name = "FILE|DIGEST")]
    pub blind: Vec<String>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

fn notice_type() -> impl TypedValueParser<Value = NoticeType> {
    let words = NoticeType::ALL.iter().map(|kind| kind.as_str());
    PossibleValuesParser::new(words).try_map(|word| NoticeType::parse(&word).ok_or(NotANoticeId))
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the id of a notice is 64 lowercase hex digits")]
struct NotANoticeId;

fn notice_id(text: &str) -> Result<NoticeId, NotANoticeId> {
    NoticeId::parse(text).ok_or(NotANoticeId)
}

pub(super) fn run(arguments: &DraftArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let prior = arguments.prior();
    let kind = arguments.kind.unwrap_or_else(|| Draft::kind_for(prior.as_ref().map(|prior| prior.relation)));
    let template = if arguments.blind.is_empty() {
        Draft::template(kind, prior)
    } else {
        let hidden = arguments.blind.iter().map(|text| blinding::hidden(text)).collect::<Result<Vec<_>, _>>()?;
        Draft::sensitive_template(kind, prior, &hidden)
    };
    match &arguments.out {
        Some(path) => file::write_new(path, template.as_bytes(), Readers::Everyone)?,
        None => output.write(template.as_bytes())?,
    }
    Ok(ExitCode::Done)
}

impl DraftArguments {
    /// The edge that was asked for; clap lets at most one through.
    fn prior(&self) -> Option<Prior> {
        let flags = [
            (PriorRelation::Amends, self.amends),
            (PriorRelation::Replaces, self.replaces),
            (PriorRelation::Revokes, self.revokes),
            (PriorRelation::Reinstates, self.reinstates),
            (PriorRelation::Disputes, self.disputes),
        ];
        flags.into_iter().find_map(|(relation, notice)| Some(Prior { relation, notice: notice? }))
    }
}
