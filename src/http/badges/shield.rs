//! A badge, drawn: two words in boxes, with a title for those who do not see it.

use askama::Template;

use crate::http::language::{Language, Sentence};
use crate::http::pages::Sign;
use crate::verdict::{Part, Verdict};

/// Do not use it.
pub(super) const STOP: &str = "#a80f1d";
const CAUTION: &str = "#8a5a00";
const NOTE: &str = "#0b4f9e";
/// Nothing is known: grey.
const NOTHING: &str = "#5a5a5a";

/// How wide a letter is on average at 11 pixels, and free space around a word, in tenths of a pixel.
const LETTER: usize = 68;
const WIDE_LETTER: usize = 110;
const AROUND: usize = 120;

/// A badge.
#[derive(Template)]
#[template(path = "shield.svg", escape = "html", config = "src/http/pages/askama.toml")]
pub(super) struct Shield {
    tag: &'static str,
    label: &'static str,
    message: Sentence,
    colour: &'static str,
    /// Where the message begins, and how wide all of it is, in pixels.
    left: usize,
    width: usize,
}

impl Shield {
    /// A badge with these words.
    pub(super) fn new(language: Language, label: &'static str, message: Sentence, colour: &'static str) -> Self {
        let left = width_of(label);
        Self { tag: language.tag(), width: left + width_of(&message), label, message, colour, left }
    }

    /// The middle of the label.
    fn label_middle(&self) -> usize {
        self.left / 2
    }

    /// The middle of the message.
    fn message_middle(&self) -> usize {
        usize::midpoint(self.left, self.width)
    }

    /// How wide the box of the message is.
    fn message_width(&self) -> usize {
        self.width - self.left
    }
}

/// Enough room for a word, in pixels: the drawing cannot measure the font that will be there.
fn width_of(text: &str) -> usize {
    let letters: usize = text.chars().map(|letter| if letter.is_ascii() { LETTER } else { WIDE_LETTER }).sum();
    (letters + AROUND).div_ceil(10)
}

/// The colour that agrees with a verdict. All have enough contrast with white (WCAG 2.2, 1.4.3).
pub(super) fn colour(verdict: Verdict, part: Option<Part>) -> &'static str {
    match Sign::of(verdict, part) {
        Sign::Stop => STOP,
        Sign::Caution => CAUTION,
        Sign::Note => NOTE,
        Sign::Nothing => NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of an sRGB colour (WCAG 2.2, "relative luminance").
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("hex")) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn every_colour_can_be_read_under_white_letters_and_none_is_green() {
        for verdict in Verdict::ALL {
            let colour = colour(*verdict, None);
            assert!(1.05 / (luminance(colour) + 0.05) >= 4.5, "{verdict}: {colour}");
            let channel = |at: usize| u8::from_str_radix(&colour[at..at + 2], 16).expect("hex");
            assert!(channel(3) <= channel(1).max(channel(5)), "{verdict}: {colour} is green");
        }
        assert_eq!(colour(Verdict::NoNotice, None), NOTHING);
    }

    #[test]
    fn words_stand_in_the_middle_of_their_boxes_and_markup_stays_text() {
        let shield = Shield::new(Language::English, "palinode", "<b>&\"".into(), STOP);
        assert!(shield.label_middle() < shield.left && shield.message_middle() > shield.left);
        assert_eq!(shield.left + shield.message_width(), shield.width);
        let svg = shield.render().expect("drawn");
        assert!(!svg.contains("<b>") && svg.contains("role=\"img\""), "{svg}");
    }
}
