//! Sentences of the document: plain words, and code between grave accents.

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_code: bool,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prose(pub(super) Vec<Piece>);

impl Prose {
    /// The first paragraph of a text.
    pub(super) fn of(text: &str) -> Self {
        Self::all(text).into_iter().next().unwrap_or_default()
    }

    /// Every paragraph of a text. An accent that nothing closes stands for itself.
    pub(super) fn all(text: &str) -> Vec<Self> {
        text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(Self::paragraph).collect()
    }

    fn paragraph(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut push = |text: &str, is_code| {
            if !text.is_empty() {
                pieces.push(Piece { text: text.to_owned(), is_code });
            }
        };
        let mut rest = text;
        while let Some((before, code, after)) = next_code(rest) {
            push(before, false);
            push(code, true);
            rest = after;
        }
        push(rest, false);
        Self(pieces)
    }

    /// Without the marks of code.
    pub(super) fn plain(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

fn next_code(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    Some((before, code, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn code_stands_between_accents_and_paragraphs_between_empty_lines() {
        let [first, second] = <[Prose; 2]>::try_from(Prose::all("With `a=b`, more.\n\n`x` alone`")).unwrap();
        let piece = |text: &str, is_code| Piece { text: text.to_owned(), is_code };
        assert_eq!(first.0, [piece("With ", false), piece("a=b", true), piece(", more.", false)]);
        assert_eq!(second.0, [piece("x", true), piece(" alone`", false)]);
        assert_eq!(Prose::of(""), Prose::default());
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-z`<&\\n ]{0,40}") {
            let shown: String = Prose::all(&text).iter().map(Prose::plain).collect();
            let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
            prop_assert_eq!(letters(&shown), letters(&text));
        }
    }
}
