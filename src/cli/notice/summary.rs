use std::fmt;

use owo_colors::OwoColorize;
use serde::Serialize;

use crate::notice::{Notice, Texts};

/// What a notice says, for people and as JSON.
#[derive(Serialize)]
pub(super) struct Summary {
    pub(super) notice: Notice,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) texts: Option<Texts>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let notice = &self.notice;
        writeln!(f, "{} of {}", notice.kind.to_string().to_uppercase().bold(), notice.dataset.title.bold())?;
        writeln!(f, "\nissuer      {} as {}", notice.issuer.id, notice.issuer.role)?;
        writeln!(f, "issued      {}", notice.issued)?;
        if let Some(effective) = &notice.effective {
            writeln!(f, "effective   {effective}")?;
        }
        if !notice.reasons.is_empty() {
            let reasons: Vec<_> = notice.reasons.iter().map(|reason| reason.as_str()).collect();
            writeln!(f, "reasons     {}", reasons.join(", "))?;
        }
        if let Some(fault) = notice.fault {
            writeln!(f, "fault       {fault}")?;
        }
        if let Some(scope) = &notice.scope {
            writeln!(f, "scope       {}", scope.kind)?;
        }
        for subject in &notice.subjects {
            writeln!(f, "subject     {} ({})", subject.id, subject.role)?;
        }
        for list in &notice.digest_lists {
            writeln!(f, "list        {} {} digests, {}", list.count, list.algorithm, list.role)?;
        }
        self.fmt_requests(f)?;
        self.fmt_texts(f)
    }
}

impl Summary {
    fn fmt_requests(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let notice = &self.notice;
        for action in &notice.actions {
            let deadline = action.deadline.as_ref().map(|deadline| format!(" until {deadline}")).unwrap_or_default();
            writeln!(f, "asked       {}{deadline}", action.verb)?;
        }
        for replacement in &notice.replacements {
            writeln!(f, "instead     {}", replacement.id)?;
        }
        for derivative in &notice.derivatives {
            let name = derivative.id.as_ref().map(ToString::to_string).or_else(|| derivative.title.clone()).unwrap_or_default();
            writeln!(f, "derivative  {name} ({}, inherits: {})", derivative.relation, derivative.inherits)?;
        }
        for prior in &notice.prior {
            writeln!(f, "{:<11} {}", prior.relation, prior.notice)?;
        }
        if let Some(appeal) = &notice.appeal {
            writeln!(f, "appeal      {appeal}")?;
        }
        Ok(())
    }

    fn fmt_texts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(texts) = &self.texts else {
            return match &self.notice.texts {
                Some(name) => writeln!(f, "texts       not here: {name}"),
                None => Ok(()),
            };
        };
        for text in &texts.texts {
            writeln!(f, "\n[{}] {}", text.language, text.statement)?;
            for (what, more) in [("mitigation", &text.mitigation), ("afterlife", &text.afterlife)] {
                if let Some(more) = more {
                    writeln!(f, "{what}: {more}")?;
                }
            }
        }
        for reference in &texts.references {
            writeln!(f, "{:<11} {}", reference.kind, reference.url)?;
        }
        Ok(())
    }
}
