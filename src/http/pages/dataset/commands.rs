//! Commands to copy into a terminal. What strangers wrote stands in them, so it is quoted, or the command is not shown.

use super::{Met, in_force};
use crate::http::language::{Sentence, Speech};
use crate::notice::{ActionVerb, Identifier, Scheme};

/// A command, and what it is for.
pub(super) struct Command {
    pub(super) purpose: Sentence,
    pub(super) line: String,
}

/// How to ask the same in a terminal; `None` where the identifier cannot be written in one line of it.
pub(super) fn check(id: &Identifier, server: &str) -> Option<String> {
    Some(format!("palinode check {} --server {server} --proof", quoted(&id.to_string())?))
}

/// How to delete what was asked about from the Hub's cache, where a notice in force asks for it. Other subjects of the notice are
/// not named: somebody else may speak for those, and say otherwise.
pub(super) fn removal(t: Speech, asked: &Identifier, met: &[Met<'_>]) -> Option<Command> {
    let deletes = |met: &Met<'_>| met.said.notice.actions.iter().any(|action| action.verb == ActionVerb::Delete);
    let name = cache(asked).filter(|_| in_force(met).any(deletes))?;
    Some(Command {
        purpose: t.say("delete-from-cache"),
        line: format!("find ~/.cache/huggingface/hub -maxdepth 1 -iname '{name}' -exec rm -r {{}} +"),
    })
}

/// The folder of a Hub repository in the cache of the Hub's library, in lower case: the library keeps the case that somebody typed.
fn cache(id: &Identifier) -> Option<String> {
    if id.scheme() != Scheme::Hf {
        return None;
    }
    let text = id.to_string();
    let repository = text.strip_prefix("hf:")?.split('@').next()?.replace('/', "--");
    // What `find` would read as a pattern is in no name that the Hub gives.
    let plain = repository.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    plain.then_some(repository)
}

/// A text as one word of a POSIX shell (XCU 2.2.2); `None` for what a terminal would act upon.
fn quoted(text: &str) -> Option<String> {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    (!text.contains(invisible)).then(|| format!("'{}'", text.replace('\'', "'\\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Identifier {
        Identifier::normalise(text).unwrap()
    }

    #[test]
    fn no_identifier_leaves_its_quotes() {
        let line = check(&id("doi:10.5555/x';reboot;'"), "https://ledger.example.org/").unwrap();
        assert_eq!(line, "palinode check 'doi:10.5555/x'\\'';reboot;'\\''' --server https://ledger.example.org/ --proof");
        assert_eq!(quoted("a\u{202e}b"), None);
        assert_eq!(quoted("a\u{1b}[201~b"), None);
    }

    #[test]
    fn the_folder_in_the_cache_is_that_of_the_repository() {
        assert_eq!(cache(&id("hf:datasets/example-lab/Faces@main")).as_deref(), Some("datasets--example-lab--faces"));
        assert_eq!(cache(&id("hf:datasets/eli5")).as_deref(), Some("datasets--eli5"));
        assert_eq!(cache(&id("doi:10.5555/faces")), None);
    }
}
