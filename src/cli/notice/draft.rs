//! `palinode notice draft`: a template for each type of notice, begun with what a description of the dataset says.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{beginning, blinding};
use crate::cli::file::{self, Readers};
use crate::cli::{ExitCode, Failure, Output};
use crate::notice::{Draft, NoticeId, NoticeType, Prior, PriorRelation};
use crate::scan::description::Kind;

const EXAMPLES: &str = "\
A draft is the notice as JSON with its texts inline. Replace what stands in angle brackets, delete what does not apply, and sign it.

Examples:
  palinode notice draft retraction --out draft.json
  palinode notice draft --reinstates <NOTICE ID> --out draft.json
  palinode notice draft --disputes <NOTICE ID>

With --from, a draft begins with what a description of the dataset says: title, version, publisher, identifiers, addresses and digests of
files. What was taken and what was left out, with the reason, stands on standard error. What no file can know stays a placeholder.
  palinode notice draft --from croissant.json --out draft.json
  palinode notice draft removal --from datacite.xml --out draft.json
  palinode notice draft --from ./faces --out draft.json                  a folder, a bag (BagIt) or an RO-Crate
  palinode notice draft --from record.json --kind zenodo --sums faces.sums --out draft.json

About material that nobody should be led to, such as images of abuse, make a sensitive notice. It names files by blinded digests only:
whoever holds a file finds the notice, and nobody finds the file by it. Neither the digest nor the name of the file is written anywhere.
  palinode notice draft removal --blind found/0001.jpg --blind md5:88813c6b15de58afc8fa75ea83361d7f --out draft.json
More files than a draft should hold go into a list, which `palinode digests build FOLDER --blind` makes.";

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
    /// Begin with what this file or folder says of the dataset: Croissant, DataCite (JSON or XML), Zenodo, RO-Crate, checksums, BagIt, or any folder
    #[arg(long, value_name = "FILE|FOLDER", conflicts_with = "blind")]
    pub from: Option<PathBuf>,
    /// What --from names, when it is not seen by itself
    #[arg(long = "kind", value_name = "KIND", requires = "from", value_parser = kinds())]
    pub kind_of_source: Option<Kind>,
    /// Where --from finds more digests than a draft should hold, write them to this file, from which `palinode digests build` makes a list
    #[arg(long, value_name = "FILE", requires = "from")]
    pub sums: Option<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

fn notice_type() -> impl TypedValueParser<Value = NoticeType> {
    let words = NoticeType::ALL.iter().map(|kind| kind.as_str());
    PossibleValuesParser::new(words).try_map(|word| NoticeType::parse(&word).ok_or(NotANoticeId))
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    let words = Kind::ALL.iter().map(|kind| kind.as_str());
    PossibleValuesParser::new(words).try_map(|word| Kind::parse(&word).ok_or(NotANoticeId))
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
    let template = if let Some(source) = &arguments.from {
        let known = beginning::begin(source, arguments.kind_of_source, arguments.sums.as_deref())?;
        Draft::begun(kind, prior, &known)
    } else if arguments.blind.is_empty() {
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
