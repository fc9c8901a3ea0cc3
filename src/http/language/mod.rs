//! What pages say, in the language of whoever reads them.
//!
//! Every sentence of a page stands in a catalogue (Project Fluent, syntax 1.0), under the same name in every language; codes such as
//! reasons and verdicts have names of the form `reason-consent`. What people wrote themselves, such as titles and statements, is never
//! translated: it stands in the pages as it was signed, set apart by direction marks.
//!
//! A reader's language is the one asked for with `?lang=`, else the one that the browser prefers (`Accept-Language`, RFC 9110, section
//! 12.5.4), else English. There is no cookie: links of a page in a chosen language lead to pages in the same one. Beside the languages
//! stands `qps-ploc`, the pseudo-language that marks every sentence, so that a test finds what was written outside the catalogues.

mod catalogue;
mod negotiation;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(super) use catalogue::Argument;
use catalogue::Catalogue;
pub(super) use negotiation::{Asked, asked};

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
    French,
    Spanish,
    /// In simplified characters.
    Chinese,
    Japanese,
    Arabic,
    /// English with every sentence marked.
    Pseudo,
}

impl Language {
    /// Every language, in the order in which pages offer them.
    pub(super) const ALL: [Self; 8] =
        [Self::English, Self::German, Self::French, Self::Spanish, Self::Chinese, Self::Japanese, Self::Arabic, Self::Pseudo];

    /// Its tag (BCP 47).
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Chinese => "zh",
            Self::Japanese => "ja",
            Self::Arabic => "ar",
            Self::Pseudo => "qps-ploc",
        }
    }

    /// The direction it is written in, as the attribute `dir` has it.
    pub(super) fn direction(self) -> &'static str {
        if self == Self::Arabic { "rtl" } else { "ltr" }
    }

    /// Its name in itself; `None` for what is no language of people.
    pub(super) fn own_name(self) -> Option<&'static str> {
        match self {
            Self::English => Some("English"),
            Self::German => Some("Deutsch"),
            Self::French => Some("Français"),
            Self::Spanish => Some("Español"),
            Self::Chinese => Some("中文"),
            Self::Japanese => Some("日本語"),
            Self::Arabic => Some("العربية"),
            Self::Pseudo => None,
        }
    }

    /// The language of this tag, whatever its region: `de-AT` is German.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let exact = Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag));
        let primary = tag.split('-').next().unwrap_or_default();
        let people = || Self::ALL.into_iter().filter(|language| language.own_name().is_some());
        exact.or_else(|| people().find(|language| language.tag().eq_ignore_ascii_case(primary)))
    }
}

/// A sentence, mostly as it stands in its catalogue.
pub(super) type Sentence = Cow<'static, str>;

/// Says sentences in one language. What a catalogue lacks is said in English.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speech(Language);

impl Speech {
    /// In this language.
    pub(super) fn in_language(language: Language) -> Self {
        Self(language)
    }

    /// Which language it is.
    pub(super) fn language(self) -> Language {
        self.0
    }

    /// A sentence.
    pub(super) fn say(self, name: &str) -> Sentence {
        match self.0 {
            Language::Pseudo => marked(&Catalogue::of(Language::English).say_plain(name)).into(),
            language => Catalogue::of(language).say_plain(name),
        }
    }

    /// A sentence with one thing in it.
    pub(super) fn say_of(self, name: &str, what: &'static str, value: impl Argument) -> String {
        self.say_with(name, &[(what, &value)])
    }

    /// A sentence with two things in it.
    pub(super) fn say_of_two(
        self,
        name: &str,
        first: &'static str,
        value: impl Argument,
        second: &'static str,
        other: impl Argument,
    ) -> String {
        self.say_with(name, &[(first, &value), (second, &other)])
    }

    /// The words for a code, such as `consent` among the reasons.
    pub(super) fn code(self, set: &str, code: &str) -> Sentence {
        let mut name = String::with_capacity(64);
        name.extend([set, "-", code]);
        self.say(&name)
    }

    /// A sentence with things in it.
    pub(super) fn say_with(self, name: &str, arguments: &[(&'static str, &dyn Argument)]) -> String {
        match self.0 {
            Language::Pseudo => marked(&Catalogue::of(Language::English).say(name, arguments)),
            language => Catalogue::of(language).say(name, arguments),
        }
    }
}

/// A sentence of the pseudo-language.
fn marked(sentence: &str) -> String {
    format!("\u{27e6}{sentence}\u{27e7}")
}
