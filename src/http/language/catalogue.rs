//! The catalogues, which are part of the program.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::Language;

/// What can be put into a sentence.
pub(in crate::http) trait Argument {
    /// As Fluent has it: numbers choose the right plural.
    fn value(&self) -> FluentValue<'_>;
}

impl Argument for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Argument for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(&**self)
    }
}

impl Argument for u64 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Argument for usize {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

/// The sentences of one language.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Sentences into which nothing is put, which are most of a page.
    plain: HashMap<String, String>,
}

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::English));
static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::German));
static FRENCH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::French));
static SPANISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::Spanish));
static CHINESE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::Chinese));
static JAPANESE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::Japanese));
static ARABIC: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::Arabic));

/// What stands in the catalogue of a language; the pseudo-language has that of English.
pub(super) fn source(language: Language) -> &'static str {
    match language {
        Language::English | Language::Pseudo => include_str!("catalogues/en.ftl"),
        Language::German => include_str!("catalogues/de.ftl"),
        Language::French => include_str!("catalogues/fr.ftl"),
        Language::Spanish => include_str!("catalogues/es.ftl"),
        Language::Chinese => include_str!("catalogues/zh.ftl"),
        Language::Japanese => include_str!("catalogues/ja.ftl"),
        Language::Arabic => include_str!("catalogues/ar.ftl"),
    }
}

impl Catalogue {
    /// The catalogue of a language, read when it is first asked for.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English | Language::Pseudo => &ENGLISH,
            Language::German => &GERMAN,
            Language::French => &FRENCH,
            Language::Spanish => &SPANISH,
            Language::Chinese => &CHINESE,
            Language::Japanese => &JAPANESE,
            Language::Arabic => &ARABIC,
        }
    }

    /// Reads a catalogue. What is wrong with one is found by the tests, since all of them are part of the program; a server leaves out
    /// what cannot be read and says it in English.
    fn read(language: Language) -> Self {
        let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        let resource = FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(part, faults)| {
            tracing::error!(language = language.tag(), ?faults, "a catalogue is faulty");
            part
        });
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(language = language.tag(), ?faults, "a catalogue says something twice");
        }
        let plain = plain(&bundle, source(language));
        Self { bundle, plain }
    }

    /// A sentence into which nothing is put, in English where this language lacks it.
    pub(super) fn say_plain(&self, name: &str) -> Cow<'_, str> {
        match self.plain.get(name) {
            Some(sentence) => Cow::Borrowed(sentence),
            None => Cow::Owned(self.say(name, &[])),
        }
    }

    /// A sentence, in English where this language lacks it.
    pub(super) fn say(&self, name: &str, arguments: &[(&'static str, &dyn Argument)]) -> String {
        let arguments: FluentArgs = arguments.iter().map(|(name, argument)| (*name, argument.value())).collect();
        self.format(name, &arguments).or_else(|| ENGLISH.format(name, &arguments)).unwrap_or_else(|| name.to_owned())
    }

    fn format(&self, name: &str, arguments: &FluentArgs) -> Option<String> {
        let (text, faults) = self.filled_in(name, arguments)?;
        if !faults.is_empty() {
            tracing::error!(sentence = name, ?faults, "a sentence could not be filled in");
        }
        Some(text)
    }

    /// What of these things could not be put into a sentence.
    #[cfg(test)]
    pub(super) fn faults(&self, name: &str, arguments: &[(&'static str, &dyn Argument)]) -> Vec<FluentError> {
        let arguments = arguments.iter().map(|(name, argument)| (*name, argument.value())).collect();
        self.filled_in(name, &arguments).map(|(_, faults)| faults).expect("a sentence")
    }

    /// A sentence, and what could not be put into it.
    fn filled_in(&self, name: &str, arguments: &FluentArgs) -> Option<(String, Vec<FluentError>)> {
        filled_in(&self.bundle, name, arguments)
    }
}

fn filled_in(bundle: &FluentBundle<FluentResource>, name: &str, arguments: &FluentArgs) -> Option<(String, Vec<FluentError>)> {
    let pattern = bundle.get_message(name)?.value()?;
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(arguments), &mut faults).into_owned();
    Some((text, faults))
}

/// The sentences of a catalogue that are whole without anything put into them.
fn plain(bundle: &FluentBundle<FluentResource>, source: &str) -> HashMap<String, String> {
    let names = source.lines().filter_map(|line| line.split_once(" =")).map(|(name, _)| name);
    let whole = |name: &str| {
        let (text, faults) = filled_in(bundle, name, &FluentArgs::new())?;
        faults.is_empty().then(|| (name.to_owned(), text))
    };
    names.filter_map(whole).collect()
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Catalogue").field(&self.bundle.locales).finish()
    }
}
