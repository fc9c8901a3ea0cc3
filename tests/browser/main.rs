//! What people see: every page of `palinode demo` in a real Chromium.
//!
//! | file | what is looked at |
//! |---|---|
//! | `pages.rs` | the table of all pages, which is compared with the server's own list |
//! | `screenshots.rs` | pictures of every page, written to `target/screenshots` for people to look at |
//! | `accessibility.rs` | WCAG 2.2 AA by axe-core, by day and night, in both directions, at 320 px and wide; headings, titles |
//! | `keyboard.rs` | everything is reached with the keyboard, in order, and seen |
//! | `paper.rs` | what is printed |
//! | `journeys.rs` | what people come for, from the first page to the end, with counted clicks |
//! | `dropping.rs` | files that are looked up without being sent: what is said of each, and what leaves the browser |
//! | `badges.rs` | badges in every state, by themselves and in the page of somebody else |
//! | `policy.rs` | no request to others, no cookie, no script, nothing that the first paint waits for |
//! | `hostile` | more than 300 texts that would like to do something, in every field; nothing happens |
//! | `controls.rs` | that all this would be noticed |
//!
//! Needs Debian's `chromium` and `chromium-driver`, and axe-core, which `.ci/run` fetches into `target/axe` (`PALINODE_AXE` names
//! another file). Without them it says SKIPPED, and fails with `PALINODE_REQUIRE_TOOLS` set. Everything happens in one browser, one
//! test after the other; `cargo test --test browser -- keyboard` runs those with that word in their names.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "what a test cannot do fails it, and it says what it does"
)]

mod accessibility;
mod badges;
#[expect(unreachable_pub, clippy::format_push_string, reason = "every target uses a part of it")]
#[path = "../support/client.rs"]
mod client;
mod controls;
mod demo;
mod driver;
mod dropping;
mod hostile;
mod journeys;
mod keyboard;
mod pages;
mod paper;
mod policy;
mod screenshots;
#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/server_process.rs"]
mod server_process;
#[expect(dead_code, reason = "every target uses a part of it")]
#[path = "../support/speaker.rs"]
mod speaker;
#[expect(dead_code, unreachable_pub, reason = "every target uses a part of it")]
#[path = "../support/speakers.rs"]
mod speakers;
mod stage;
mod tab;
mod tools;
#[path = "../support/waiting.rs"]
mod waiting;

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Trial};
use stage::Stage;
use tools::{Tools, tools_are_required};

/// The stage, set when the first test needs it; `None` where a tool is missing, which is told.
type Shared = Arc<OnceLock<Option<Stage>>>;

macro_rules! trials {
    ($stage:expr, $($room:ident :: $test:ident),* $(,)?) => {
        vec![$(trial(stringify!($test), &$stage, $room::$test)),*]
    };
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let shared = Shared::default();
    let mut trials = trials![
        shared,
        controls::the_browser_looks_as_it_is_told_to,
        controls::the_tests_see_everything_that_a_page_could_do_wrong,
        controls::the_tests_see_a_dialog,
        screenshots::pictures_of_every_page_are_written,
        accessibility::every_page_meets_wcag_2_2_aa_in_every_look,
        accessibility::no_page_scrolls_sideways_at_320_pixels,
        accessibility::every_page_says_what_it_is_before_it_is_read,
        accessibility::every_page_names_its_language_and_every_link_field_and_picture_has_a_name,
        keyboard::the_keyboard_reaches_everything_in_order_and_shows_where_it_is,
        keyboard::the_first_stop_of_every_page_leads_past_the_head,
        paper::every_page_can_be_printed_whole,
        paper::a_printed_notice_shows_its_full_hashes_and_where_its_links_lead,
        journeys::a_torrent_is_found_in_three_spellings_with_why_and_what_to_do,
        journeys::a_derivative_is_followed_to_what_it_was_made_from_and_back,
        journeys::the_proof_of_a_notice_is_seen_and_holds,
        journeys::the_language_is_switched_and_stays,
        journeys::an_answer_is_printed,
        journeys::a_feed_of_one_dataset_is_subscribed_to,
        journeys::somebody_new_copies_the_removal_command_with_two_clicks,
        dropping::files_are_looked_up_and_only_the_first_digits_leave_the_browser,
        dropping::a_file_that_is_chosen_with_the_keyboard_is_announced,
        dropping::without_scripts_or_digests_the_commands_remain,
        dropping::what_a_server_does_not_answer_is_said,
        journeys::what_was_removed_says_when_and_on_what_ground_and_the_notice_stands,
        badges::badges_say_every_verdict_in_words_and_none_is_green,
        badges::a_badge_is_shown_in_the_page_of_somebody_else,
        policy::pages_ask_nobody_else_and_set_no_cookie,
        policy::pages_carry_a_strict_policy_and_hold_no_script_of_their_own,
        hostile::three_hundred_hostile_texts_do_nothing_anywhere,
        policy::only_the_embedded_page_may_be_framed,
        policy::the_first_paint_waits_for_the_page_and_its_style_only,
    ];
    trials.push(Trial::test("the_table_of_pages_is_what_the_server_serves", || {
        pages::the_table_of_pages_is_what_the_server_serves();
        Ok(())
    }));
    // All tests share one browser, which does one thing after the other.
    let arguments = Arguments { test_threads: Some(1), ..arguments };
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The browser and the demo end here, whatever the tests came to.
    drop(shared);
    conclusion.exit_code()
}

fn trial(name: &str, shared: &Shared, test: fn(&Stage)) -> Trial {
    let shared = shared.clone();
    Trial::test(name, move || {
        if let Some(stage) = shared.get_or_init(set) {
            test(stage);
        }
        Ok(())
    })
}

fn set() -> Option<Stage> {
    match Tools::find() {
        Ok(tools) => Some(Stage::set(tools)),
        Err(missing) => {
            assert!(!tools_are_required(), "PALINODE_REQUIRE_TOOLS is set, but {missing}");
            eprintln!("SKIPPED: {missing}; no page was looked at");
            None
        }
    }
}
